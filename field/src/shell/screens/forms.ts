// Forms to fill in, and drafts with the moment at which they delete themselves.
import { app, draw, refresh, type App } from "../app";
import { discard, endsAt, recipient } from "../drafts";
import { button, h } from "../elements";
import { fill } from "../filling";
import { t, when } from "../language";
import type { Draft, KeptForm, Notebook } from "../notebook";
import { heading } from "./today";

export function forms({ notebook }: App): HTMLElement[] {
  if (!notebook) return [];
  const shown = notebook.forms.filter((form) => form.current);
  const drafts = notebook.drafts;
  return [
    heading(t("forms")),
    ...(drafts.length ? [h("section", {}, h("h2", {}, t("drafts")), h("ul", { class: "f-list" }, drafts.map((draft) => draftItem(draft, notebook))))] : []),
    shown.length ? h("ul", { class: "f-list" }, shown.map((form) => formItem(form, notebook))) : h("p", {}, t("noForms")),
  ];
}

function formItem(form: KeptForm, notebook: Notebook): HTMLElement {
  const to = recipient(notebook, form);
  const where = to && t(to.sealedFor === "organisation" ? "goesToKeyHolders" : "goesToServer");
  return h(
    "li",
    { class: "f-row" },
    h("div", {}, h("span", { class: "f-strong", id: `form-${form.formId}` }, form.title), h("span", { class: "f-muted" }, where ?? t("noKeyForForm"))),
    to ? button(t("fillIn"), () => fill(form), "primary", { "aria-describedby": `form-${form.formId}` }) : null,
  );
}

function draftItem(draft: Draft, notebook: Notebook): HTMLElement {
  const form = notebook.forms.find((one) => one.formId === draft.formId && one.version === draft.version);
  return h(
    "li",
    { class: "f-row" },
    h(
      "div",
      {},
      h("span", { class: "f-strong", id: `draft-${draft.id}` }, draft.title),
      h("span", { class: "f-muted" }, t("draftChanged", { when: when(draft.changed) })),
      h("span", { class: "f-muted" }, t("draftEnds", { when: when(endsAt(draft, notebook)) })),
    ),
    h(
      "div",
      { class: "f-buttons" },
      form ? button(t("goOn"), () => fill(form, draft), "primary", { "aria-describedby": `draft-${draft.id}` }) : null,
      button(
        t("discard"),
        async () => {
          if (!app.open) return;
          await discard(app.open, draft.id);
          app.message = t("discarded");
          await refresh();
          draw();
        },
        "quiet",
        { "aria-describedby": `draft-${draft.id}` },
      ),
    ),
  );
}
