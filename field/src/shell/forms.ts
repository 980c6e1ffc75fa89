// Forms and their files on the phone: fetched when their version or hash changed, kept only if the hash is right.
import { md5 } from "hash-wasm";
import type { FormSource } from "../seam";
import { gridOf } from "./drafts";
import type { Draft, KeptForm } from "./notebook";
import * as server from "./server";
import * as vault from "./vault";

async function hashOf(blob: Blob): Promise<string> {
  return `md5:${await md5(new Uint8Array(await blob.arrayBuffer()))}`;
}

// Fetch what changed, keep the rest, forget what is gone. A form whose bytes are not what the list says is not kept.
export async function renew(open: vault.Open, token: string): Promise<void> {
  const listed = await server.formList(token);
  const before = (await vault.current(open)).forms;
  for (const form of listed) {
    const known = before.find((kept) => kept.current && kept.formId === form.formId);
    const files = form.manifest ? await server.manifest(token, form.manifest) : [];
    const same =
      known?.version === form.version &&
      known.hash === form.hash &&
      JSON.stringify(known.media.map((file) => [file.name, file.hash])) ===
        JSON.stringify(files.map((file) => [file.name, file.hash]));
    if (same) continue;
    const xform = await server.bytes(token, form.download);
    if ((await hashOf(xform)) !== form.hash) continue;
    const media: { name: string; hash: string; blob: Blob }[] = [];
    for (const file of files) {
      const blob = await server.bytes(token, file.download);
      if ((await hashOf(blob)) === file.hash) media.push({ name: file.name, hash: file.hash, blob });
    }
    if (media.length === files.length) await store(open, form, xform, media);
  }
  await forget(open, new Set(listed.map((form) => form.formId)));
}

async function store(
  open: vault.Open,
  form: server.Listed,
  xform: Blob,
  media: { name: string; hash: string; blob: Blob }[],
): Promise<void> {
  await vault.change(open, async (notebook) => {
    const writes: vault.More[] = [];
    const main = await vault.keep(open, notebook, xform);
    writes.push(main.more);
    const files: KeptForm["media"] = [];
    for (const file of media) {
      const { kept, more } = await vault.keep(open, notebook, file.blob);
      writes.push(more);
      files.push({ name: file.name, hash: file.hash, kept });
    }
    const { formId, version, title, hash } = form;
    for (const old of notebook.forms) if (old.formId === formId) old.current = false;
    notebook.forms.push({ formId, version, title, hash, current: true, xform: main.kept, media: files });
    notebook.forms.sort((a, b) => a.title.localeCompare(b.title));
    return (of) => writes.forEach((write) => write(of));
  });
}

const needed = (form: KeptForm, drafts: Draft[]) =>
  drafts.some((draft) => draft.formId === form.formId && draft.version === form.version);

// Withdrawn forms and older versions become noise, once no draft needs them.
async function forget(open: vault.Open, listed: Set<string>): Promise<void> {
  const goes = (form: KeptForm, drafts: Draft[]) =>
    !(form.current && listed.has(form.formId)) && !needed(form, drafts);
  const notebook = await vault.current(open);
  if (!notebook.forms.some((form) => goes(form, notebook.drafts) || (form.current && !listed.has(form.formId)))) return;
  await vault.change(open, (now) => {
    const gone = now.forms.filter((form) => goes(form, now.drafts));
    const kept = gone.flatMap((form) => [form.xform, ...form.media.map((file) => file.kept)]);
    const writes = kept.map((one) => vault.drop(now, one));
    now.forms = now.forms.filter((form) => !gone.includes(form));
    for (const form of now.forms) if (!listed.has(form.formId)) form.current = false;
    return (of) => writes.forEach((write) => write(of));
  });
}

export async function source(open: vault.Open, form: KeptForm): Promise<FormSource> {
  const { formId, version, title } = form;
  return {
    formId,
    version,
    title,
    grid: gridOf(await vault.current(open), form),
    xform: await (await vault.load(open, form.xform)).text(),
    media: async (name) => {
      const file = form.media.find((kept) => kept.name === name);
      return file ? vault.load(open, file.kept) : null;
    },
  };
}
