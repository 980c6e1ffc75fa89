// Every answer on one page before anything is sent, with a way back to each.
import { isBlank, violates } from "./ask";
import { answerText } from "./answers";
import { button, h } from "./dom";
import type { Control } from "./engine";
import type { Heading, Screen } from "./flow";
import { entryLabel } from "./lists";
import type { Say } from "./words";

export function headingText(heading: Heading, say: Say): string {
  return heading.nodeType === "repeat-instance" ? entryLabel(heading, say) : (heading.currentState.label?.asString.trim() ?? "");
}

export function reviewView(screens: Screen[], say: Say, language: string, change: (screen: Screen, node?: Control) => void): HTMLElement {
  const blocks: HTMLElement[] = [];
  let title = "";
  let rows: HTMLElement | null = null;
  for (const screen of screens) {
    const now = screen.groups.map((group) => headingText(group, say)).filter(Boolean).join(" › ");
    if (screen.range) continue;
    if (!rows || now !== title) {
      title = now;
      rows = h("dl.q-answers", {});
      blocks.push(h("section", {}, now ? h("h2", { dir: "auto" }, now) : null, rows));
    }
    for (const { node } of screen.items) if (node.nodeType !== "note") rows.append(row(node, screen));
  }
  return h("div.q-review", {}, ...blocks.filter((block) => block.querySelector("dt")));

  function row(node: Control, screen: Screen): HTMLElement {
    const label = node.currentState.label?.asString.trim() || say("entry");
    const text = isBlank(node) ? "" : answerText(node, language);
    return h("div", {},
      h("dt", { dir: "auto" }, label),
      h("dd", {},
        h(text ? "span" : "span.q-none", { dir: "auto" }, text || say("noAnswer")),
        violates(node) ? h("span.q-fault", {}, ` ${say("somethingMissing")}`) : null),
      node.currentState.readonly ? null : h("dd.q-do", {}, button("q-quiet", say("change"), () => change(screen, node), { "aria-label": `${say("change")}: ${label}` })));
  }
}
