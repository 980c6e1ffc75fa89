// Visiting alone: a timer that the server keeps. Whether the server knows of it is said in words, never guessed.
import { app, draw, refresh, syncNow, type App } from "../app";
import { newId } from "../drafts";
import { button, field, h, notice } from "../elements";
import { t, when } from "../language";
import * as vault from "../vault";
import { heading } from "./today";

const MINUTES = [15, 30, 45, 60, 90, 120, 180];

export function safe({ notebook }: App): HTMLElement[] {
  if (!notebook) return [];
  return [heading(t("safe")), ...(notebook.checkIn ? [timerCard()] : [startForm()]), h("p", { class: "f-muted" }, t("safeLimit"))];
}

function startForm(): HTMLElement {
  const notes = app.notebook?.today;
  if (!notes?.colleagues.length) return h("p", {}, t("noColleagues"));
  const select = (name: string, options: [string, string][]) =>
    h("select", { class: "f-input", name }, options.map(([value, label]) => h("option", { value }, label)));
  const colleague = select("colleague", notes.colleagues.map((one) => [one.ref, one.name]));
  const minutes = select("minutes", MINUTES.map((count) => [String(count), t("minutesOf", { count })]));
  minutes.value = "45";
  const place = select("place", [["", t("noPlace")], ...notes.places.map((one): [string, string] => [one.ref, one.name])]);
  return h(
    "form",
    {
      class: "f-stack",
      onsubmit: async (event) => {
        event.preventDefault();
        if (!app.open) return;
        const checkIn = {
          id: newId(),
          colleague: colleague.value,
          name: notes.colleagues.find((one) => one.ref === colleague.value)?.name ?? "",
          place: place.value,
          due: Date.now() + Number(minutes.value) * 60_000,
          known: false,
        };
        await vault.change(app.open, (now) => void (now.checkIn = checkIn));
        await refresh();
        void syncNow();
      },
    },
    h("p", {}, t("safeLead")),
    field(t("colleague"), colleague),
    field(t("minutes"), minutes),
    field(t("atPlace"), place),
    button(t("startTimer"), () => undefined, "primary", { type: "submit" }),
  );
}

export function timerCard(): HTMLElement {
  const checkIn = app.notebook?.checkIn;
  if (!checkIn) return h("div", {});
  if (checkIn.ended) return notice("warning", h("p", {}, t("safeNotKnown", { name: checkIn.name })));
  const late = checkIn.due < Date.now();
  return h(
    "section",
    { class: `f-card f-timer${late ? " f-timer--late" : ""}` },
    h("h2", {}, t(late ? "overdueSince" : "dueAt", { when: when(checkIn.due) })),
    checkIn.known
      ? notice(late ? "lamp" : "success", h("p", {}, t(late ? "timerLate" : "timerKnown", { name: checkIn.name })))
      : notice("error", h("p", {}, t("timerNotKnown", { name: checkIn.name }))),
    button(
      t("iAmSafe"),
      async () => {
        if (!app.open) return;
        await vault.change(app.open, (now) => {
          if (now.checkIn) now.checkIn.ended = Date.now();
        });
        await refresh();
        draw();
        void syncNow();
      },
      "primary",
      { id: "i-am-safe" },
    ),
  );
}
