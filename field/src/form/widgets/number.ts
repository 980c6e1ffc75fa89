// Numbers with a big minus and plus. What is typed and is no number stays on the screen and is said; it is never dropped.
import type { AnyInputNode } from "@getodk/xforms-engine";
import { appearances, valueOf, violates, type Ask, type Widget } from "../ask";
import { button, h } from "../dom";

type NumberNode = Extract<AnyInputNode, { valueType: "int" | "decimal" }>;

// Chips for a counter; a form may name others: `counter chips-15-30-45-60`.
const CHIPS = [1, 2, 3, 4, 5, 10];

export function numberWidget(ask: Ask<NumberNode>): Widget {
  const { node, say, label } = ask;
  const wanted = appearances(node);
  const isWhole = node.valueType === "int";
  let problem: string | null = null;

  const input = h<HTMLInputElement>("input.q-input.q-number", {
    id: ask.inputId,
    type: "text",
    inputmode: isWhole ? "numeric" : "decimal",
    autocomplete: "off",
    dir: "ltr",
    "aria-describedby": ask.describedBy,
  });
  const grouped = h("p.q-aside", { "aria-live": "polite" });

  const read = (): void => {
    const typed = input.value.trim().replace(/\s/g, "").replace("−", "-").replace(",", ".");
    const western = typed.replace(/[٠-٩]/g, (digit) => String(digit.charCodeAt(0) - 0x660));
    problem = faultOf(western);
    node.setValue(problem ? "" : western);
    group();
  };
  const faultOf = (typed: string): string | null => {
    if (typed === "") return null;
    if (!/^-?(\d+\.?\d*|\.\d+)$/.test(typed)) return say("notNumber");
    if (isWhole && !/^-?\d+$/.test(typed)) return say("notWhole");
    return (isWhole && Math.abs(Number(typed)) > 2147483647) || typed.length > 15 ? say("tooLong") : null;
  };
  const step = (by: number): void => {
    const now = valueOf(node);
    const next = now === "" ? (by > 0 ? 1 : 0) : Math.round((Number(now) + by) * 1e9) / 1e9;
    set(String(next), now);
  };
  // A step never leads from an answer that fits to one that does not; below the least it takes the answer away.
  const set = (next: string, now: string): void => {
    const wasFine = !violates(node) || now === "";
    node.setValue(next);
    if (wasFine && now !== "" && violates(node)) node.setValue(Number(next) < Number(now) && !node.currentState.required ? "" : now);
    problem = null;
    input.value = valueOf(node);
    group();
  };
  const group = (): void => {
    if (!wanted.has("thousands-sep")) return;
    grouped.textContent = valueOf(node) ? new Intl.NumberFormat(ask.language, { maximumFractionDigits: 20 }).format(Number(valueOf(node))) : "";
  };

  input.value = valueOf(node);
  input.addEventListener("input", read);
  input.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
    event.preventDefault();
    step(event.key === "ArrowUp" ? 1 : -1);
  });
  group();

  const less = button("q-step", "−", () => step(-1), { "aria-label": say("oneLess", { label: label() }) });
  const more = button("q-step", "+", () => step(1), { "aria-label": say("oneMore", { label: label() }) });
  const parts: HTMLElement[] = [h("div.q-stepper", { dir: "ltr" }, less, input, more)];
  if (wanted.has("thousands-sep")) parts.push(grouped);
  const chips = chipsOf(wanted).map((number) =>
    button("q-chip", String(number), () => set(String(number), ""), { "aria-label": `${label()}: ${number}` }),
  );
  if (chips.length) parts.push(h("div.q-chips", { dir: "ltr" }, ...chips));
  const mark = (): void => chips.forEach((chip) => chip.setAttribute("aria-pressed", String(chip.textContent === valueOf(node))));
  mark();

  return {
    element: h("div.q-count", {}, ...parts),
    kind: "input",
    update: () => {
      if (!problem && normal(input.value) !== normal(valueOf(node))) input.value = valueOf(node);
      mark();
    },
    problem: () => problem,
    focus: () => input.focus(),
  };
}

const normal = (typed: string): string => (typed.trim() === "" ? "" : String(Number(typed.trim().replace(",", "."))));

function chipsOf(wanted: Set<string>): number[] {
  const named = [...wanted].find((word) => /^chips(-\d+)+$/.test(word));
  if (named) return named.split("-").slice(1).map(Number);
  return wanted.has("counter") ? CHIPS : [];
}
