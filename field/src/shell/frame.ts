// What stands around every screen of an open notebook: the lock at the top, the ways at the bottom under the thumb.
import { app, draw, go, type App, type Screen } from "./app";
import { h, icon, notice } from "./elements";
import * as guise from "./guise";
import { t } from "./language";
import { lockButton } from "./locking";
import * as vault from "./vault";
import { forms } from "./screens/forms";
import { locked, welcome } from "./screens/gate";
import { holds, more, settings } from "./screens/more";
import { queue } from "./screens/queue";
import { safe } from "./screens/safe";
import { places, today } from "./screens/today";

const SCREENS: Record<Screen, (app: App) => HTMLElement[]> = { today, places, forms, queue, safe, more, settings, holds };
const WAYS: { screen: Screen; word: "navToday" | "navForms" | "navQueue" | "navSafe" | "navMore"; also: Screen[] }[] = [
  { screen: "today", word: "navToday", also: ["places"] },
  { screen: "forms", word: "navForms", also: [] },
  { screen: "queue", word: "navQueue", also: [] },
  { screen: "safe", word: "navSafe", also: [] },
  { screen: "more", word: "navMore", also: ["settings", "holds"] },
];

let known: boolean | null = null;

export async function drawApp(): Promise<void> {
  known = await vault.exists();
  draw();
}

export function paint(): void {
  if (!app.open) {
    document.body.replaceChildren(known === false ? welcome() : locked());
    return;
  }
  known = true;
  const content = SCREENS[app.screen](app);
  const said = app.message ? notice("success", h("p", {}, app.message)) : null;
  if (said) content.splice(1, 0, said);
  document.body.replaceChildren(top(), h("main", { class: "f-page", id: "main" }, content), ways());
}

function top(): HTMLElement {
  return h("header", { class: "f-top" }, h("span", { class: "f-top__name" }, guise.nameIn(guise.name())), lockButton());
}

function ways(): HTMLElement {
  const left = app.notebook?.sealed.filter((one) => !one.sent).length ?? 0;
  return h(
    "nav",
    { class: "f-ways", "aria-label": t("navMore") },
    WAYS.map(({ screen, word, also }) => {
      const here = app.screen === screen || also.includes(app.screen);
      return h(
        "button",
        { type: "button", id: `way-${screen}`, class: "f-way", "aria-current": here ? "page" : undefined, onclick: () => go(screen) },
        icon(screen),
        h("span", {}, t(word)),
        screen === "queue" && left ? h("span", { class: "f-count" }, String(left)) : null,
      );
    }),
  );
}
