// Sealed forms that wait to be sent. Page and service worker both send from here, one of them at a time; neither needs
// the worker's code: each envelope carries a ticket that lets exactly this envelope in, and nothing else.
import * as database from "./database";

export interface Waiting {
  id: string; // of the envelope
  order: number;
  envelope: Uint8Array<ArrayBuffer>;
  files: Uint8Array<ArrayBuffer>[];
  ticket: string;
  phone: string; // the server's reference of this phone
  tries: number;
  after: number; // not before this moment
  refused?: string;
}

export type Outcome = { sent: string[]; refused: string[]; waiting: number; cutOff: boolean };

const FIRST_PAUSE = 5_000;
const LONGEST_PAUSE = 15 * 60_000;

export function pauseAfter(tries: number): number {
  return Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (tries - 1)) * (0.75 + Math.random() / 2);
}

export async function waiting(): Promise<Waiting[]> {
  return (await database.all<Waiting>("outbox")).sort((a, b) => a.order - b.order);
}

export function sizeOf(item: Waiting): number {
  return item.envelope.length + item.files.reduce((sum, file) => sum + file.length, 0);
}

function body(item: Waiting): FormData {
  const parts = new FormData();
  parts.append("envelope", new Blob([item.envelope]), "envelope");
  item.files.forEach((file, index) => parts.append(`file-${index}`, new Blob([file]), `file-${index}`));
  return parts;
}

type Answer = "stored" | "cut off" | "refused" | "later";

async function post(item: Waiting): Promise<{ answer: Answer; number: string }> {
  let response: Response;
  try {
    response = await fetch(`/field/send/${item.phone}`, {
      method: "POST",
      body: body(item),
      headers: { "X-Ticket": item.ticket },
      cache: "no-store",
      credentials: "omit",
    });
  } catch {
    return { answer: "later", number: "" };
  }
  const said = (await response.json().catch(() => ({}))) as { state?: string; number?: string };
  // Only what our own server says counts: a hotel's sign-in page answers 200 and 403 as well.
  if (response.status === 201 && said.state === "stored") return { answer: "stored", number: "" };
  if (response.status === 403 && said.state === "cut_off") return { answer: "cut off", number: "" };
  const refused = response.status >= 400 && response.status < 500 && response.status !== 429 && said.number;
  return { answer: refused ? "refused" : "later", number: said.number ?? "" };
}

const PATIENCE = 5_000;

// Wait, but not for ever, until the other tab or the service worker that is sending now is done.
export async function othersHaveSent(): Promise<void> {
  await navigator.locks.request("send", { signal: AbortSignal.timeout(PATIENCE) }, () => undefined).catch(() => undefined);
}

// Send what waits, oldest first. Two tabs and the service worker take turns: whoever comes second leaves.
export async function send(now: () => number, hurry = false): Promise<Outcome | null> {
  return navigator.locks.request("send", { ifAvailable: true }, async (mine) => {
    if (!mine) return null;
    const outcome: Outcome = { sent: [], refused: [], waiting: 0, cutOff: false };
    for (const item of await waiting()) {
      if (!hurry && item.after > now()) {
        outcome.waiting++;
        continue;
      }
      const { answer, number } = await post(item);
      if (answer === "stored") {
        await database.together((of) => void of("outbox").delete(item.id));
        outcome.sent.push(item.id);
        continue;
      }
      if (answer === "cut off") return { ...outcome, cutOff: true };
      const tries = item.tries + 1;
      const again: Waiting = { ...item, tries, after: now() + pauseAfter(tries), refused: answer === "refused" ? number : undefined };
      await database.together((of) => void of("outbox").put(again));
      if (answer === "refused") outcome.refused.push(item.id);
      outcome.waiting++;
      if (answer === "later") break; // the network is away: the others would wait for nothing
    }
    return outcome;
  });
}
