// What a phone may do with a filled form: seal it and its files at once, and keep only the boxes. The twin of
// core/vault/envelopes.py; the bytes are written down in docs/rooms/intake.md.
import sodium from "libsodium-wrappers";
import { fingerprint, lock, randomKey, ready, seal, Unopenable, unlock, unseal } from "./ciphers.js";

const MAGIC = new Uint8Array([0x4c, 0x59, 0x47, 1]); // "LYG", version 1
const LETTERS = "abcdefghijklmnopqrstuvwxyz234567";
const utf8 = new TextEncoder();

export const INTAKE = "intake";
export const ORGANISATION = "organisation";

function joined(...parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function measured(part) {
  const length = new Uint8Array(2);
  new DataView(length.buffer).setUint16(0, part.length);
  return joined(length, part);
}

function cut(whole) {
  if (whole.length < 2) throw new Unopenable();
  const size = new DataView(whole.buffer, whole.byteOffset).getUint16(0);
  if (size === 0 || whole.length < 2 + size) throw new Unopenable();
  return [whole.slice(2, 2 + size), whole.slice(2 + size)];
}

// 128 random bits as 26 letters, as everywhere in Lygte: the name of an envelope.
export function newRef() {
  const bytes = sodium.randombytes_buf(16);
  let ref = "";
  for (let bit = 0; bit < 128; bit += 5) {
    const pair = (bytes[bit >> 3] << 8) | (bytes[(bit >> 3) + 1] ?? 0);
    ref += LETTERS[(pair >> (11 - (bit & 7))) & 31];
  }
  return ref;
}

export async function keyId(publicKey) {
  await ready;
  return (await fingerprint(publicKey)).replaceAll(" ", "");
}

// What every box is bound to: the version of the format, which part it is, and the whole header as it stands.
function bound(header, part) {
  return joined(utf8.encode(`sealed/1|${part}|`), header);
}

// The key, and whose it is, so that two envelopes cannot change keys.
async function innerOf(key, ref) {
  return joined(key, new Uint8Array(await crypto.subtle.digest("SHA-256", utf8.encode(ref))));
}

// Seal a filled form. `to` says for whom: { sealedFor: INTAKE or ORGANISATION, publicKey }; `of` what it belongs to:
// { organisation, form, version, instance }. `xml` is text; files are [{ name, content: Uint8Array }].
// Gives { id, envelope, files: [Uint8Array] }; nobody here can open them again.
export async function sealForm(to, of, xml, files = []) {
  await ready;
  const id = newRef();
  const header = utf8.encode(
    JSON.stringify({
      sealed_for: to.sealedFor,
      key: await keyId(to.publicKey),
      id,
      organisation: of.organisation,
      form: of.form,
      version: of.version,
      instance: of.instance,
      files: files.length,
    }),
  );
  const key = randomKey();
  const sealedKey = seal(to.publicKey, await innerOf(key, id));
  const box = lock(key, utf8.encode(xml), bound(header, "form"));
  const boxes = files.map((file, number) =>
    lock(key, joined(measured(utf8.encode(file.name)), file.content), bound(header, `file|${number}`)),
  );
  key.fill(0);
  return { id, envelope: joined(MAGIC, measured(header), measured(sealedKey), box), files: boxes };
}

// What an envelope says in the open.
export function headerOf(envelope) {
  if (MAGIC.some((byte, at) => envelope[at] !== byte)) throw new Unopenable();
  return JSON.parse(new TextDecoder().decode(cut(envelope.slice(MAGIC.length))[0]));
}

// The other side of it, for tests and for pages of people who hold the key.
export async function openForm(privateKey, envelope, files = []) {
  await ready;
  if (MAGIC.some((byte, at) => envelope[at] !== byte)) throw new Unopenable();
  const [header, rest] = cut(envelope.slice(MAGIC.length));
  const [sealedKey, box] = cut(rest);
  const inner = unseal(privateKey, sealedKey);
  const key = inner.slice(0, 32);
  const whose = await innerOf(key, headerOf(envelope).id);
  if (inner.length !== whose.length || !sodium.memcmp(inner, whose)) throw new Unopenable();
  const xml = new TextDecoder().decode(unlock(key, box, bound(header, "form")));
  const opened = files.map((file, number) => {
    const [name, content] = cut(unlock(key, file, bound(header, `file|${number}`)));
    return { name: new TextDecoder().decode(name), content };
  });
  return { xml, files: opened };
}

// Ask before the first use: the worker compares these groups with those on the coordinator's page.
export { fingerprint };
