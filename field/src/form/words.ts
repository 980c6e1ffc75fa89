// The form's own sentences in the language the worker or the person reads.
import { ar } from "../words/form.ar";
import { da } from "../words/form.da";
import { en, type FormWords } from "../words/form.en";
import { nl } from "../words/form.nl";

const WORDS: Record<string, FormWords> = { en, da, nl, ar };
const RIGHT_TO_LEFT = /^(ar|fa|he|iw|ur|ps|ckb|sd|ug|yi|dv|arc|syr|prs)\b/;

export type Say = (key: keyof FormWords, values?: Record<string, string | number>) => string;

export function wordsIn(code: string): Say {
  const words = WORDS[code] ?? WORDS[code.split("-")[0]!] ?? en;
  return (key, values = {}) => words[key].replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

export const speaks = (code: string): boolean => code in WORDS;
export const direction = (code: string): "rtl" | "ltr" => (RIGHT_TO_LEFT.test(code) ? "rtl" : "ltr");

// Names that writers of forms give a language without its code.
const NAMES: Record<string, string> = {
  english: "en", dansk: "da", danish: "da", nederlands: "nl", dutch: "nl", arabic: "ar", العربية: "ar", عربي: "ar",
  farsi: "fa", persian: "fa", dari: "prs", فارسی: "fa", hebrew: "he", עברית: "he", urdu: "ur", اردو: "ur", pashto: "ps",
  french: "fr", français: "fr", spanish: "es", español: "es",
};

// "Dansk (da)" → "da"; "" where nothing can be known.
export function codeOf(language: string): string {
  const coded = /\(([a-z]{2,3}(?:-[a-z0-9]+)*)\)\s*$/i.exec(language);
  if (coded) return coded[1]!.toLowerCase();
  const name = language.trim().toLowerCase();
  return NAMES[name] ?? (/^[a-z]{2,3}(-[a-z0-9]+)*$/.test(name) && name.length <= 6 ? name : "");
}
