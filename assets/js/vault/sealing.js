// What a phone may do with a filled form: seal it to the organisation's public key at once, and keep only the box.
import { KEY, bind, fingerprint, lock, randomKey, ready, seal, Unopenable, unlock, unseal } from "./ciphers.js";

// Seal a form for an organisation. The content is locked under a fresh key, bound to the form's own reference;
// the key is sealed, so that the box can be as long as it wants and nobody but a holder of the key opens it.
export async function sealForm(publicKey, ref, values) {
  await ready;
  const key = randomKey();
  const content = lock(key, new TextEncoder().encode(JSON.stringify(values)), bind("form", ref));
  const sealed = seal(publicKey, key);
  const whole = new Uint8Array(2 + sealed.length + content.length);
  new DataView(whole.buffer).setUint16(0, sealed.length);
  whole.set(sealed, 2);
  whole.set(content, 2 + sealed.length);
  key.fill(0);
  return whole;
}

// The other side of it, for tests and for pages of people who hold the key.
export async function openForm(privateKey, ref, whole) {
  await ready;
  if (whole.length < 2) throw new Unopenable();
  const size = new DataView(whole.buffer, whole.byteOffset).getUint16(0);
  const key = unseal(privateKey, whole.slice(2, 2 + size));
  if (key.length !== KEY) throw new Unopenable();
  return JSON.parse(new TextDecoder().decode(unlock(key, whole.slice(2 + size), bind("form", ref))));
}

// Ask before the first use: the worker compares these groups with those on the coordinator's page.
export { fingerprint };
