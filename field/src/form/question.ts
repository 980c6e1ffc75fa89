// One question: its words, its sounds and pictures, its widget, and what is wrong with the answer, in the same order everywhere.
import { attribute, isBlank, type Ask, type Widget } from "./ask";
import { answerText } from "./answers";
import { fill, h, newId, setText } from "./dom";
import type { Control, Engine } from "./engine";
import { mediaOf } from "./media";
import { rich } from "./rich";
import { widgetFor } from "./widgets";
import type { Say } from "./words";

export interface Question {
  element: HTMLElement;
  node: Control;
  update(): void;
  // The sentence that stands between this answer and “Next”; showing it is a side effect of asking for it.
  fault(): string | null;
  focus(): void;
  close(): void;
}

export interface Setting {
  engine: Engine;
  say: Say;
  language: string;
  onward(): void;
}

export function questionOf(node: Control, setting: Setting): Question {
  return node.nodeType === "note" ? note(node, setting) : asked(node, setting);
}

const NO_WORDS = "-"; // what pyxform writes where a language has no hint
const formLanguage = (engine: Engine): string => engine.root.currentState.activeLanguage.language;

function words(node: Control, setting: Setting): { label: HTMLElement[]; hint: HTMLElement; refresh(): void } {
  const { engine, say } = setting;
  const text = h("span.q-label-text", { dir: "auto" });
  const hint = h("div.q-hint", { dir: "auto" });
  const media = mediaOf(node.currentState.label, engine, say);
  const extra = [media.picture, media.sound, media.film].filter((one) => one !== null);
  let shown = "";
  const refresh = (): void => {
    const { label, hint: given } = node.currentState;
    const more = given?.asString.trim() === NO_WORDS ? null : given;
    const extra = engine.guidance(node.currentState.reference, formLanguage(engine));
    const now = `${label?.asString ?? ""}\n${more?.asString ?? ""}`;
    if (now === shown) return;
    shown = now;
    fill(text, ...rich(label as never));
    // The engine gives hint and guidance as one text; guidance has a place of its own.
    const plain = extra ? (more?.asString.replace(extra, "").trim() ?? "") : "";
    fill(hint, ...(extra ? [plain === NO_WORDS ? "" : plain] : rich(more as never)));
    hint.hidden = !hint.textContent;
  };
  refresh();
  return { label: [text, ...extra], hint, refresh };
}

function guidance(node: Control, { engine, say }: Setting): HTMLElement | null {
  const text = engine.guidance(node.currentState.reference, formLanguage(engine));
  return text ? h("details.q-more", {}, h("summary", {}, say("more")), h("p", { dir: "auto" }, text)) : null;
}

function note(node: Control, setting: Setting): Question {
  const { label, hint, refresh } = words(node, setting);
  const element = h("div.q.q-note", { tabindex: -1, "data-name": node.currentState.reference }, ...label, hint, guidance(node, setting));
  return { element, node, update: refresh, fault: () => null, focus: () => element.focus(), close: () => undefined };
}

function asked(node: Control, setting: Setting): Question {
  const { engine, say } = setting;
  const [inputId, labelId, hintId, errorId] = [newId(), newId(), newId(), newId()];
  const { label, hint, refresh } = words(node, setting);
  const [text, ...media] = label;
  const needed = h("span.q-needed", {}, say("needed"));
  const error = h("p.q-error", { id: errorId, hidden: true });
  hint.id = hintId;
  const ask: Ask = {
    node, engine, say, language: setting.language, inputId, labelId,
    describedBy: `${hintId} ${errorId}`,
    label: () => node.currentState.label?.asString.trim() || setting.say("entry"),
    onward: setting.onward,
  };
  const answer = h("div.q-answer", {});
  let widget: Widget | null = null;
  let fixed: HTMLElement | null = null;
  let touched = false;

  const isInput = (): boolean => widget?.kind === "input";
  const build = (): void => {
    if (node.currentState.readonly) {
      widget?.close?.();
      widget = null;
      fixed ??= h("p.q-fixed", { dir: "auto" });
      if (!answer.contains(fixed)) fill(answer, fixed);
      setText(fixed, answerText(node, setting.language) || say("noAnswer"));
      return;
    }
    if (widget) return widget.update();
    fixed = null;
    widget = widgetFor(ask);
    fill(answer, widget.element);
  };
  build();
  const caption = h(isInput() ? "label.q-label" : "div.q-label", { id: labelId, for: isInput() ? inputId : undefined }, text, " ", needed);
  const element = h("div.q", { "data-name": node.currentState.reference }, caption, ...media, hint, guidance(node, setting), error, answer);
  if (!isInput()) {
    answer.setAttribute("role", isSingle(node) ? "radiogroup" : "group");
    answer.setAttribute("aria-labelledby", labelId);
    answer.setAttribute("aria-describedby", `${hintId} ${errorId}`);
  }
  const input = (): HTMLElement | null => (isInput() ? answer.querySelector(`#${inputId}`) : null);

  const faultNow = (): string | null => {
    if (!node.currentState.relevant || !widget) return null;
    const typed = widget.problem?.();
    if (typed) return typed;
    const violation = "violation" in node.validationState ? node.validationState.violation : null;
    if (!violation) return null;
    return violation.message?.asString || attributeText(node) || say(violation.condition === "required" ? "required" : "notValid");
  };
  const show = (): void => {
    const fault = touched ? faultNow() : null;
    error.hidden = !fault;
    setText(error, fault ?? "");
    element.classList.toggle("q-wrong", Boolean(fault));
    const target = input() ?? (isSingle(node) ? answer : null);
    if (fault) target?.setAttribute("aria-invalid", "true");
    else target?.removeAttribute("aria-invalid");
  };
  const update = (): void => {
    refresh();
    build();
    needed.hidden = !node.currentState.required || node.currentState.readonly;
    const required = node.currentState.required ? "true" : "false";
    if (input()?.matches("input, textarea, select")) input()!.setAttribute("aria-required", required);
    else if (isSingle(node)) answer.setAttribute("aria-required", required);
    show();
  };
  // An answer is judged when one leaves it, not letter by letter; nothing typed is no fault until “Next”.
  element.addEventListener("focusout", (event) => {
    if (element.contains(event.relatedTarget as globalThis.Node | null)) return;
    if (!isBlank(node) || widget?.problem?.()) touched = true;
    show();
  });
  update();
  return {
    element,
    node,
    update,
    fault: () => {
      touched = true;
      show();
      return faultNow();
    },
    focus: () => (widget ? widget.focus() : element.focus()),
    close: () => widget?.close?.(),
  };
}

const isSingle = (node: Control): boolean => node.nodeType === "select" && node.selectType === "select1";
const attributeText = (node: Control): string => attribute(node, "jr:constraintMsg");
