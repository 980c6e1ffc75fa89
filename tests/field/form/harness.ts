// The form alone in a page, with a host that only writes down what it is told: the tests ask it.
import { coarsened } from "../../../field/src/coarsening";
import { openForm, type DraftState, type Finished } from "../../../field/src/form/index";

interface Told {
  drafts: DraftState[];
  finished: Finished[];
  left: number;
}

const told: Told = { drafts: [], finished: [], left: 0 };
let opened: { close(): void } | null = null;

const tests = {
  told,
  async open(xform: string, media: Record<string, string>, language: string, draft?: DraftState, grid?: number): Promise<void> {
    opened?.close();
    Object.assign(told, { drafts: [], finished: [], left: 0 });
    document.documentElement.lang = language;
    document.documentElement.dir = language === "ar" ? "rtl" : "ltr";
    document.title = "Form";
    const source = {
      formId: "form", version: "1", title: "Form", xform, grid,
      media: async (name: string) => {
        if (!(name in media)) return null;
        const text = media[name]!;
        return text.startsWith("base64:") ? new Blob([Uint8Array.from(atob(text.slice(7)), (one) => one.charCodeAt(0))]) : new Blob([text]);
      },
    };
    opened = await openForm(document.querySelector("#app")!, source, {
      language,
      onChange: (draft) => told.drafts.push(draft),
      onFinish: (done) => told.finished.push(done),
      onLeave: () => told.left++,
    }, draft);
  },
  close: () => opened?.close(),
  coarsened,
  fill,
  lastDraft: () => told.drafts.at(-1),
  // The files of the finished form, as bytes the tests can look into.
  async files(): Promise<{ name: string; type: string; base64: string }[]> {
    return Promise.all((told.finished[0]?.files ?? []).map(async ({ name, blob }) => {
      const bytes = new Uint8Array(await blob.arrayBuffer());
      let text = "";
      for (const byte of bytes) text += String.fromCharCode(byte);
      return { name, type: blob.type, base64: btoa(text) };
    }));
  },
};

// Answers whatever is asked, screen by screen, until the page of all answers; returns how many screens there were.
async function fill(most: number): Promise<number> {
  const form = (): HTMLElement => document.querySelector(".q-form")!;
  const type = (input: HTMLInputElement | HTMLTextAreaElement, value: string): void => {
    input.value = value;
    input.dispatchEvent(new Event("input", { bubbles: true }));
    input.dispatchEvent(new Event("change", { bubbles: true }));
  };
  const turn = () => new Promise((go) => setTimeout(go));
  for (let screen = 1; screen <= most; screen++) {
    // Answers make questions appear: look again until nothing is blank.
    for (let round = 0; round < 20; round++) {
      const blank = [...document.querySelectorAll(".q:not([data-filled])")];
      if (!blank.length) break;
      for (const question of blank) {
        question.setAttribute("data-filled", "");
        const field = question.querySelector<HTMLInputElement>("input:not([type=file], [type=search]), textarea");
        if (field?.type === "radio" || field?.type === "checkbox") {
          if (!question.querySelector("input:checked")) field.click();
        } else if (field?.type === "date") type(field, "2026-11-28");
        else if (field?.type === "time") type(field, "10:20");
        else if (field?.inputMode === "numeric" || field?.inputMode === "decimal") type(field, "1");
        else if (field && !field.value) type(field, field.type === "tel" ? "+4512" : "Ærø");
        await turn();
      }
    }
    form().querySelector<HTMLButtonElement>(".q-next")!.click();
    await turn();
    await turn();
    if (form().querySelector(".q-faults li") && form().dataset.screen !== "review") throw new Error(`stopped: ${form().innerText}`);
    if (form().dataset.screen === "review") return screen;
  }
  throw new Error(`no end after ${most} screens`);
}

(globalThis as unknown as { tests: typeof tests }).tests = tests;
