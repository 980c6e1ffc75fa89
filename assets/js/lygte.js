// The script of staff pages. Every page works without it; with it, work goes quicker.
import htmx from "htmx.org/dist/htmx.esm.js";
import { ErrorSummary } from "govuk-frontend/dist/govuk/components/error-summary/error-summary.mjs";
import { startCommon } from "./common.js";
import { startCopying } from "./copy.js";
import { startKeyboard } from "./keyboard.js";
import { startTables } from "./tables.js";
import { startExit } from "./exit.js";

// Strict content security policy: nothing inline, nothing evaluated, nothing from elsewhere.
Object.assign(htmx.config, {
  includeIndicatorStyles: false,
  allowEval: false,
  allowScriptTags: false,
  selfRequestsOnly: true,
  historyCacheSize: 0, // pages may hold what someone told us: they are not kept in the browser's storage
  refreshOnHistoryMiss: true,
  scrollBehavior: "auto",
});
window.htmx = htmx;

// A changing request carries the token that Django asks for; the layout puts it on <body>.
document.body.addEventListener("htmx:configRequest", (event) => {
  const token = document.body.dataset.csrf;
  if (token && event.detail.verb !== "get") event.detail.headers["X-CSRFToken"] = token;
});

function startParts(root) {
  startCopying(root);
  startTables(root);
  for (const summary of root.querySelectorAll('[data-module="govuk-error-summary"]')) new ErrorSummary(summary);
}

startCommon();
startExit();
startKeyboard();
startParts(document);
htmx.onLoad((part) => {
  if (part !== document.body) startParts(part);
});
