// A value between two ends: a slider with minus and plus, stars, or a list. It stays unset until it is touched.
import type { AnyRangeNode as RangeNode } from "@getodk/xforms-engine";
import { appearances, valueOf, type Ask, type Widget } from "../ask";
import { button, fill, h } from "../dom";

const MANY = 200;

export function rangeWidget(ask: Ask<RangeNode>): Widget {
  const wanted = appearances(ask.node);
  if (wanted.has("rating")) return ratingWidget(ask);
  return wanted.has("picker") && stepsOf(ask.node).length <= MANY ? pickerWidget(ask) : sliderWidget(ask);
}

interface Bounds {
  start: number;
  end: number;
  step: number;
}

function boundsOf(node: RangeNode): Bounds {
  const { start, end, step } = node.definition.bounds;
  return { start: Number(start), end: Number(end), step: Math.abs(Number(step)) || 1 };
}

const tidy = (number: number): string => String(Math.round(number * 1e9) / 1e9);

function stepsOf(node: RangeNode): string[] {
  const { start, end, step } = boundsOf(node);
  const count = Math.min(Math.floor(Math.abs(end - start) / step + 1e-9), MANY);
  return [...Array(count + 1).keys()].map((index) => tidy(start + Math.sign(end - start || 1) * index * step));
}

function setOn({ node }: Ask<RangeNode>, value: string): void {
  (node as { setValue(value: string | null): unknown }).setValue(value || null);
}

function sliderWidget(ask: Ask<RangeNode>): Widget {
  const { node, say, label } = ask;
  const { start, end, step } = boundsOf(node);
  const [least, most] = [Math.min(start, end), Math.max(start, end)];
  const input = h<HTMLInputElement>("input.q-slider", {
    id: ask.inputId, type: "range", min: least, max: most, step, dir: "ltr", "aria-describedby": ask.describedBy,
  });
  const output = h("output.q-output", { for: ask.inputId });
  const clear = button("q-quiet", say("clear"), () => {
    setOn(ask, "");
    show();
  });
  const show = (): void => {
    const value = valueOf(node);
    input.value = value || tidy((least + most) / 2);
    input.classList.toggle("q-unset", !value);
    input.setAttribute("aria-valuetext", value || say("notSet"));
    output.textContent = value ? tidy(Number(value)) : say("notSet");
    clear.hidden = !value || node.currentState.required;
  };
  const set = (value: number): void => {
    setOn(ask, tidy(Math.min(most, Math.max(least, value))));
    show();
  };
  input.addEventListener("input", () => set(Number(input.value)));
  input.addEventListener("click", () => valueOf(node) === "" && set(Number(input.value)));
  const by = (sign: number) => () => set(valueOf(node) === "" ? (sign > 0 ? least : most) : Number(valueOf(node)) + sign * step);
  show();
  return {
    element: h("div.q-range", {}, output,
      h("div.q-stepper", { dir: "ltr" },
        button("q-step", "−", by(-1), { "aria-label": say("oneLess", { label: label() }) }),
        h("div.q-track", {}, input, h("span", {}, tidy(least)), h("span", {}, tidy(most))),
        button("q-step", "+", by(1), { "aria-label": say("oneMore", { label: label() }) })),
      clear),
    kind: "input",
    update: show,
    focus: () => input.focus(),
  };
}

function ratingWidget(ask: Ask<RangeNode>): Widget {
  const { node } = ask;
  const rows = stepsOf(node).map((value) => {
    const input = h<HTMLInputElement>("input", { type: "radio", name: ask.inputId, value, "aria-label": `${ask.label()}: ${value}` });
    input.addEventListener("change", () => setOn(ask, value));
    return h("label.q-star", {}, input, h("span", { "aria-hidden": "true" }, "★"));
  });
  const element = h("div.q-stars", { dir: "ltr" }, ...rows);
  const show = (): void => {
    for (const input of element.querySelectorAll("input")) {
      input.checked = Number(input.value) === Number(valueOf(node)) && valueOf(node) !== "";
      input.parentElement!.classList.toggle("q-lit", valueOf(node) !== "" && Number(input.value) <= Number(valueOf(node)));
    }
  };
  show();
  return { element, kind: "group", update: show, focus: () => element.querySelector("input")?.focus() };
}

function pickerWidget(ask: Ask<RangeNode>): Widget {
  const { node } = ask;
  const select = h<HTMLSelectElement>("select.q-input", { id: ask.inputId, "aria-describedby": ask.describedBy });
  fill(select, h("option", { value: "" }, "—"), ...stepsOf(node).map((value) => h("option", { value }, value)));
  const show = (): void => void (select.value = valueOf(node) && tidy(Number(valueOf(node))));
  select.addEventListener("change", () => setOn(ask, select.value));
  show();
  return { element: h("div", {}, select), kind: "input", update: show, focus: () => select.focus() };
}
