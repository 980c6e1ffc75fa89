// In which language the app speaks, and how it writes days and sizes in it.
import { ar } from "./words/ar";
import { da } from "./words/da";
import { en, type Words } from "./words/en";
import { nl } from "./words/nl";

export const LANGUAGES = { en: "English", da: "Dansk", nl: "Nederlands", ar: "العربية" } as const;
export type Language = keyof typeof LANGUAGES;
const ALL: Record<Language, Words> = { en, da, nl, ar };

export function language(): Language {
  const chosen = localStorage.getItem("language") ?? navigator.language.slice(0, 2);
  return chosen in LANGUAGES ? (chosen as Language) : "en";
}

export function choose(one: Language): void {
  localStorage.setItem("language", one);
  show();
}

export function show(): void {
  document.documentElement.lang = language();
  document.documentElement.dir = language() === "ar" ? "rtl" : "ltr";
}

// The sentence of this name, with what stands in {braces} filled in.
export function t(name: keyof Words, values: Record<string, string | number> = {}): string {
  return ALL[language()][name].replace(/\{(\w+)\}/g, (whole, key: string) => String(values[key] ?? whole));
}

const tag = () => ({ en: "en-GB", da: "da-DK", nl: "nl-NL", ar: "ar-u-nu-latn" })[language()];

export function when(moment: number): string {
  const day = new Date(moment);
  const sameDay = day.toDateString() === new Date().toDateString();
  return new Intl.DateTimeFormat(tag(), sameDay ? { timeStyle: "short" } : { dateStyle: "medium", timeStyle: "short" }).format(day);
}

export function day(iso: string): string {
  return new Intl.DateTimeFormat(tag(), { dateStyle: "medium" }).format(new Date(iso));
}

export function size(bytes: number): string {
  const kilo = Math.max(1, Math.round(bytes / 1024));
  const unit = kilo >= 1024 ? { value: kilo / 1024, unit: "megabyte" } : { value: kilo, unit: "kilobyte" };
  return new Intl.NumberFormat(tag(), { style: "unit", unit: unit.unit, maximumFractionDigits: 1 }).format(unit.value);
}

const names = () => new Intl.DisplayNames(tag(), { type: "language" });
export function languageName(code: string): string {
  try {
    return names().of(code) ?? code;
  } catch {
    return code;
  }
}
