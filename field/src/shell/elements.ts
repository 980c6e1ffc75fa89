// Building a page from script, without a framework and without any HTML in strings.

type Child = Node | string | null | undefined | false;
type Attributes = Record<string, string | boolean | number | ((event: Event) => unknown) | undefined>;

export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: (Child | Child[])[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== undefined) element.setAttribute(name, String(value));
  }
  element.append(...children.flat().filter((child): child is Node | string => Boolean(child) || child === ""));
  return element;
}

const SHAPES: Record<string, string> = {
  today: "M4 6h16v14H4zM4 10h16M8 3v4M16 3v4",
  forms: "M6 3h9l4 4v14H6zM9 12h7M9 16h7",
  queue: "M12 4v11M8 8l4-4 4 4M4 16v4h16v-4",
  safe: "M12 3l8 3v6c0 5-4 8-8 9-4-1-8-4-8-9V6z",
  more: "M5 7h14M5 12h14M5 17h14",
  lock: "M6 11h12v9H6zM8 11V8a4 4 0 0 1 8 0v3",
};

export function icon(name: string): SVGElement {
  const space = "http://www.w3.org/2000/svg";
  const drawing = document.createElementNS(space, "svg");
  drawing.setAttribute("viewBox", "0 0 24 24");
  drawing.setAttribute("aria-hidden", "true");
  drawing.setAttribute("class", "f-icon");
  const path = document.createElementNS(space, "path");
  path.setAttribute("d", SHAPES[name] ?? "");
  drawing.append(path);
  return drawing;
}

export function button(label: string, press: (event: Event) => unknown, kind = "primary", more: Attributes = {}) {
  return h("button", { type: "button", class: `f-button f-button--${kind}`, onclick: press, ...more }, label);
}

export function field(label: string, input: HTMLElement, hint = ""): HTMLElement {
  const id = `f-${Math.random().toString(36).slice(2)}`;
  input.id = id;
  const said = hint ? h("p", { class: "f-hint", id: `${id}-hint` }, hint) : null;
  if (said) input.setAttribute("aria-describedby", `${id}-hint`);
  return h("div", { class: "f-field" }, h("label", { for: id }, label), said, input);
}

export function notice(tone: "info" | "warning" | "error" | "success" | "lamp", ...children: (Child | Child[])[]) {
  return h("div", { class: `f-notice f-notice--${tone}`, role: tone === "error" ? "alert" : "status" }, ...children);
}

// A button that acts only when it is held: nobody empties the phone by a slip of the thumb, and nobody is asked.
export function held(label: string, seconds: number, act: () => unknown, tap: () => unknown, kind: string, ...inside: Child[]) {
  let timer = 0;
  let acted = false;
  const element = h("button", { type: "button", class: `f-button f-button--${kind} f-held`, "aria-label": label }, ...inside);
  element.style.setProperty("--held", `${seconds}s`);
  const begin = () => {
    if (timer) return;
    acted = false;
    element.classList.add("f-held--on");
    timer = window.setTimeout(() => {
      acted = true;
      act();
    }, seconds * 1000);
  };
  const end = () => {
    clearTimeout(timer);
    timer = 0;
    element.classList.remove("f-held--on");
  };
  element.addEventListener("pointerdown", begin);
  for (const name of ["pointerup", "pointerleave", "pointercancel", "blur"]) element.addEventListener(name, end);
  element.addEventListener("keydown", (event) => {
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      begin();
    }
  });
  element.addEventListener("keyup", (event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    end();
    if (!acted) tap();
  });
  element.addEventListener("contextmenu", (event) => event.preventDefault());
  element.addEventListener("click", () => {
    if (!acted) tap();
  });
  return element;
}
