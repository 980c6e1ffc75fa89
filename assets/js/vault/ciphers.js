// The twin of core/vault/ciphers.py for phones: the same boxes, byte for byte. What a phone writes, the server opens.
// A phone seals what was filled in to the organisation's public key and cannot open it again.
import sodium from "libsodium-wrappers";

export const KEY = 32;
const VERSION = 1;
const NONCE = 24;
const TAG = 16;
const STEPS = [256, 1024, 4096, 16384, 65536];
const utf8 = new TextEncoder();

// A box that was changed, moved, or locked with another key. It never gives anything back.
export class Unopenable extends Error {
  constructor() {
    super("this box does not open here");
    this.name = "Unopenable";
  }
}

export const ready = sodium.ready;

export function randomKey() {
  return sodium.randombytes_buf(KEY);
}

export function paddedSize(length) {
  const needed = length + 4;
  const step = STEPS.find((size) => needed <= size);
  return step ?? Math.ceil(needed / STEPS.at(-1)) * STEPS.at(-1);
}

function pad(content) {
  const padded = new Uint8Array(paddedSize(content.length));
  new DataView(padded.buffer).setUint32(0, content.length);
  padded.set(content, 4);
  return padded;
}

function unpad(padded) {
  const length = padded.length < 4 ? 0 : new DataView(padded.buffer, padded.byteOffset).getUint32(0);
  if (padded.length < 4 || length + 4 > padded.length || padded.length !== paddedSize(length)) throw new Unopenable();
  return padded.slice(4, 4 + length);
}

function joined(...parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

// The parts as associated data, such that no other parts give the same.
export function bind(...parts) {
  if (parts.some((part) => part.includes("|"))) throw new Error("a part may not hold the mark that parts them");
  return utf8.encode(parts.join("|"));
}

// Version, nonce and ciphertext of the padded content; `boundTo` must be given again to open it.
export function lock(key, content, boundTo) {
  const nonce = sodium.randombytes_buf(NONCE);
  const bound = joined([VERSION], boundTo);
  const box = sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(pad(content), bound, null, nonce, key);
  return joined([VERSION], nonce, box);
}

export function unlock(key, box, boundTo) {
  if (box[0] !== VERSION || box.length < 1 + NONCE + TAG) throw new Unopenable();
  const [nonce, rest] = [box.slice(1, 1 + NONCE), box.slice(1 + NONCE)];
  try {
    return unpad(
      sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(null, rest, joined([VERSION], boundTo), nonce, key),
    );
  } catch {
    throw new Unopenable();
  }
}

export function newPair() {
  const pair = sodium.crypto_box_keypair();
  return [pair.publicKey, pair.privateKey];
}

export function publicOf(privateKey) {
  return sodium.crypto_scalarmult_base(privateKey);
}

// A box that only the holder of the private key can open; nobody learns who made it.
export function seal(publicKey, content) {
  return joined([VERSION], sodium.crypto_box_seal(content, publicKey));
}

export function unseal(privateKey, box) {
  if (box[0] !== VERSION) throw new Unopenable();
  try {
    return sodium.crypto_box_seal_open(box.slice(1), publicOf(privateKey), privateKey);
  } catch {
    throw new Unopenable();
  }
}

// A key derived for one use, named by the label (HKDF-SHA256, RFC 5869); by the browser's own WebCrypto.
export async function derive(key, label, length = KEY) {
  const base = await crypto.subtle.importKey("raw", key, "HKDF", false, ["deriveBits"]);
  const how = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(0), info: utf8.encode(`lygte/${label}`) };
  return new Uint8Array(await crypto.subtle.deriveBits(how, base, length * 8));
}

// What people compare aloud: the first 96 bits of SHA-256 of a public key.
export async function fingerprint(publicKey) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", publicKey));
  return sodium.to_hex(digest.slice(0, 12)).match(/.{4}/g).join(" ");
}
