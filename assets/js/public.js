// The script of public pages: "Leave this page", and errors that take the focus. Pages work without it.
import { ErrorSummary } from "govuk-frontend/dist/govuk/components/error-summary/error-summary.mjs";
import { startExit } from "./exit.js";
import { startCommon } from "./common.js";

startCommon();
startExit();
for (const root of document.querySelectorAll('[data-module="govuk-error-summary"]')) new ErrorSummary(root);
