// The phone's four slots of equal size. A code opens the slot that was made with it; the others are noise, or another
// notebook: from outside nobody can tell which. So a second code can open an empty notebook, and nothing says that
// there is more. What is too long for a slot lies in pieces of one size, which are always more than are in use.
import { aesKey, hex, IV, lock, random, stretched, TAG, unlock } from "./ciphers";
import * as database from "./database";
import { emptyNotebook, type Kept, type Notebook } from "./notebook";

const SLOTS = 4;
const HEAD = IV + 36 + TAG; // the notebook's key and the length of its box, under the stretched code
const CLASS = 128 * 1024; // slots grow together, in these steps
const PIECE = 64 * 1024;
const BUNDLE = 32; // noise comes in bundles: two megabytes from the first day
const BOX = IV + PIECE + TAG;

type Bytes = Uint8Array<ArrayBuffer>;

export interface Open {
  slot: number;
  key: CryptoKey;
  raw: Bytes;
  kek: CryptoKey;
}

const slotPlace = (slot: number, part: string) => `slot|${slot}|${part}`;

export async function exists(): Promise<boolean> {
  return (await database.get("slots", "salt")) !== undefined;
}

// Make the four slots: one notebook, three of noise; and a first bundle of pieces.
export async function create(code: string): Promise<{ open: Open; notebook: Notebook }> {
  const salt = random(16);
  const order = shuffled();
  const open = await newOpen(code, salt, order[0]!);
  const notebook = emptyNotebook(order.slice(1));
  const pieces = await noise(BUNDLE, notebook);
  const box = await boxed(open, notebook, CLASS);
  await database.together((of) => {
    of("slots").put(salt, "salt");
    for (let slot = 0; slot < SLOTS; slot++) of("slots").put(slot === open.slot ? box : random(CLASS), slot);
    for (const [id, piece] of pieces) of("bulk").put(piece, id);
  });
  return { open, notebook };
}

function shuffled(): number[] {
  const order = Array.from({ length: SLOTS }, (_, slot) => slot);
  const dice = random(SLOTS);
  return order.sort((a, b) => dice[a]! - dice[b]!);
}

async function newOpen(code: string, salt: Bytes, slot: number): Promise<Open> {
  const raw = random(32);
  const kek = await stretched(code, salt);
  return { slot, key: await aesKey(raw), raw, kek };
}

// Open the slot that was made with this code, or nothing. Every slot is tried, so that the time tells nothing.
export async function unlockWith(code: string): Promise<{ open: Open; notebook: Notebook } | null> {
  const salt = await database.get<Bytes>("slots", "salt");
  if (!salt) return null;
  const kek = await stretched(code, salt);
  let found: Open | null = null;
  for (let slot = 0; slot < SLOTS; slot++) {
    const whole = await database.get<Bytes>("slots", slot);
    const head = whole && (await unlock(kek, whole.slice(0, HEAD), slotPlace(slot, "head")));
    if (head) found = { slot, key: await aesKey(head.slice(0, 32)), raw: head.slice(0, 32), kek };
  }
  const notebook = found && (await read(found));
  return found && notebook ? { open: found, notebook } : null;
}

async function read(open: Open): Promise<Notebook | null> {
  const whole = await database.get<Bytes>("slots", open.slot);
  if (!whole) return null;
  const head = await unlock(open.kek, whole.slice(0, HEAD), slotPlace(open.slot, "head"));
  if (!head) return null;
  const length = new DataView(head.buffer).getUint32(32);
  const content = await unlock(open.key, whole.slice(HEAD, HEAD + length), slotPlace(open.slot, "body"));
  if (!content) return null;
  const size = new DataView(content.buffer).getUint32(0);
  return JSON.parse(new TextDecoder().decode(content.subarray(4, 4 + size))) as Notebook;
}

// A whole slot: head, box of the notebook, filled up to `least` or the next class.
async function boxed(open: Open, notebook: Notebook, least: number): Promise<Bytes> {
  const text = new TextEncoder().encode(JSON.stringify(notebook));
  const needed = HEAD + IV + 4 + text.length + TAG;
  const size = Math.max(least, Math.ceil(needed / CLASS) * CLASS);
  const content = new Uint8Array(size - HEAD - IV - TAG);
  new DataView(content.buffer).setUint32(0, text.length);
  content.set(text, 4);
  const body = await lock(open.key, content, slotPlace(open.slot, "body"));
  const head = new Uint8Array(36);
  head.set(open.raw);
  new DataView(head.buffer).setUint32(32, body.length);
  const whole = new Uint8Array(size);
  whole.set(await lock(open.kek, head, slotPlace(open.slot, "head")));
  whole.set(body, HEAD);
  return whole;
}

export type More = (of: (store: database.Store) => IDBObjectStore) => void;

