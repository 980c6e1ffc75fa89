// An answer in words, for the page of all answers and for what cannot be changed.
import { valueOf } from "./ask";
import type { Control } from "./engine";
import { chosenLabels } from "./widgets/select";

export function answerText(node: Control, language: string): string {
  const value = valueOf(node);
  if (value === "") return "";
  switch (node.nodeType) {
    case "select":
      return chosenLabels(node);
    case "rank":
      return node.currentState.value.map((one, index) => `${index + 1}. ${node.getValueLabel(one)?.asString ?? one}`).join(" · ");
    case "trigger":
      return node.currentState.value ? "✓" : "";
    case "upload":
      return node.currentState.value?.name ?? value;
    default:
      return simple(node, value, language);
  }
}

function simple(node: Control, value: string, language: string): string {
  const appearances = (node as unknown as { appearances: Iterable<string> | null }).appearances;
  if (appearances && [...appearances].includes("masked")) return "••••";
  switch ((node as { valueType?: string }).valueType) {
    case "date":
      return dated(`${value.slice(0, 10)}T00:00:00Z`, language, { dateStyle: "full", timeZone: "UTC" }) ?? value;
    case "dateTime":
      return dated(value, language, { dateStyle: "medium", timeStyle: "short" }) ?? value;
    case "time":
      return value.slice(0, 5);
    case "decimal":
    case "int":
      return value;
    case "geopoint":
      return coarse(value);
    case "geotrace":
    case "geoshape":
      return `${value.split(";").filter((one) => one.trim()).length} ×`;
    default:
      return value;
  }
}

function dated(text: string, language: string, style: Intl.DateTimeFormatOptions): string | null {
  const date = new Date(text);
  return Number.isNaN(date.getTime()) ? null : new Intl.DateTimeFormat(language, style).format(date);
}

const coarse = (value: string): string => value.split(/\s+/).slice(0, 2).map((one) => Number(one).toFixed(2)).join(", ");
