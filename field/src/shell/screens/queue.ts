// The outbox: what waits, how big it is, what was sent, when the server last answered.
import { syncNow, type App } from "../app";
import { button, h, notice } from "../elements";
import { size, t, when } from "../language";
import type { Sealed } from "../notebook";
import { storageCard } from "./more";
import { contactLine, heading } from "./today";

export function queue({ notebook, persistent }: App): HTMLElement[] {
  if (!notebook) return [];
  const left = notebook.sealed.filter((one) => !one.sent);
  const sum = left.reduce((bytes, one) => bytes + one.size, 0);
  return [
    heading(t("queue")),
    left.length
      ? notice("warning", h("p", { class: "f-strong", id: "waiting" }, t("queueWaiting", { count: left.length, size: size(sum) })))
      : notice("success", h("p", { class: "f-strong", id: "waiting" }, t("queueEmpty"))),
    ...(notebook.connection ? [contactLine()] : []),
    button(t("sendNow"), () => syncNow(true), "primary", { id: "send" }),
    h("p", { class: "f-muted" }, t("queueHint")),
    left.some((one) => one.refused) ? notice("error", h("p", {}, t("refusedHint"))) : h("span", {}),
    h("ul", { class: "f-list", "data-queue": "" }, notebook.sealed.map(item)),
    ...(left.length && persistent === false ? [storageCard()] : []),
  ];
}

function item(one: Sealed): HTMLElement {
  const state = one.sent ? t("stateSent") : one.refused ? t("stateRefused", { number: one.refused }) : t("stateWaiting");
  const tone = one.sent ? "green" : one.refused ? "red" : "amber";
  return h(
    "li",
    { class: "f-row" },
    h(
      "div",
      {},
      h("span", { class: "f-strong" }, one.title),
      h("span", { class: "f-muted" }, `${one.sent ? t("sentAt", { when: when(one.sent) }) : t("sealedAt", { when: when(one.sealed) })} · ${size(one.size)}`),
    ),
    h("span", { class: `f-tag f-tag--${tone}` }, state),
  );
}
