// Lists of entries (repeats): add, open, remove; and take a removal back.
import type { AnyInputNode, RepeatInstanceNode } from "@getodk/xforms-engine";
import { isBlank, valueOf, violates } from "./ask";
import { answerText } from "./answers";
import { button, h } from "./dom";
import { controls, type Control, type Node, type RepeatRangeNode } from "./engine";
import type { Say } from "./words";

export interface ListActions {
  open(entry: RepeatInstanceNode): void;
  add(): void;
  remove(index: number): void;
}

export const listLabel = (range: RepeatRangeNode, say: Say): string => {
  const own = range.currentState.label?.asString.trim();
  if (own) return own;
  const parent = range.parent as { nodeType: string; currentState: { label: { asString: string } | null } };
  return (parent.nodeType === "group" ? parent.currentState.label?.asString.trim() : "") || say("entry");
};

// “Person 2”; where the form itself labels its entries, its words.
export function entryLabel(entry: RepeatInstanceNode, say: Say): string {
  const number = entry.parent.currentState.children.indexOf(entry) + 1;
  const shared = listLabel(entry.parent, say);
  const own = entry.currentState.label?.asString.trim();
  return own && own !== shared ? `${number}. ${own}` : say("one", { label: shared, n: number });
}

export function listView(range: RepeatRangeNode, say: Say, language: string, actions: ListActions): HTMLElement {
  const entries = range.currentState.children;
  const label = listLabel(range, say);
  const isFree = range.nodeType === "repeat-range:uncontrolled";
  const cards = entries.map((entry, index) => {
    const name = entryLabel(entry, say);
    return h("li.q-card", {},
      button("q-card-open", "", () => actions.open(entry), { "aria-label": say("open", { label: `${name}. ${summary(entry, say, language)}` }) }),
      h("div.q-card-text", { "aria-hidden": "true" }, h("strong", { dir: "auto" }, name), h("span", { dir: "auto" }, summary(entry, say, language))),
      isFree ? button("q-step.q-remove", "×", () => actions.remove(index), { "aria-label": say("remove", { label: name }) }) : null);
  });
  return h("div.q-list", {},
    h("h2", { dir: "auto" }, label),
    h("p.q-aside", {}, entries.length ? say("repeats", { n: entries.length }) : say("repeatsNone")),
    h("ul", {}, ...cards),
    isFree ? button("q-secondary", `+ ${say(entries.length ? "another" : "add", { label })}`, actions.add) : null);
}

function summary(entry: RepeatInstanceNode, say: Say, language: string): string {
  const asked = [...controls(entry as Node)].filter((node) => node.currentState.relevant && node.nodeType !== "note");
  if (asked.some((node) => !isBlank(node) && violates(node))) return say("somethingMissing");
  const given = asked.filter((node) => !isBlank(node)).slice(0, 3).map((node) => answerText(node, language));
  if (!given.length) return say("nothingYet");
  const text = given.join(" · ");
  return asked.some(violates) ? `${text} · ${say("somethingMissing")}` : text;
}

// What was in an entry: enough to put it back as it was.
export interface Kept {
  values: (string | File | null)[];
  lists: Kept[][];
}

function* ownControls(node: Node): Generator<Control> {
  for (const child of (node.currentState.children ?? []) as readonly Node[]) {
    if (child.nodeType === "group") yield* ownControls(child);
    else if (!child.nodeType.startsWith("repeat") && child.nodeType !== "model-value") yield child as Control;
  }
}

function* ownLists(node: Node): Generator<RepeatRangeNode> {
  for (const child of (node.currentState.children ?? []) as readonly Node[]) {
    if (child.nodeType === "group") yield* ownLists(child);
    else if (child.nodeType.startsWith("repeat-range")) yield child as RepeatRangeNode;
  }
}

export function keep(entry: RepeatInstanceNode): Kept {
  return {
    values: [...ownControls(entry as Node)].map((node) => (node.nodeType === "upload" ? node.currentState.value : valueOf(node))),
    lists: [...ownLists(entry as Node)].map((range) => range.currentState.children.map(keep)),
  };
}

export function putBack(range: RepeatRangeNode, index: number, kept: Kept): void {
  if (range.nodeType !== "repeat-range:uncontrolled") return;
  range.addInstances(index - 1, 1);
  restore(range.currentState.children[index]!, kept);
}

// Twice: a choice that depends on one further down is only there after the first round.
function restore(entry: RepeatInstanceNode, kept: Kept): void {
  for (let round = 0; round < 2; round++) {
    [...ownControls(entry as Node)].forEach((node, index) => answer(node, kept.values[index] ?? ""));
  }
  [...ownLists(entry as Node)].forEach((range, index) => {
    const wanted = kept.lists[index] ?? [];
    if (range.nodeType === "repeat-range:uncontrolled") {
      const there = range.currentState.children.length;
      if (there < wanted.length) range.addInstances(there - 1, wanted.length - there);
      if (there > wanted.length) range.removeInstances(wanted.length, there - wanted.length);
    }
    range.currentState.children.forEach((child, at) => wanted[at] && restore(child, wanted[at]));
  });
}

export function answer(node: Control, value: string | File | null): void {
  if (node.nodeType === "note" || node.currentState.readonly) return;
  if (node.nodeType === "upload") node.setValue(value instanceof File ? value : null);
  else if (typeof value !== "string" || value === valueOf(node)) return;
  else if (node.nodeType === "select") node.selectValues(node.selectType === "select1" ? [value].filter(Boolean) : value.split(/\s+/).filter(Boolean));
  else if (node.nodeType === "rank") node.setValues(value.split(/\s+/).filter(Boolean));
  else if (node.nodeType === "trigger") node.setValue(value === "OK");
  else (node as AnyInputNode as { setValue(value: string): unknown }).setValue(value);
}
