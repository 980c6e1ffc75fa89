// The app while it runs: whether a notebook is open, which screen is shown, when it locks itself.
import { contact, noteOutbox, type Result } from "./contact";
import { endOldDrafts } from "./drafts";
import { closeForm, dropForm, isFormOpen } from "./filling";
import { h } from "./elements";
import type { Notebook } from "./notebook";
import { takeOverIfNothingIsOpen } from "./updates";
import * as vault from "./vault";

export type Screen = "today" | "forms" | "queue" | "safe" | "more" | "settings" | "holds" | "places";
export type Draw = (app: App) => HTMLElement;

export interface App {
  root: HTMLElement;
  open: vault.Open | null;
  notebook: Notebook | null;
  screen: Screen;
  last: Result | "never" | "asking";
  persistent: boolean | null;
  message: string;
}

export const app: App = {
  root: document.body,
  open: null,
  notebook: null,
  screen: "today",
  last: "never",
  persistent: null,
  message: "",
};

let drawer: (app: App) => void = () => undefined;
export const drawWith = (draw: typeof drawer) => void (drawer = draw);

// Draw the screen anew and keep the focus where it was, if what had it is still there.
export function draw(): void {
  const had = document.activeElement?.id;
  drawer(app);
  if (had) document.getElementById(had)?.focus();
}

export async function refresh(): Promise<void> {
  if (!app.open) return;
  app.notebook = await vault.current(app.open);
  if (!isFormOpen()) draw();
}

// What comes by itself must not sweep away what somebody writes, nor what they hold down.
function somebodyIsBusy(): boolean {
  if (document.querySelector(".f-held--on")) return true;
  const active = document.activeElement;
  if (active?.matches("main input, main select, main textarea")) return true;
  return [...document.querySelectorAll<HTMLInputElement>("main input.f-input")].some((input) => input.value !== "");
}

async function refreshQuietly(): Promise<void> {
  if (!app.open) return;
  app.notebook = await vault.current(app.open);
  drawQuietly();
}

export function drawQuietly(): void {
  if (!isFormOpen() && !somebodyIsBusy()) draw();
}

export function go(screen: Screen): void {
  app.screen = screen;
  app.message = "";
  draw();
  document.querySelector<HTMLElement>("h1")?.focus();
  scrollTo(0, 0);
}

export async function opened(open: vault.Open, notebook: Notebook): Promise<void> {
  app.open = open;
  app.notebook = notebook;
  app.screen = "today";
  app.last = "never";
  await endOldDrafts(open, Date.now()); // also on a phone that never reaches a server
  await noteOutbox(open);
  await refresh();
  void syncNow(true); // the pauses between tries are for a phone that nobody looks at
}

// Ask the server now; a phone that was cut off is emptied before anything else happens.
export async function syncNow(hurry = false): Promise<void> {
  const open = app.open;
  if (!open || !app.notebook?.connection) return;
  app.last = "asking";
  const result = await contact(open, hurry).catch(() => "away" as const);
  if (result === "cut off") return void (await wipeNow());
  if (app.open !== open) return;
  app.last = result;
  await refreshQuietly();
}

// Forget every key that is in memory. What was on the screen is kept as a draft first.
export async function lockNow(): Promise<void> {
  if (!app.open) return;
  await closeForm();
  app.open = null;
  app.notebook = null;
  app.message = "";
  draw();
  document.getElementById("code")?.focus();
  void takeOverIfNothingIsOpen();
}

export async function wipeNow(): Promise<void> {
  dropForm();
  app.open = null;
  app.notebook = null;
  document.body.replaceChildren(h("main", {}));
  await vault.wipe().catch(() => undefined);
  location.replace("/field/");
}

let lastTouch = Date.now();
let hiddenSince = 0;
let pickerUntil = 0;
const PICKER = 3 * 60_000; // the camera hides the page: coming back from it must not lock

export function watch(): void {
  for (const name of ["pointerdown", "keydown", "input"]) addEventListener(name, () => (lastTouch = Date.now()), true);
  addEventListener(
    "click",
    (event) => {
      const target = event.target as HTMLElement;
      if (target.closest("input[type=file], label")) pickerUntil = Date.now() + PICKER;
    },
    true,
  );
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) {
      hiddenSince = Date.now();
      if (Date.now() > pickerUntil) void lockNow();
    } else {
      const over = hiddenSince && Date.now() - hiddenSince > PICKER;
      hiddenSince = 0;
      if (over) void lockNow();
      else void syncNow();
    }
  });
  setInterval(() => {
    const minutes = app.notebook?.settings.lockMinutes ?? 2;
    if (app.open && Date.now() - lastTouch > minutes * 60_000) void lockNow();
    else if (app.open && document.hidden && Date.now() > pickerUntil) void lockNow();
  }, 5_000);
  setInterval(() => void syncNow(), 60_000);
  addEventListener("online", () => void syncNow(true));
}
