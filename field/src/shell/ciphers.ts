// What keeps the phone's own notes: a key stretched from the worker's code (Argon2id) and AES-256-GCM of the browser.
import { argon2id } from "hash-wasm";

export const IV = 12;
export const TAG = 16;
const STRETCH = { parallelism: 1, iterations: 3, memorySize: 64 * 1024, hashLength: 32 };

export function random(length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length; at += 65536) crypto.getRandomValues(bytes.subarray(at, Math.min(length, at + 65536)));
  return bytes;
}

export function hex(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function fromHex(text: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array((text.match(/../g) ?? []).map((pair) => parseInt(pair, 16)));
}

export async function sha256(content: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", content));
}

export function aesKey(raw: Uint8Array<ArrayBuffer>): Promise<CryptoKey> {
  return crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);
}

// The key that the worker's code gives, with this phone's salt.
export async function stretched(code: string, salt: Uint8Array): Promise<CryptoKey> {
  const raw = await argon2id({ password: code.normalize("NFKC"), salt, ...STRETCH, outputType: "binary" });
  const key = await aesKey(new Uint8Array(raw));
  raw.fill(0);
  return key;
}

// Nonce and ciphertext, bound to the place where it will lie.
export async function lock(
  key: CryptoKey,
  content: Uint8Array<ArrayBuffer>,
  place: string,
): Promise<Uint8Array<ArrayBuffer>> {
  const iv = random(IV);
  const how = { name: "AES-GCM", iv, additionalData: new TextEncoder().encode(place) };
  const box = new Uint8Array(IV + content.length + TAG);
  box.set(iv);
  box.set(new Uint8Array(await crypto.subtle.encrypt(how, key, content)), IV);
  return box;
}

// The content, or nothing where the key, the place or a single bit is another.
export async function unlock(
  key: CryptoKey,
  box: Uint8Array<ArrayBuffer>,
  place: string,
): Promise<Uint8Array<ArrayBuffer> | null> {
  const how = { name: "AES-GCM", iv: box.slice(0, IV), additionalData: new TextEncoder().encode(place) };
  try {
    return new Uint8Array(await crypto.subtle.decrypt(how, key, box.slice(IV)));
  } catch {
    return null;
  }
}
