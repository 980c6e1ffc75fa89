// The little that is needed to make elements without a framework: the whole app must fit a phone on a bad line.
type Child = Node | string | null | undefined | false;
type Attributes = Record<string, unknown>;

// h("button.q-next", { type: "button", onclick }, "Next")
export function h<T extends HTMLElement = HTMLElement>(what: string, attributes: Attributes = {}, ...children: Child[]): T {
  const [tag, ...classes] = what.split(".");
  const element = document.createElement(tag!) as T;
  if (classes.length) element.className = classes.join(" ");
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value as EventListener);
    else if (name === "value") (element as unknown as HTMLInputElement).value = String(value);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  fill(element, ...children);
  return element;
}

export function fill(element: Element, ...children: Child[]): void {
  element.replaceChildren(...(children.filter((child) => child || child === "") as (Node | string)[]));
}

export function button(what: string, label: string, onclick: (event: Event) => void, more: Attributes = {}): HTMLButtonElement {
  return h<HTMLButtonElement>(`button.${what}`, { type: "button", onclick, ...more }, label);
}

// Puts `wanted` into `parent` in order and leaves alone what already stands right, so that nothing loses the focus.
export function place(parent: Element, wanted: readonly Element[]): void {
  const keep = new Set<Element>(wanted);
  for (const child of [...parent.children]) if (!keep.has(child)) child.remove();
  wanted.forEach((element, index) => {
    if (parent.children[index] !== element) parent.insertBefore(element, parent.children[index] ?? null);
  });
}

export function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

let last = 0;
export const newId = (): string => `q${++last}`;
