// Choosing: big rows to tap. A long list is searched; ten thousand rows are never drawn at once.
import type { SelectNode, TextRange } from "@getodk/xforms-engine";
import { appearances, violates, type Ask, type Widget } from "../ask";
import { button, fill, h } from "../dom";
import { mediaOf } from "../media";
import { rich } from "../rich";

const SHORT = 8; // up to here everything is shown, whatever the form wishes: it saves a tap
const LONG = 25; // from here on there is a search
const DRAWN = 40;

export function selectWidget(ask: Ask<SelectNode>): Widget {
  const { node, say } = ask;
  const wanted = appearances(node);
  const isOne = node.selectType === "select1";
  const name = ask.inputId;
  const rows = h("div.q-options", {});
  const told = h("p.q-aside", { role: "status" });
  const search = h<HTMLInputElement>("input.q-input", {
    type: "search", autocomplete: "off", dir: "auto", placeholder: say("search"), "aria-label": say("searchIn", { label: ask.label() }),
  });
  const chosen = h("div.q-chosen", {});
  const clear = button("q-quiet", say("clear"), () => {
    node.selectValues([]);
    draw();
    focus();
  });
  let drawn = "";

  const options = () => node.currentState.valueOptions;
  const isSearched = (): boolean =>
    options().length > LONG || (options().length > SHORT && (wanted.has("autocomplete") || wanted.has("minimal")));
  const choose = (value: string, on: boolean): void => {
    if (isOne) node.selectValue(value);
    else node.selectValues(on ? [...node.currentState.value, value] : node.currentState.value.filter((one) => one !== value));
    mark();
    if (isOne && search.value) {
      search.value = "";
      draw();
    }
    if (isOne && (wanted.has("quick") || wanted.has("quickcompact")) && !violates(node)) ask.onward();
  };

  const matching = () => {
    const words = plain(search.value).split(/\s+/).filter(Boolean);
    if (!isSearched() || !words.length) return options();
    return options().filter(({ label, value }) => {
      const text = `${plain(label.asString)} ${plain(value)}`;
      return words.every((word) => text.includes(word));
    });
  };
  const draw = (): void => {
    const fit = matching();
    const searched = isSearched();
    // What is chosen stays in sight, wherever it stands in a long list.
    const first = fit.slice(0, DRAWN);
    const kept = searched ? options().filter(({ value }) => node.isSelected(value) && !first.some((one) => one.value === value)) : [];
    drawn = stamp();
    fill(rows, ...[...kept, ...first].map((option) => row(option.value, option.label)));
    search.hidden = !searched;
    if (!options().length) told.textContent = say("noChoices");
    else if (!searched) told.textContent = "";
    else if (!fit.length) told.textContent = say("noneFound");
    else told.textContent = fit.length > DRAWN ? say("found", { n: DRAWN, of: fit.length }) : search.value ? say("foundAll", { n: fit.length }) : "";
    mark();
  };
  const row = (value: string, label: TextRange<"item-label">): HTMLElement => {
    const input = h<HTMLInputElement>("input", { type: isOne ? "radio" : "checkbox", name, value });
    input.addEventListener("change", () => choose(value, input.checked));
    const { picture, sound } = mediaOf(label, ask.engine, say);
    const text = wanted.has("list-nolabel") ? rich(label as never) : rich(label as never);
    return h("div.q-option", {}, h("label", {}, input, picture, h("span.q-option-text", { dir: "auto" }, ...text)), sound);
  };
  const mark = (): void => {
    for (const input of rows.querySelectorAll("input")) input.checked = node.isSelected(input.value);
    clear.hidden = !isOne || node.currentState.required || node.currentState.value.length === 0;
    fill(chosen, ...(isSearched() && node.currentState.value.length ? [say("chosen", { what: chosenLabels(node) })] : []));
  };
  const stamp = (): string => {
    const list = options();
    return `${list.length}|${list[0]?.label.asString}|${list.slice(0, 400).map(({ value }) => value).join(" ")}`;
  };
  const focus = (): void => (search.hidden ? (rows.querySelector("input") as HTMLInputElement | null) : search)?.focus();

  search.addEventListener("input", draw);
  search.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault();
    const only = matching();
    if (event.key === "Enter" && search.value && only.length) choose(only[0]!.value, true);
  });
  draw();
  const said = sayings(wanted).map((key) => h("p.q-aside", {}, say(key)));
  const look = columnsOf(wanted, node.currentState.isSelectWithImages);
  if (look) rows.classList.add(look);
  return {
    element: h("div.q-select", {}, ...said, search, told, chosen, rows, clear),
    kind: "group",
    update: () => {
      if (drawn !== stamp()) draw();
      else mark();
    },
    focus,
  };
}

export const plain = (text: string): string => text.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "").replace(/ø/g, "o").replace(/æ/g, "ae").replace(/ł/g, "l").replace(/ß/g, "ss");

export const chosenLabels = (node: SelectNode): string =>
  node.currentState.value.map((value) => node.getValueOption(value)?.label.asString ?? value).join(", ");

// What a form asked for that cannot be had here is said.
function sayings(wanted: Set<string>): ("chooseMap" | "choosePicture")[] {
  if (wanted.has("map") || wanted.has("placement-map")) return ["chooseMap"];
  return wanted.has("image-map") ? ["choosePicture"] : [];
}

function columnsOf(wanted: Set<string>, pictures: boolean): string {
  if (wanted.has("likert")) return "q-likert";
  if (wanted.has("columns-pack") || wanted.has("horizontal") || wanted.has("horizontal-compact")) return "q-pack";
  if (pictures || wanted.has("columns") || wanted.has("compact") || wanted.has("quickcompact")) return "q-columns";
  return [...wanted].some((word) => /^(columns|compact|quickcompact)-\d+$/.test(word)) ? "q-columns" : "";
}
