// An order, made with “up” and “down”: works with a thumb, a keyboard and a screen reader. Nothing counts until it is confirmed.
import type { RankNode } from "@getodk/xforms-engine";
import type { Ask, Widget } from "../ask";
import { button, fill, h } from "../dom";

export function rankWidget(ask: Ask<RankNode>): Widget {
  const { node, say } = ask;
  const list = h("ol.q-rank", { "aria-labelledby": ask.labelId });
  const told = h("p.q-aside", { role: "status" });
  const confirm = button("q-secondary", say("rankThis"), () => keep());
  let order = current();

  function current(): string[] {
    const all = node.currentState.valueOptions.map(({ value }) => value);
    const kept = node.currentState.value.filter((value) => all.includes(value));
    return [...kept, ...all.filter((value) => !kept.includes(value))];
  }
  const keep = (): void => {
    node.setValues(order);
    draw();
  };
  const move = (index: number, by: number): void => {
    const [value] = order.splice(index, 1);
    order.splice(index + by, 0, value!);
    keep();
    const direction = by < 0 ? "up" : "down";
    const item = list.children[index + by]!;
    const next = item.querySelector<HTMLButtonElement>(`[data-to=${direction}]:not(:disabled)`) ?? item.querySelector<HTMLButtonElement>("button:not(:disabled)");
    next?.focus();
  };
  const draw = (): void => {
    const items = order.map((value, index) => {
      const label = node.getValueLabel(value)?.asString ?? value;
      return h("li", {}, h("span", { dir: "auto" }, label),
        button("q-step", "↑", () => move(index, -1), { "aria-label": say("up", { label }), "data-to": "up", disabled: index === 0 }),
        button("q-step", "↓", () => move(index, 1), { "aria-label": say("down", { label }), "data-to": "down", disabled: index === order.length - 1 }));
    });
    fill(list, ...items);
    const isKept = node.currentState.value.length > 0;
    confirm.hidden = isKept;
    told.textContent = say(isKept ? "ranked" : "rankLead");
  };
  draw();
  return {
    element: h("div", {}, told, list, confirm),
    kind: "group",
    update: () => {
      const now = current();
      if (now.join(" ") !== order.join(" ") && node.currentState.value.length !== order.length) order = now;
      draw();
    },
    focus: () => (list.querySelector<HTMLButtonElement>("button:not(:disabled)") ?? confirm).focus(),
  };
}
