// The small ones: a box to tick off, and what this app cannot do, said openly.
import type { AnyInputNode, TriggerNode } from "@getodk/xforms-engine";
import { attribute, valueOf, type Ask, type Widget } from "../ask";
import { h } from "../dom";
import type { Say } from "../words";
import { textWidget } from "./text";

export function triggerWidget(ask: Ask<TriggerNode>): Widget {
  const { node, say } = ask;
  const input = h<HTMLInputElement>("input", { type: "checkbox", id: ask.inputId, "aria-describedby": ask.describedBy });
  const show = (): void => void (input.checked = node.currentState.value);
  input.addEventListener("change", () => node.setValue(input.checked));
  show();
  return {
    element: h("div.q-option", {}, h("label", {}, input, h("span.q-option-text", {}, say("acknowledge")))),
    kind: "group",
    update: show,
    focus: () => input.focus(),
  };
}

// A question that another client gives to another app: it can still be answered in words.
export function otherAppWidget(ask: Ask<AnyInputNode>, app: string): Widget {
  const widget = textWidget(ask as never);
  const element = h("div", {}, h("p.q-aside", {}, ask.say("other", { app })), widget.element);
  return { ...widget, element };
}

export function unsupportedWidget({ say, node }: Ask, type: string): Widget {
  const element = h("p.q-warning", { tabindex: -1 }, say("unsupported", { type }), valueOf(node) ? ` ${valueOf(node)}` : "");
  return { element, kind: "group", update: () => undefined, focus: () => element.focus() };
}

export function withSaying(widget: Widget, saying: string): Widget {
  return { ...widget, element: h("div", {}, h("p.q-aside", {}, saying), widget.element) };
}

export const intentOf = (ask: Ask, appearance: string | undefined): string => attribute(ask.node, "intent") || (appearance ?? "").replace(/^ex:/, "");
export type { Say };
