// Days and times. The field of the phone takes them, typed or picked; what is half typed is said, not lost.
import type { AnyInputNode } from "@getodk/xforms-engine";
import { appearances, valueOf, type Ask, type Widget } from "../ask";
import { button, h } from "../dom";

type DateNode = Extract<AnyInputNode, { valueType: "date" | "time" | "dateTime" }>;

const two = (number: number): string => String(number).padStart(2, "0");
const dayOf = (date: Date): string => `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
const clockOf = (date: Date): string => `${two(date.getHours())}:${two(date.getMinutes())}`;
const CALENDARS: Record<string, string> = { ethiopian: "ethiopic", coptic: "coptic", islamic: "islamic-umalqura", persian: "persian" };
const UNKNOWN_CALENDARS = ["bikram-sambat", "myanmar", "buddhist"];

function offsetOn(day: string, clock: string): string {
  const minutes = -new Date(`${day || dayOf(new Date())}T${clock}`).getTimezoneOffset();
  return `${minutes < 0 ? "-" : "+"}${two(Math.floor(Math.abs(minutes) / 60))}:${two(Math.abs(minutes) % 60)}`;
}

export function dateWidget(ask: Ask<DateNode>): Widget {
  const wanted = appearances(ask.node);
  if (ask.node.valueType === "date" && (wanted.has("month-year") || wanted.has("year"))) return monthWidget(ask, wanted.has("year"));
  return fieldsWidget(ask, wanted);
}

function fieldsWidget(ask: Ask<DateNode>, wanted: Set<string>): Widget {
  const { node, say } = ask;
  const hasDay = node.valueType !== "time";
  const hasClock = node.valueType !== "date";
  const both = hasDay && hasClock;
  const field = (type: string, name: "date" | "time"): HTMLInputElement =>
    h<HTMLInputElement>("input.q-input", {
      type,
      id: both ? undefined : ask.inputId,
      max: type === "date" ? "9999-12-31" : undefined,
      "aria-label": both ? `${ask.label()}: ${say(name)}` : undefined,
      "aria-describedby": ask.describedBy,
      dir: "ltr",
    });
  const day = hasDay ? field("date", "date") : null;
  const clock = hasClock ? field("time", "time") : null;
  const other = h("p.q-aside", { "aria-live": "polite" });
  let problem: string | null = null;

  const show = (): void => {
    const value = valueOf(node);
    if (value === "" && problem) return;
    const [first, second] = both ? value.split("T") : hasDay ? [value.slice(0, 10), ""] : ["", value];
    if (day && day.value !== (first ?? "")) day.value = first ?? "";
    if (clock && clock.value !== (second ?? "").slice(0, 5)) clock.value = (second ?? "").slice(0, 5);
    describe();
  };
  const read = (): void => {
    const bad = Boolean(day?.validity.badInput || clock?.validity.badInput);
    const half = both && Boolean(day!.value) !== Boolean(clock!.value);
    problem = bad || half ? say("badDate") : null;
    node.setValue(problem ? "" : written());
    describe();
  };
  const written = (): string => {
    if (!day) return clock!.value && `${clock!.value}:00.000${offsetOn("", clock!.value)}`;
    if (!clock) return day.value;
    return day.value && clock.value && `${day.value}T${clock.value}:00.000${offsetOn(day.value, clock.value)}`;
  };
  const describe = (): void => {
    const calendar = Object.keys(CALENDARS).find((name) => wanted.has(name));
    if (UNKNOWN_CALENDARS.some((name) => wanted.has(name))) other.textContent = say("noCalendar");
    else if (calendar && day?.value) {
      const format = new Intl.DateTimeFormat(`${ask.language}-u-ca-${CALENDARS[calendar]}`, { dateStyle: "long", timeZone: "UTC" });
      other.textContent = say("otherCalendar", { date: format.format(new Date(`${day.value}T00:00:00Z`)) });
    } else other.textContent = "";
  };
  const quick = (label: string, when: () => Date): HTMLButtonElement =>
    button("q-chip", label, () => {
      if (day) day.value = dayOf(when());
      if (clock) clock.value = clockOf(when());
      read();
    });
  for (const one of [day, clock]) {
    one?.addEventListener("input", read);
    one?.addEventListener("blur", read);
  }
  const yesterday = (): Date => new Date(Date.now() - 86_400_000);
  const chips = both || !hasDay ? [quick(say("now"), () => new Date())] : [quick(say("today"), () => new Date()), quick(say("yesterday"), yesterday)];
  show();
  return {
    element: h("div.q-when", {}, h("div.q-row", {}, day, clock), h("div.q-chips", {}, ...chips), other),
    kind: both ? "group" : "input",
    update: show,
    problem: () => problem,
    focus: () => (day ?? clock)!.focus(),
  };
}

// A month of a year, or a year: kept as its first day, as other clients of such forms do.
function monthWidget(ask: Ask<DateNode>, onlyYear: boolean): Widget {
  const { node, say } = ask;
  const names = new Intl.DateTimeFormat(ask.language, { month: "long", timeZone: "UTC" });
  const months = [...Array(12).keys()].map((index) =>
    h<HTMLOptionElement>("option", { value: two(index + 1) }, names.format(new Date(Date.UTC(2024, index, 1)))),
  );
  const month = h<HTMLSelectElement>("select.q-input", { "aria-label": `${ask.label()}: ${say("month")}` }, h("option", { value: "" }, "—"), ...months);
  const year = h<HTMLInputElement>("input.q-input.q-year", {
    inputmode: "numeric", maxlength: 4, autocomplete: "off", dir: "ltr",
    "aria-label": `${ask.label()}: ${say("year")}`, "aria-describedby": ask.describedBy,
  });
  let problem: string | null = null;
  const read = (): void => {
    const empty = !year.value.trim() && (onlyYear || !month.value);
    const whole = /^\d{4}$/.test(year.value.trim()) && (onlyYear || month.value);
    problem = empty || whole ? null : say("badDate");
    node.setValue(whole ? `${year.value.trim()}-${onlyYear ? "01" : month.value}-01` : "");
  };
  const show = (): void => {
    const value = valueOf(node);
    if (!value) return;
    year.value = value.slice(0, 4);
    month.value = value.slice(5, 7);
  };
  month.addEventListener("change", read);
  year.addEventListener("input", read);
  show();
  return {
    element: h("div.q-row", {}, onlyYear ? null : month, year),
    kind: "group",
    update: show,
    problem: () => problem,
    focus: () => (onlyYear ? year : month).focus(),
  };
}
