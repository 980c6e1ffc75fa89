// Settings, and the page that says all that this phone holds.
import { app, go, refresh, syncNow, wipeNow, type App } from "../app";
import { button, field, h, held, notice } from "../elements";
import { size, t } from "../language";
import * as vault from "../vault";
import * as database from "../database";
import { sizeOf, waiting } from "../outbox";
import { canInstall, install, isInstalled } from "../installing";
import { chooser, languages, looks, password, strongEnough } from "./gate";
import { heading } from "./today";
import { draw } from "../app";

const LOCK_MINUTES = [1, 2, 5, 10];
const DRAFT_HOURS = [24, 48, 72];

export function more({ persistent }: App): HTMLElement[] {
  return [
    heading(t("more")),
    persistent === false ? storageCard() : h("span", {}),
    h("div", { class: "f-stack" }, button(t("settings"), () => go("settings"), "secondary"), button(t("holds"), () => go("holds"), "secondary")),
    languages(() => {
      draw();
      void syncNow(true); // names of kinds and times come from the server, in one language at a time
    }),
    light(),
  ];
}

function light(): HTMLElement {
  const now = localStorage.getItem("theme") ?? "auto";
  const choices = [
    { value: "auto", label: t("auto") },
    { value: "light", label: t("light") },
    { value: "dark", label: t("dark") },
  ];
  return chooser("theme", t("appearance"), choices, now, (theme) => {
    localStorage.setItem("theme", theme);
    showLight();
  });
}

export function showLight(): void {
  const theme = localStorage.getItem("theme") ?? "auto";
  if (theme === "auto") delete document.documentElement.dataset["theme"];
  else document.documentElement.dataset["theme"] = theme;
}

export function storageCard(): HTMLElement {
  const asked = async () => {
    app.persistent = (await navigator.storage?.persist?.()) ?? null;
    draw();
  };
  return app.persistent
    ? notice("success", h("p", {}, t("keepYes")))
    : notice("warning", h("p", {}, t("keepNo")), button(t("keepAsk"), asked, "secondary"));
}

export function settings({ notebook }: App): HTMLElement[] {
  if (!notebook) return [];
  const select = (options: [string, string][], chosen: string, change: (value: string) => void) => {
    const element = h("select", { class: "f-input" }, options.map(([value, label]) => h("option", { value, selected: value === chosen }, label)));
    element.addEventListener("change", () => change(element.value));
    return element;
  };
  const set = async (edit: (now: { lockMinutes: number; draftHours: number }) => void) => {
    if (!app.open) return;
    await vault.change(app.open, (now) => edit(now.settings));
    app.message = t("saved");
    await refresh();
  };
  const left = notebook.sealed.filter((one) => !one.sent).length;
  return [
    heading(t("settings")),
    field(
      t("lockAfter"),
      select(LOCK_MINUTES.map((count) => [String(count), t("minutesOf", { count })]), String(notebook.settings.lockMinutes), (value) => set((now) => void (now.lockMinutes = Number(value)))),
    ),
    field(
      t("draftsEnd"),
      select(DRAFT_HOURS.map((count) => [String(count), t("hoursOf", { count })]), String(notebook.settings.draftHours), (value) => set((now) => void (now.draftHours = Number(value)))),
    ),
    looks(),
    codeForm("second", t("secondCode"), t("secondCodeHint"), 4, async (code) => {
      const done = await vault.makeSecond(app.open!, code);
      return t(done === "made" ? "secondCodeSet" : "secondCodeSame");
    }),
    codeForm("fresh", t("newCode"), t("chooseCodeHint"), 8, async (code) => {
      const renewed = await vault.newCode(app.open!, code);
      if (renewed === "same code") return t("secondCodeSame");
      app.open = renewed;
      return t("newCodeSet");
    }),
    h("section", {}, h("h2", {}, t("installTitle")), isInstalled() ? h("p", {}, t("installed")) : canInstall() ? button(t("install"), install, "secondary") : h("p", { class: "f-hint" }, t("installHint"))),
    h("section", {}, h("h2", {}, t("keepTitle")), storageCard()),
    h(
      "section",
      {},
      h("h2", {}, t("emptyTitle")),
      h("p", { class: "f-hint" }, t("emptyHint")),
      left ? notice("warning", h("p", {}, t("emptyLoses", { count: left }))) : null,
      held(t("holdToEmpty"), 3, wipeNow, () => undefined, "warning", t("holdToEmptyShort")),
    ),
    button(t("back"), () => go("more"), "secondary"),
  ];
}

function codeForm(name: string, title: string, hint: string, least: number, act: (code: string) => Promise<string>): HTMLElement {
  const code = password(name, true);
  const again = password(`${name}-again`, true);
  const said = h("div", {});
  const go = button(t("save"), () => undefined, "secondary", { type: "submit" });
  const tell = (tone: "error" | "success", sentence: string) => said.replaceChildren(notice(tone, h("p", {}, sentence)));
  return h(
    "form",
    {
      class: "f-stack",
      "data-code": name,
      novalidate: true,
      onsubmit: async (event) => {
        event.preventDefault();
        if (least >= 8 ? !strongEnough(code.value) : code.value.length < least) return tell("error", t("codeShort"));
        if (code.value !== again.value) return tell("error", t("codeDiffers"));
        go.disabled = true;
        await new Promise((painted) => setTimeout(painted, 30));
        const sentence = await act(code.value);
        code.value = again.value = "";
        go.disabled = false;
        tell(sentence === t("secondCodeSame") ? "error" : "success", sentence);
      },
    },
    h("h2", {}, title),
    h("p", { class: "f-hint" }, hint),
    field(t("chooseCode"), code),
    field(t("codeAgain"), again),
    said,
    go,
  );
}

export function holds({ notebook }: App): HTMLElement[] {
  if (!notebook) return [];
  const list = h("dl", { class: "f-holds" });
  const row = (key: string, value: string) => h("div", {}, h("dt", {}, key), h("dd", {}, value));
  const own = new Set(notebook.sealed.map((one) => one.id));
  void Promise.all([waiting(), database.keys("bulk")]).then(([queue, pieces]) => {
    const mine = queue.filter((item) => own.has(item.id));
    list.replaceChildren(
      row(t("holdsDrafts"), String(notebook.drafts.length)),
      row(t("holdsSealed"), `${mine.length} (${size(mine.reduce((sum, item) => sum + sizeOf(item), 0))})`),
      row(t("holdsForms"), String(notebook.forms.length)),
      row(t("holdsPlaces"), String(notebook.today?.places.length ?? 0)),
      row(t("holdsColleagues"), String(notebook.today?.colleagues.length ?? 0)),
      row(t("holdsToken"), t(notebook.connection ? "yes" : "no")),
      row(t("holdsOpen"), t("yes")),
      row(t("holdsNoise"), size(pieces.length * 65536)),
    );
  });
  return [heading(t("holds")), h("p", {}, t("holdsLead")), list, h("p", { class: "f-muted" }, t("holdsLimits")), button(t("back"), () => go("more"), "secondary")];
}
