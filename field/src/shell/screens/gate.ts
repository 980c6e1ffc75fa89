// Before anything is open: setting the app up, and opening it with a code. Neither says what the app is for.
import { app, draw, opened, wipeNow } from "../app";
import { button, field, h, held, notice } from "../elements";
import * as guise from "../guise";
import * as speech from "../language";
import { t } from "../language";
import * as vault from "../vault";

const HOLD = 3; // seconds

export const strongEnough = (code: string) => code.length >= (/^\d+$/.test(code) ? 10 : 8);

export function password(name: string, fresh: boolean): HTMLInputElement {
  return h("input", {
    type: "password",
    class: "f-input",
    name,
    autocomplete: "off",
    autocapitalize: "off",
    spellcheck: "false",
    "data-fresh": fresh,
    required: true,
  });
}

export function chooser<T extends string>(
  name: string,
  legend: string,
  choices: { value: T; label: string; picture?: string }[],
  chosen: T,
  change: (value: T) => void,
): HTMLElement {
  return h(
    "fieldset",
    { class: "f-choices" },
    h("legend", {}, legend),
    choices.map(({ value, label, picture }) => {
      const input = h("input", { type: "radio", name, value, checked: value === chosen, id: `${name}-${value}`, onchange: () => change(value) });
      return h("label", { class: "f-choice", for: `${name}-${value}` }, input, picture ? h("img", { src: picture, alt: "", width: 32, height: 32 }) : null, label);
    }),
  );
}

export function languages(then: () => void): HTMLElement {
  const select = h("select", { class: "f-input f-input--short", id: "language" });
  for (const [code, name] of Object.entries(speech.LANGUAGES))
    select.append(h("option", { value: code, selected: code === speech.language(), lang: code }, name));
  select.addEventListener("change", () => {
    speech.choose(select.value as speech.Language);
    guise.show();
    then();
  });
  return h("div", { class: "f-field" }, h("label", { for: "language" }, t("language")), select);
}

// The token out of a link from the page “Connect a phone”, or nothing.
export function tokenIn(text: string): string {
  const found = /#connect=([\w-]{20,200})\s*$/.exec(text.trim());
  return found?.[1] ?? "";
}

let found = "";
export const keepLink = (token: string) => void (found = token);
export const takeLink = () => {
  const token = found;
  found = "";
  return token;
};

export function welcome(): HTMLElement {
  const link = h("input", { class: "f-input", name: "link", type: "text", autocomplete: "off", inputmode: "url", dir: "ltr" });
  const code = password("code", true);
  const again = password("again", true);
  const problem = h("div", {});
  const refuse = (sentence: string, at: HTMLElement) => {
    problem.replaceChildren(notice("error", h("p", {}, sentence)));
    at.focus();
  };
  const go = button(t("start"), () => undefined, "primary", { type: "submit" });
  const form = h(
    "form",
    {
      class: "f-stack",
      novalidate: true,
      onsubmit: async (event) => {
        event.preventDefault();
        const pasted = link.value.trim() ? tokenIn(link.value) : "";
        if (link.value.trim() && !pasted) return refuse(t("linkWrong"), link);
        if (!strongEnough(code.value)) return refuse(t("codeShort"), code);
        if (code.value !== again.value) return refuse(t("codeDiffers"), again);
        go.disabled = true;
        go.textContent = t("working");
        await new Promise((painted) => setTimeout(painted, 30));
        const made = await vault.create(code.value);
        await connectWith(made.open, takeLink() || pasted);
        app.persistent = (await navigator.storage?.persist?.()) ?? null;
        await opened(made.open, await vault.current(made.open));
      },
    },
    found ? notice("success", h("p", {}, t("linkFound"))) : field(t("link"), link, t("linkMissing")),
    looks(),
    field(t("chooseCode"), code, t("chooseCodeHint")),
    field(t("codeAgain"), again),
    problem,
    go,
  );
  return h("main", { class: "f-page f-page--gate" }, languages(draw), h("h1", { tabindex: -1 }, t("welcome")), h("p", { class: "f-lead" }, t("welcomeLead")), form);
}

export function looks(): HTMLElement {
  const pick = (name: guise.Name, icon: guise.Icon) => guise.choose(name, icon);
  const pairs = guise.NAMES.map((name, index) => ({ name, icon: guise.ICONS[index]! }));
  return h(
    "div",
    {},
    chooser(
      "look",
      t("look"),
      pairs.map(({ name, icon }) => ({ value: name, label: guise.nameIn(name), picture: `/field/icons/${icon}.svg` })),
      guise.name(),
      (name) => pick(name, pairs.find((pair) => pair.name === name)!.icon),
    ),
    h("p", { class: "f-hint" }, t("lookHint")),
  );
}

export async function connectWith(open: vault.Open, token: string): Promise<void> {
  if (!token) return;
  await vault.change(open, (notebook) => {
    notebook.connection = { token, phone: "", organisation: "", lastContact: 0 };
  });
}

export function locked(): HTMLElement {
  const code = password("code", false);
  code.id = "code";
  const problem = h("div", {});
  const refuse = (sentence: string) => {
    problem.replaceChildren(notice("error", h("p", {}, sentence)));
    code.focus();
  };
  const go = button(t("open"), () => undefined, "primary", { type: "submit" });
  const form = h(
    "form",
    {
      class: "f-stack",
      novalidate: true,
      onsubmit: async (event) => {
        event.preventDefault();
        if (!code.value) return refuse(t("codeMissing"));
        go.disabled = true;
        go.textContent = t("working");
        await new Promise((painted) => setTimeout(painted, 30));
        const inside = await vault.unlockWith(code.value).catch(() => undefined);
        if (inside) {
          const link = takeLink();
          if (link) await connectWith(inside.open, link);
          return void (await opened(inside.open, inside.notebook));
        }
        go.disabled = false;
        go.textContent = t("open");
        if (inside === undefined) return refuse(t("notNow")); // stretching a code needs memory that an old phone may lack
        code.value = "";
        refuse(t("wrongCode"));
      },
    },
    h("div", { class: "f-field" }, h("label", { for: "code" }, t("code")), code),
    problem,
    go,
  );
  return h(
    "main",
    { class: "f-page f-page--gate" },
    h("h1", { tabindex: -1 }, guise.nameIn(guise.name())),
    form,
    h(
      "div",
      { class: "f-gate__foot" },
      languages(draw),
      held(t("holdToEmpty"), HOLD, wipeNow, () => undefined, "quiet", t("holdToEmptyShort")),
    ),
  );
}
