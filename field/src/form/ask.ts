// What every widget is given, and what it must give back.
import type { Control, Engine } from "./engine";
import type { Say } from "./words";

export interface Ask<N extends Control = Control> {
  node: N;
  engine: Engine;
  say: Say;
  language: string; // of the interface, for dates and numbers
  inputId: string; // the label of the question points here
  labelId: string;
  describedBy: string;
  label(): string;
  onward(): void; // the answer is given by one tap: go on
}

export interface Widget {
  element: HTMLElement;
  // "input": the element with inputId takes the label. "group": the widget is a group named by the label.
  kind: "input" | "group";
  update(): void; // the engine changed something
  problem?(): string | null; // what was typed and cannot be kept as an answer
  focus(): void;
  close?(): void;
}

export function appearances(node: Control): Set<string> {
  const found = (node as unknown as { appearances: Iterable<string> | null }).appearances;
  return new Set(found ? [...found] : []);
}

export const questionName = (node: Control): string => node.currentState.reference.split("/").at(-1)!.replace(/\[\d+\]$/, "");

// An attribute of the question in the form's own text, such as an `intent`.
export function attribute(node: Control, name: string): string {
  const element = (node.definition as { bodyElement?: { element?: Element } | null }).bodyElement?.element;
  return element?.getAttribute(name) ?? "";
}

export const isBlank = (node: Control): boolean => valueOf(node) === "";
export const valueOf = (node: Control): string => (node.currentState as { instanceValue?: string }).instanceValue ?? "";
export const violates = (node: Control): boolean => Boolean(node.validationState && "violation" in node.validationState && node.validationState.violation);
