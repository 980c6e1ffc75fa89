// Drafts lie encrypted in the notebook and end by themselves. A finished form is sealed in the same breath in which
// its draft goes: killed at any moment, the phone holds either the draft or the sealed form, never both, never none.
import { coarsened } from "../coarsening";
import type { DraftState, Finished } from "../seam";
import { fromHex, hex, random, sha256 } from "./ciphers";
import type { Draft, KeptForm, Kept, Notebook } from "./notebook";
import { type Waiting, waiting } from "./outbox";
import * as vault from "./vault";

type Write = (of: (store: "slots" | "bulk" | "outbox") => IDBObjectStore) => void;

export const newId = () => hex(random(16));

function partsOf(draft: Draft): Kept[] {
  return [draft.xml, ...draft.files.map((file) => file.kept)];
}

export async function save(open: vault.Open, id: string, form: KeptForm, state: DraftState): Promise<void> {
  await vault.change(open, async (notebook) => {
    const writes: Write[] = [];
    const old = notebook.drafts.find((draft) => draft.id === id);
    const xml = await vault.keep(open, notebook, new Blob([state.instanceXml], { type: "text/xml" }));
    writes.push(xml.more);
    const files: Draft["files"] = [];
    for (const [name, blob] of state.files) {
      const before = old?.files.find((file) => file.name === name && file.kept.size === blob.size);
      if (before) {
        files.push(before); // a photo is written once, not at every letter
        continue;
      }
      const { kept, more } = await vault.keep(open, notebook, blob);
      writes.push(more);
      files.push({ name, kept });
    }
    const stays = new Set(files.map((file) => file.kept));
    if (old) for (const kept of partsOf(old)) if (!stays.has(kept)) writes.push(vault.drop(notebook, kept));
    notebook.drafts = notebook.drafts.filter((draft) => draft.id !== id);
    const { formId, version, title } = form;
    notebook.drafts.unshift({ id, formId, version, title, at: state.at, changed: Date.now(), xml: xml.kept, files });
    return (of) => writes.forEach((write) => write(of));
  });
}

export async function restore(open: vault.Open, draft: Draft): Promise<DraftState> {
  const files = new Map<string, Blob>();
  for (const file of draft.files) files.set(file.name, await vault.load(open, file.kept));
  return { instanceXml: await (await vault.load(open, draft.xml)).text(), files, at: draft.at };
}

function dropDraft(notebook: Notebook, id: string): Write[] {
  const draft = notebook.drafts.find((one) => one.id === id);
  if (!draft) return [];
  notebook.drafts = notebook.drafts.filter((one) => one.id !== id);
  if (notebook.open === id) delete notebook.open;
  return partsOf(draft).map((kept) => vault.drop(notebook, kept));
}

export async function discard(open: vault.Open, ...ids: string[]): Promise<void> {
  await vault.change(open, (notebook) => {
    const writes = ids.flatMap((id) => dropDraft(notebook, id));
    return (of) => writes.forEach((write) => write(of));
  });
}

export const endsAt = (draft: Draft, notebook: Notebook) => draft.changed + notebook.settings.draftHours * 3_600_000;

export async function endOldDrafts(open: vault.Open, now: number): Promise<void> {
  const notebook = await vault.current(open);
  const over = notebook.drafts.filter((draft) => endsAt(draft, notebook) < now).map((draft) => draft.id);
  if (over.length) await discard(open, ...over);
}

interface OfForm {
  formId: string;
  version: string;
}

function toldOf(notebook: Notebook, form: OfForm) {
  const told = notebook.keys?.forms.filter((one) => one.form === form.formId) ?? [];
  return told.find((one) => one.version === form.version) ?? told[0];
}

// The squares to which a form's positions are rounded. Of an older version the server says nothing more: it may ask for a
// position although the newest does not, so a locked one gets the squares of its grade.
const SQUARE_OF_LOCKED = 0.01;
export function gridOf(notebook: Notebook, form: OfForm): number | null {
  const told = toldOf(notebook, form);
  const older = told !== undefined && told.version !== form.version;
  return told?.grid ?? (older && told.grade === "locked" ? SQUARE_OF_LOCKED : null);
}

// Whose key a form is sealed to, or nothing while the server has not said it or the organisation has no key.
export function recipient(notebook: Notebook, form: OfForm) {
  const told = toldOf(notebook, form);
  if (!told || !notebook.keys) return null;
  const toOrganisation = told.sealed_for === "organisation";
  const key = toOrganisation ? notebook.keys.organisation_key : notebook.keys.intake;
  return key ? { sealedFor: toOrganisation ? "organisation" : "intake", publicKey: fromHex(key.public) } : null;
}

async function ticketOf(token: string, envelope: Uint8Array<ArrayBuffer>): Promise<string> {
  const secret = await sha256(new TextEncoder().encode(token));
  const key = await crypto.subtle.importKey("raw", secret, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  const said = new TextEncoder().encode(`lygte/send|${hex(await sha256(envelope))}`);
  return hex(new Uint8Array(await crypto.subtle.sign("HMAC", key, said)));
}

export class NoKey extends Error {}

export async function seal(open: vault.Open, id: string, form: KeptForm, done: Finished): Promise<void> {
  const notebook = await vault.current(open);
  const to = recipient(notebook, form);
  const connection = notebook.connection;
  if (!to || !connection || !notebook.keys) throw new NoKey();
  const files = await Promise.all(
    done.files.map(async ({ name, blob }) => ({ name, content: new Uint8Array(await blob.arrayBuffer()) })),
  );
  const belongs = {
    organisation: notebook.keys.organisation.ref,
    form: form.formId,
    version: form.version,
    instance: done.instanceId,
  };
  const xform = await (await vault.load(open, form.xform)).text();
  const content = coarsened(done.instanceXml, xform, gridOf(notebook, form)); // once it is sealed nobody can any more
  const { sealForm } = await import("@vault/sealing.js"); // the ciphers come only when there is something to seal
  const sealed = await sealForm(to, belongs, content, files);
  const envelope = new Uint8Array(sealed.envelope);
  const boxes = sealed.files.map((file: Uint8Array) => new Uint8Array(file));
  const item: Waiting = {
    id: sealed.id,
    order: ((await waiting()).at(-1)?.order ?? 0) + 1, // a number, not a time: the queue tells nobody when
    envelope,
    files: boxes,
    ticket: await ticketOf(connection.token, envelope),
    phone: connection.phone,
    tries: 0,
    after: 0,
  };
  await vault.change(open, (now) => {
    const writes = dropDraft(now, id);
    const size = envelope.length + boxes.reduce((sum: number, box: Uint8Array) => sum + box.length, 0);
    now.sealed.unshift({ id: item.id, title: form.title, size, sealed: Date.now() });
    now.sealed = now.sealed.slice(0, 60);
    return (of) => {
      writes.forEach((write) => write(of));
      of("outbox").put(item);
    };
  });
}