// Change the notebook: read as it is now (another tab may have changed it), change, write; `more` in the same breath.
export async function change(
  open: Open,
  edit: (notebook: Notebook) => void | More | Promise<void | More>,
): Promise<Notebook> {
  return await navigator.locks.request("vault", async () => {
    const notebook = await read(open);
    if (!notebook) throw new Error("the notebook is gone");
    const more = await edit(notebook);
    const others = await Promise.all(
      Array.from({ length: SLOTS }, async (_, slot) => (await database.get<Bytes>("slots", slot)) as Bytes),
    );
    const whole = await boxed(open, notebook, others[open.slot]!.length);
    await database.together((of) => {
      for (let slot = 0; slot < SLOTS; slot++) of("slots").put(slot === open.slot ? whole : grown(others[slot]!, whole), slot);
      more?.(of);
    });
    return notebook;
  });
}

// Slots stay of one size: noise is added behind whatever the other ones are.
function grown(slot: Bytes, as: Bytes): Bytes {
  if (slot.length >= as.length) return slot;
  const longer = random(as.length);
  longer.set(slot);
  return longer;
}

export async function current(open: Open): Promise<Notebook> {
  const notebook = await read(open);
  if (!notebook) throw new Error("the notebook is gone");
  return notebook;
}

// A second code for an empty notebook. `slots` of the open notebook never hold itself, nor one it was hidden from.
export async function makeSecond(open: Open, code: string): Promise<"made" | "same code"> {
  const salt = await database.get<Bytes>("slots", "salt");
  const mine = await current(open);
  const slot = mine.slots[0];
  if (!salt || slot === undefined) return "same code";
  const already = await unlockWith(code);
  if (already && already.open.slot !== slot) return "same code";
  const second = await newOpen(code, salt, slot);
  await change(open, async (notebook) => {
    const size = (await database.get<Bytes>("slots", open.slot))!.length;
    const box = await boxed(second, emptyNotebook(notebook.slots.slice(1)), size);
    return (of) => void of("slots").put(box, slot);
  });
  return "made";
}

// A new code for the open notebook.
export async function newCode(open: Open, code: string): Promise<Open | "same code"> {
  const salt = await database.get<Bytes>("slots", "salt");
  const already = await unlockWith(code);
  if (!salt || (already && already.open.slot !== open.slot)) return "same code";
  const renewed = { ...open, kek: await stretched(code, salt) };
  await change(open, async (notebook) => {
    const size = (await database.get<Bytes>("slots", open.slot))!.length;
    const box = await boxed(renewed, notebook, size);
    return (of) => void of("slots").put(box, open.slot);
  });
  return renewed;
}

async function noise(count: number, notebook: Notebook): Promise<[string, Bytes][]> {
  const made = Array.from({ length: count }, (): [string, Bytes] => [hex(random(16)), random(BOX)]);
  notebook.spare.push(...made.map(([id]) => id));
  return made;
}

// Put a file into spare pieces. Call it inside `change`, and do what it returns in the same breath.
export async function keep(open: Open, notebook: Notebook, blob: Blob): Promise<{ kept: Kept; more: More }> {
  const content = new Uint8Array(await blob.arrayBuffer());
  const count = Math.max(1, Math.ceil(content.length / PIECE));
  const fresh: [string, Bytes][] = [];
  while (notebook.spare.length < count) fresh.push(...(await noise(BUNDLE, notebook)));
  const pieces = notebook.spare.splice(0, count);
  const written: [string, Bytes][] = [];
  for (const [index, id] of pieces.entries()) {
    const piece = new Uint8Array(PIECE);
    piece.set(content.subarray(index * PIECE, (index + 1) * PIECE));
    written.push([id, await lock(open.key, piece, `piece|${id}`)]);
  }
  const kept = { pieces, size: content.length, type: blob.type };
  return {
    kept,
    more: (of) => {
      for (const [id, piece] of [...fresh, ...written]) of("bulk").put(piece, id);
    },
  };
}

// Noise takes the place of a file; its pieces are spare again.
export function drop(notebook: Notebook, kept: Kept): More {
  notebook.spare.push(...kept.pieces);
  return (of) => {
    for (const id of kept.pieces) of("bulk").put(random(BOX), id);
  };
}

export async function load(open: Open, kept: Kept): Promise<Blob> {
  const content = new Uint8Array(kept.pieces.length * PIECE);
  for (const [index, id] of kept.pieces.entries()) {
    const box = await database.get<Bytes>("bulk", id);
    const piece = box && (await unlock(open.key, box, `piece|${id}`));
    if (!piece) throw new Error("a piece is gone");
    content.set(piece, index * PIECE);
  }
  return new Blob([content.subarray(0, kept.size)], { type: kept.type });
}

// Overwrite what opens anything before it is deleted; then everything else that this app keeps.
export async function wipe(): Promise<void> {
  try {
    await database.together((of) => {
      of("slots").put(random(16), "salt");
      for (let slot = 0; slot < SLOTS; slot++) of("slots").put(random(CLASS), slot);
      of("bulk").clear();
      of("outbox").clear();
    });
  } finally {
    await database.destroy();
    await forgetTheRest();
  }
}

async function forgetTheRest(): Promise<void> {
  if (typeof localStorage !== "undefined") localStorage.clear();
  for (const name of await caches.keys()) await caches.delete(name);
  if (typeof navigator.serviceWorker === "undefined") return;
  for (const worker of await navigator.serviceWorker.getRegistrations()) await worker.unregister();
}
