// A contact with the server, while the notebook is open: send, hear whether this phone may go on, renew what is kept.
import { hex, random, sha256 } from "./ciphers";
import * as drafts from "./drafts";
import * as forms from "./forms";
import { language } from "./language";
import { othersHaveSent, send, waiting } from "./outbox";
import * as server from "./server";
import * as vault from "./vault";

export type Result = "fine" | "away" | "unknown" | "cut off";

// The phone makes its own token and keeps it before the server hears of it: whatever gets lost on the way, one of the
// two works, and the link or the code on paper is dead as soon as the server knew.
async function ownToken(open: vault.Open): Promise<string> {
  const notebook = await vault.change(open, (now) => {
    const connection = now.connection!;
    if (!connection.phone && !connection.link) {
      connection.link = connection.token;
      connection.token = [...random(32)].map((byte) => "abcdefghijklmnopqrstuvwxyz234567"[byte & 31]).join("") + hex(random(16));
    }
  });
  const { token, link, phone } = notebook.connection!;
  if (phone || !link) return token;
  const hash = hex(await sha256(new TextEncoder().encode(token)));
  const answer = await server.renew(link, hash).catch(async (problem: unknown) => {
    if (problem instanceof server.Unknown) return server.whoAmI(token); // the server knew already, its answer was lost
    throw problem;
  });
  await vault.change(open, (now) => {
    now.connection!.phone = answer.phone;
    delete now.connection!.link;
  });
  return token;
}

async function noteSent(open: vault.Open, hurry: boolean): Promise<"cut off" | void> {
  const outcome = await send(Date.now, hurry);
  if (outcome?.cutOff) return "cut off";
  if (!outcome) await othersHaveSent(); // or the page would say for a minute that it waits, and not know the visit
  await noteOutbox(open);
}

// The service worker may have sent meanwhile, so the queue itself says what is left.
export async function noteOutbox(open: vault.Open): Promise<void> {
  const left = new Map((await waiting()).map((item) => [item.id, item.refused]));
  const notebook = await vault.current(open);
  const stale = notebook.sealed.some((one) => (!one.sent && !left.has(one.id)) || (!one.sent && one.refused !== left.get(one.id)));
  if (!stale) return;
  await vault.change(open, (now) => {
    for (const one of now.sealed) {
      if (!one.sent && !left.has(one.id)) one.sent = Date.now();
      if (!one.sent) one.refused = left.get(one.id);
    }
  });
}

async function tellCheckIn(open: vault.Open, token: string): Promise<void> {
  const checkIn = (await vault.current(open)).checkIn;
  if (!checkIn) return;
  if (!checkIn.known && !checkIn.ended) {
    const due = new Date(checkIn.due).toISOString();
    await server.startCheckIn(token, { id: checkIn.id, colleague: checkIn.colleague, due, place: checkIn.place });
    await vault.change(open, (now) => void (now.checkIn?.id === checkIn.id && (now.checkIn.known = true)));
  }
  // Also where its beginning was never answered: the server may have heard it all the same.
  if (checkIn.ended) {
    await server.endCheckIn(token, checkIn.id);
    await vault.change(open, (now) => void (now.checkIn?.id === checkIn.id && now.checkIn.ended && (now.checkIn = null)));
  }
}

let running: Promise<Result> | null = null;

export function contact(open: vault.Open, hurry = false): Promise<Result> {
  // “Send now” while another contact runs comes after it: that one may have left out what waits for its next try.
  if (hurry && running) return running.then(() => contact(open, true));
  running ??= once(open, hurry).finally(() => (running = null));
  return running;
}

async function once(open: vault.Open, hurry: boolean): Promise<Result> {
  try {
    const notebook = await vault.current(open);
    if (!notebook.connection) return "unknown";
    await drafts.endOldDrafts(open, Date.now());
    const token = await ownToken(open);
    // What somebody's safety hangs on goes first, before any photo.
    await tellCheckIn(open, token);
    if ((await noteSent(open, hurry)) === "cut off") return "cut off";
    const keys = await server.keys(token);
    await vault.change(open, (now) => {
      now.keys = keys;
      now.connection!.organisation = keys.organisation.name;
    });
    const today = await server.today(token, language());
    await vault.change(open, (now) => void (now.today = today));
    await forms.renew(open, token);
    await vault.change(open, (now) => void (now.connection!.lastContact = Date.now()));
    return "fine";
  } catch (problem) {
    if (problem instanceof server.CutOff) return "cut off";
    if (problem instanceof server.Unknown) return "unknown";
    if (problem instanceof server.Away) return "away";
    throw problem;
  }
}
