// Today: what needs the worker now, rounds, places by their code names.
import { app, go, type App } from "../app";
import { button, field, h, notice } from "../elements";
import { day, languageName, t, when } from "../language";
import type { PlaceNote, StopNote } from "../notebook";
import { fill } from "../filling";
import { recipient } from "../drafts";
import { connectWith, tokenIn } from "./gate";
import { opened } from "../app";
import * as vault from "../vault";
import { timerCard } from "./safe";

const SHOWN = 8;
let drawn = 0; // one place can stand on the page twice, as a stop and in the list

export function today({ notebook }: App): HTMLElement[] {
  if (!notebook) return [];
  if (!notebook.connection) return [heading(t("navToday")), connectCard()];
  const places = notebook.today?.places ?? [];
  return [
    heading(t("navToday")),
    ...watching(),
    ...(notebook.checkIn ? [timerCard()] : []),
    contactLine(),
    h("section", {}, h("h2", {}, t("rounds")), ...rounds()),
    h(
      "section",
      {},
      h("h2", {}, t("places")),
      places.length ? h("ul", { class: "f-list" }, longestUnvisited(places).slice(0, SHOWN).map((place) => placeItem(place))) : h("p", {}, t("noPlaces")),
      places.length > SHOWN ? button(t("allPlaces"), () => go("places"), "secondary") : null,
    ),
  ];
}

export const heading = (text: string) => h("h1", { tabindex: -1 }, text);

function connectCard(): HTMLElement {
  const link = h("input", { class: "f-input", name: "link", type: "text", autocomplete: "off", dir: "ltr" });
  const problem = h("div", {});
  return h(
    "form",
    {
      class: "f-stack",
      onsubmit: async (event) => {
        event.preventDefault();
        const token = tokenIn(link.value);
        if (!token || !app.open) return problem.replaceChildren(notice("error", h("p", {}, t("linkWrong"))));
        await connectWith(app.open, token);
        await opened(app.open, await vault.current(app.open));
      },
    },
    notice("info", h("p", {}, t("notConnectedText"))),
    field(t("link"), link),
    problem,
    button(t("connect"), () => undefined, "primary", { type: "submit" }),
  );
}

export function contactLine(): HTMLElement {
  const { last, notebook } = app;
  const at = notebook?.connection?.lastContact;
  const said = at ? t("lastContact", { when: when(at) }) : t("neverContact");
  if (last === "asking") return h("p", { class: "f-contact", role: "status" }, t("connecting"));
  if (last === "away") return notice("info", h("p", {}, t("away")), h("p", { class: "f-small" }, said));
  if (last === "unknown") return notice("warning", h("p", {}, t("unknownPhone")), connectCard());
  return h("p", { class: "f-contact" }, said);
}

function watching(): HTMLElement[] {
  return (app.notebook?.today?.watching ?? []).map((one) => {
    const due = new Date(one.due).getTime();
    const late = one.overdue || due < Date.now();
    const sentence = t(late ? "watchingLate" : "watchingDue", { name: one.name, when: when(due) });
    return notice(
      late ? "lamp" : "info",
      h("p", { class: "f-strong" }, sentence),
      one.place ? h("p", {}, t("watchingPlace", { place: one.place })) : null,
      late ? h("p", {}, t("callNow")) : null,
    );
  });
}

function rounds(): HTMLElement[] {
  // What was fetched days ago may hold rounds that are over: they are left out by the phone's own day.
  const today = dayOf(new Date());
  const coming = (app.notebook?.today?.rounds ?? []).filter((round) => round.day >= today);
  if (!coming.length) return [h("p", { class: "f-muted" }, t("noRounds"))];
  return coming.map((round) =>
    h(
      "article",
      { class: "f-card" },
      h("h3", {}, round.title),
      h("p", { class: "f-muted" }, round.done ? `${round.when} · ${t("roundDone")}` : round.when),
      round.languages.length ? h("p", { class: "f-muted" }, t("roundLanguages", { languages: round.languages.map(languageName).join(", ") })) : null,
      h("ol", { class: "f-list" }, round.stops.map(stopItem)),
    ),
  );
}

const dayOf = (date: Date) => [date.getFullYear(), date.getMonth() + 1, date.getDate()].map((part) => String(part).padStart(2, "0")).join("-");

function stopItem(stop: StopNote, index: number): HTMLElement {
  const shown = { ...stop, name: `${index + 1} · ${stop.name} (${stop.code})`, kind: `${stop.kind} · ${stop.area}` };
  return placeItem(shown, stop.reached ? h("span", { class: "f-strong" }, `✓ ${t("visited")}`) : undefined);
}

const longestUnvisited = (places: PlaceNote[]) =>
  [...places].sort((a, b) => (a.last_visit ?? "").localeCompare(b.last_visit ?? "") || a.name.localeCompare(b.name));

// The form of a visit with this place already chosen; nothing where the phone has no such form yet.
function visitButton(place: PlaceNote, id: string): HTMLElement | null {
  const notebook = app.notebook;
  const visits = notebook?.today?.visits;
  const form = visits && notebook.forms.find((one) => one.current && one.formId === visits.form);
  if (!form || !recipient(notebook, form)) return null;
  const record = () => void fill(form, undefined, { [visits.question]: place.code });
  return button(t("recordVisit"), record, "secondary", { "aria-describedby": id });
}

function placeItem(place: PlaceNote, beside?: HTMLElement): HTMLElement {
  const id = `place-${(drawn += 1)}`;
  const said = place.last_visit ? t("lastVisit", { day: day(place.last_visit) }) : t("neverVisited");
  return h(
    "li",
    { class: "f-row" },
    h(
      "div",
      {},
      h("span", { class: "f-strong", id }, place.name),
      h("span", { class: "f-muted" }, `${place.kind} · ${said}`),
      place.languages.length ? h("span", { class: "f-muted" }, t("spoken", { languages: place.languages.map(languageName).join(", ") })) : null,
    ),
    beside ?? visitButton(place, id),
  );
}

export function places({ notebook }: App): HTMLElement[] {
  const all = notebook?.today?.places ?? [];
  const list = h("ul", { class: "f-list" });
  const show = (wanted: string) => {
    const letters = wanted.trim().toLowerCase();
    list.replaceChildren(...all.filter((place) => !letters || `${place.name} ${place.code}`.toLowerCase().includes(letters)).map((place) => placeItem(place)));
  };
  const search = h("input", { class: "f-input", type: "search", autocomplete: "off" });
  search.addEventListener("input", () => show(search.value));
  show("");
  return [heading(t("allPlaces")), field(t("findPlace"), search), h("p", { class: "f-muted" }, t("placesCount", { count: all.length })), list, button(t("back"), () => go("today"), "secondary")];
}
