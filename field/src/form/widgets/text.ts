// Words, phone numbers, addresses: what is typed is kept letter for letter, the plus of a phone number too.
import type { AnyInputNode } from "@getodk/xforms-engine";
import { appearances, valueOf, type Ask, type Widget } from "../ask";
import { button, h } from "../dom";

type TextNode = Extract<AnyInputNode, { valueType: "string" }>;

export function textWidget(ask: Ask<TextNode>): Widget {
  const { node } = ask;
  const wanted = appearances(node);
  const rows = node.nodeOptions?.rows ?? (wanted.has("multiline") ? 4 : 0);
  const common = { id: ask.inputId, "aria-describedby": ask.describedBy, autocomplete: "off", dir: "auto" };
  const input = rows
    ? h<HTMLTextAreaElement>("textarea.q-input", { ...common, rows })
    : h<HTMLInputElement>("input.q-input", { ...common, ...kindOf(wanted) });
  input.value = valueOf(node);
  input.addEventListener("input", () => node.setValue(input.value));
  const parts: HTMLElement[] = [input];
  if (wanted.has("masked")) parts.push(shower(input as HTMLInputElement, ask));
  return {
    element: h("div.q-text", {}, ...parts),
    kind: "input",
    update: () => {
      if (input.value !== valueOf(node)) input.value = valueOf(node);
    },
    focus: () => input.focus(),
  };

  function shower(field: HTMLInputElement, { say }: Ask): HTMLButtonElement {
    const toggle = button("q-quiet", say("show"), () => {
      field.type = field.type === "password" ? "text" : "password";
      toggle.textContent = say(field.type === "password" ? "show" : "hide");
    });
    return toggle;
  }
}

function kindOf(wanted: Set<string>): Record<string, string> {
  if (wanted.has("masked")) return { type: "password" };
  if (wanted.has("numbers")) return { type: "tel", inputmode: "tel" };
  if (wanted.has("url")) return { type: "url", inputmode: "url" };
  return { type: "text" };
}
