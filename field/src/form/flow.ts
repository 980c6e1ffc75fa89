// From the tree of a form to screens: one group of questions each, in the order of the form, only what is asked now.
import type { Control, GroupNode, Node, RepeatInstanceNode, RepeatRangeNode, RootNode } from "./engine";

export interface Item {
  node: Control;
  section: GroupNode | null; // a group inside a group that is shown as one
}

export interface Screen {
  key: string;
  kind: "questions" | "list";
  groups: Heading[]; // what stands above, from the outside in
  inside: RepeatInstanceNode[]; // the entries of lists this screen lies in, from the outside in
  items: Item[];
  range: RepeatRangeNode | null;
}

export type Heading = GroupNode | RepeatInstanceNode;

interface Where {
  groups: Heading[];
  inside: RepeatInstanceNode[];
}

const isTogether = (node: GroupNode | RepeatInstanceNode): boolean => {
  const appearances = node.appearances as { "field-list"?: boolean; "table-list"?: boolean } | null;
  return Boolean(appearances?.["field-list"] || appearances?.["table-list"]);
};

export function screensOf(root: RootNode): Screen[] {
  const screens: Screen[] = [];
  apart(root.currentState.children as readonly Node[], { groups: [], inside: [] }, screens);
  return screens;
}

const open = (key: string, where: Where): Screen => ({ key, kind: "questions", ...where, items: [], range: null });

// One question a screen; notes go with the question that follows them.
function apart(children: readonly Node[], where: Where, screens: Screen[]): void {
  let notes: Item[] = [];
  const flush = (): void => {
    if (notes.length) screens.push({ ...open(notes[0]!.node.nodeId, where), items: notes });
    notes = [];
  };
  for (const child of children) {
    if (!child.currentState.relevant) continue;
    if (isStructure(child)) {
      flush();
      structure(child, where, screens);
    } else if (child.nodeType === "note") {
      notes.push({ node: child, section: null });
    } else if (child.nodeType !== "model-value") {
      const item = { node: child as Control, section: null };
      screens.push({ ...open(child.nodeId, where), items: [...notes, item] });
      notes = [];
    }
  }
  flush();
}

type Structure = GroupNode | RepeatRangeNode;
const isStructure = (node: Node): node is Structure => node.nodeType === "group" || node.nodeType.startsWith("repeat-range");

function structure(node: Structure, where: Where, screens: Screen[]): void {
  if (node.nodeType === "group") block(node, { ...where, groups: [...where.groups, node] }, screens);
  else list(node as RepeatRangeNode, where, screens);
}

function block(node: GroupNode | RepeatInstanceNode, where: Where, screens: Screen[]): void {
  const children = node.currentState.children as readonly Node[];
  if (isTogether(node)) together(node, children, where, screens);
  else apart(children, where, screens);
}

// A group shown as one screen. A list inside it gets screens of its own, where it stands.
function together(owner: GroupNode | RepeatInstanceNode, children: readonly Node[], where: Where, screens: Screen[]): void {
  let screen = open(owner.nodeId, where);
  let part = 0;
  const flush = (): void => {
    if (screen.items.length) screens.push(screen);
    screen = open(`${owner.nodeId}/${++part}`, where);
  };
  const take = (nodes: readonly Node[], section: GroupNode | null): void => {
    for (const child of nodes) {
      if (!child.currentState.relevant) continue;
      if (child.nodeType === "group") take(child.currentState.children as readonly Node[], child);
      else if (isStructure(child)) {
        flush();
        list(child as RepeatRangeNode, where, screens);
      } else if (child.nodeType !== "model-value") screen.items.push({ node: child as Control, section });
    }
  };
  take(children, null);
  flush();
}

function list(range: RepeatRangeNode, where: Where, screens: Screen[]): void {
  const before = screens.length;
  const groups = where.groups;
  screens.push({ ...open(range.nodeId, { ...where, groups }), kind: "list", range });
  for (const entry of range.currentState.children) {
    block(entry, { groups: [...groups, entry], inside: [...where.inside, entry] }, screens);
  }
  const empty = screens.length === before + 1;
  // A list whose length the form decides, with nothing to ask in it, is nobody's business.
  if (empty && range.nodeType === "repeat-range:controlled") screens.pop();
}

const isWithin = (screen: Screen | undefined, entry: RepeatInstanceNode | undefined): boolean =>
  Boolean(screen && (!entry || screen.inside.includes(entry)));

// Where “Next” leads: into entries not yet seen, out of an entry back to its list, past a list that was seen.
export function after(screens: Screen[], index: number, seen: ReadonlySet<RepeatInstanceNode>): number {
  const here = screens[index]!;
  if (here.range) {
    const entries = here.range.currentState.children;
    const fresh = entries.find((entry) => !seen.has(entry));
    const first = fresh ? screens.findIndex((screen) => screen.inside.includes(fresh)) : -1;
    if (first >= 0) return first;
    for (let next = index + 1; next < screens.length; next++) {
      if (!entries.some((entry) => screens[next]!.inside.includes(entry))) return leave(screens, index, next);
    }
    return leave(screens, index, screens.length);
  }
  return leave(screens, index, index + 1);
}

// A step that would leave an entry goes to its list instead.
function leave(screens: Screen[], index: number, next: number): number {
  const entry = screens[index]!.inside.at(-1);
  if (!entry || isWithin(screens[next], entry)) return next;
  return screens.findIndex((screen) => screen.range === entry.parent);
}

export function before(screens: Screen[], index: number): number {
  const here = screens[index]!;
  const entry = here.inside.at(-1);
  for (let previous = index - 1; previous >= 0; previous--) {
    const screen = screens[previous]!;
    if (entry && screen.range === entry.parent) return previous;
    if (screen.inside.length <= here.inside.length && screen.inside.every((one) => here.inside.includes(one))) return previous;
  }
  return -1;
}

// Step and number of steps: of the whole form, or of the entry one is in.
export function progress(screens: Screen[], index: number): { step: number; of: number } {
  const depth = screens[index]!.inside;
  const alike = screens.filter((screen) => screen.inside.length === depth.length && depth.every((one) => screen.inside.includes(one)));
  return { step: alike.indexOf(screens[index]!) + 1, of: alike.length };
}
