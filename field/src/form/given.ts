// Answers that the house knows before a form opens, such as the place that was pressed: chosen where the form offers them.
import type { Control, Node, RootNode } from "./engine";
import { answer } from "./lists";

export function give(root: RootNode, given: Readonly<Record<string, string>>): void {
  const visit = (node: Node): void => {
    const value = given[node.currentState.reference];
    if (value !== undefined && isOffered(node, value)) answer(node as Control, value);
    for (const child of (node.currentState.children ?? []) as readonly Node[]) visit(child);
  };
  for (const child of root.currentState.children as readonly Node[]) visit(child);
}

const isOffered = (node: Node, value: string): boolean =>
  node.nodeType !== "select" || node.currentState.valueOptions.some((option: { value: string }) => option.value === value);
