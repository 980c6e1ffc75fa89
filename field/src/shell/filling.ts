// A form on the screen: what is written is kept as a draft at once, what is done is sealed at once.
import type { DraftState, FormSource } from "../seam";
import { app, draw, refresh, syncNow } from "./app";
import * as drafts from "./drafts";
import * as forms from "./forms";
import { language, t } from "./language";
import { lockButton } from "./locking";
import type { Draft, KeptForm } from "./notebook";
import { FORM_OPEN, sendLater } from "./updates";
import type * as vault from "./vault";
import * as vaultNow from "./vault";

interface Filling {
  id: string;
  form: KeptForm;
  open: vault.Open;
  close(): void;
  latest: DraftState | null;
  saving: Promise<void>;
  timer: number;
  release(): void;
  released: Promise<unknown>; // when other tabs, and a new version of the app, may know that no form is open here
}

const PAUSE = 400; // after the last letter
let filling: Filling | null = null;

export const isFormOpen = () => filling !== null;

export async function fill(form: KeptForm, draft?: Draft, given?: Record<string, string>): Promise<void> {
  const open = app.open;
  if (!open || filling) return;
  const root = document.createElement("div");
  root.className = "f-form";
  document.body.replaceChildren(root);
  scrollTo(0, 0);
  let release: () => void = () => undefined;
  const closed = new Promise<void>((done) => (release = done));
  const mine: Filling = {
    id: draft?.id ?? drafts.newId(),
    form,
    open,
    close: () => undefined,
    latest: null,
    saving: Promise.resolve(),
    timer: 0,
    release,
    released: navigator.locks.request(FORM_OPEN, { mode: "shared" }, () => closed),
  };
  filling = mine;
  const host = {
    language: language(),
    corner: lockButton(true),
    onChange: (state: DraftState) => note(mine, state),
    onFinish: (done: Parameters<typeof drafts.seal>[3]) => void finish(mine, done),
    onLeave: () => void leave(mine),
  };
  try {
    const source: FormSource = { ...(await forms.source(open, form)), given };
    const before = draft && (await drafts.restore(open, draft));
    const { openForm } = await import("../form/index");
    void import("@vault/sealing.js").catch(() => undefined); // there before it is needed: a new version may come meanwhile
    const shown = await openForm(root, source, host, before);
    if (filling === mine) mine.close = () => shown.close();
    else shown.close();
  } catch (problem) {
    await leave(mine);
    app.message = t("formBroken", { what: problem instanceof Error ? problem.message : "" });
    draw();
  }
}

function note(mine: Filling, state: DraftState): void {
  if (filling !== mine) return; // nothing is written any more once the form is put away
  mine.latest = state;
  clearTimeout(mine.timer);
  mine.timer = window.setTimeout(() => void keep(mine), PAUSE);
}

function keep(mine: Filling): Promise<void> {
  const state = mine.latest;
  mine.latest = null;
  clearTimeout(mine.timer);
  if (state) mine.saving = mine.saving.then(() => drafts.save(mine.open, mine.id, mine.form, state));
  return mine.saving;
}

function end(mine: Filling): void {
  if (filling === mine) filling = null;
  mine.close();
  mine.release();
}

async function finish(mine: Filling, done: Parameters<typeof drafts.seal>[3]): Promise<void> {
  if (filling !== mine) return;
  clearTimeout(mine.timer);
  mine.latest = { instanceXml: done.instanceXml, files: new Map(done.files.map((file) => [file.name, file.blob])) };
  try {
    await mine.saving;
    await drafts.seal(mine.open, mine.id, mine.form, done);
    mine.latest = null;
    app.message = t("sealedNow");
    app.screen = "queue";
    void sendLater();
  } catch (problem) {
    await keep(mine); // nothing is lost: it stays as a draft until there is a key
    app.message = t(problem instanceof drafts.NoKey ? "noKeyYet" : "notSealed");
    app.screen = "forms";
  }
  end(mine);
  await refresh();
  void syncNow(true); // a contact that runs already may be past its sending
}

async function leave(mine: Filling): Promise<void> {
  if (filling !== mine) return;
  await keep(mine);
  end(mine);
  await refresh();
}

// The app locks itself: keep what is written, remember which draft it was.
export async function closeForm(): Promise<void> {
  const mine = filling;
  if (!mine) return;
  mine.close(); // it tells what was written last, and nobody reads over a shoulder while that is kept
  await keep(mine).catch(() => undefined);
  await vaultNow
    .change(mine.open, (notebook) => {
      if (notebook.drafts.some((draft) => draft.id === mine.id)) notebook.open = mine.id;
    })
    .catch(() => undefined);
  end(mine);
  await mine.released;
}

// The app is being emptied: nothing of the form is kept.
export function dropForm(): void {
  const mine = filling;
  if (!mine) return;
  clearTimeout(mine.timer);
  mine.latest = null;
  end(mine);
}
