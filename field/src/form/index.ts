// The form in the hand: opens a form in an element, asks its questions screen by screen, and hands over what was answered.
import type { DraftState, FormHost, FormSource } from "../seam";
import { button, fill, h } from "./dom";
import { startEngine } from "./engine";
import "./form.css";
import { Filling } from "./filling";
import { give } from "./given";
import { wordsIn } from "./words";

export type { DraftState, Finished, FormHost, FormSource } from "../seam";

export async function openForm(root: HTMLElement, source: FormSource, host: FormHost, draft?: DraftState): Promise<{ close(): void }> {
  try {
    const engine = await startEngine(source, draft);
    if (!draft) give(engine.root, source.given ?? {});
    const filling = new Filling(root, source, host, engine, draft?.at);
    return { close: () => filling.close() };
  } catch (error) {
    const say = wordsIn(host.language);
    fill(root, h("main.q-form", {}, h("div.q-body", {},
      h("h1", { tabindex: -1 }, say("cannotOpen")),
      h("p", {}, say("cannotOpenNext")),
      h("p.q-aside", { dir: "ltr" }, error instanceof Error ? error.message : String(error)),
      button("q-primary", say("back"), () => host.onLeave()))));
    return { close: () => fill(root) };
  }
}
