// The service worker of the app: installed once, renewed only while no form is open in any tab.

import { isFormOpen } from "./filling";

let registration: ServiceWorkerRegistration | null = null;

export async function register(): Promise<void> {
  if (!("serviceWorker" in navigator)) return;
  let controlled = Boolean(navigator.serviceWorker.controller);
  registration = await navigator.serviceWorker.register("/field/sw.js", { scope: "/field/", updateViaCache: "none" }).catch(() => null);
  // The new version took over, from this tab or another one, while no form was open: the old pages' files are gone.
  navigator.serviceWorker.addEventListener("controllerchange", () => {
    if (controlled && !isFormOpen()) location.reload();
    controlled = true;
  });
  await takeOverIfNothingIsOpen();
}

// Held, shared, by every tab with a form open; whoever wants to renew the app needs it alone.
export const FORM_OPEN = "form open";

export async function takeOverIfNothingIsOpen(): Promise<void> {
  const waiting = registration?.waiting;
  if (!waiting) return;
  await navigator.locks.request(FORM_OPEN, { ifAvailable: true }, async (alone) => {
    if (!alone) return;
    waiting.postMessage("take over");
  });
}

// Ask the system to send what waits as soon as there is a network, even while the app is closed.
export async function sendLater(): Promise<void> {
  const ready = registration as (ServiceWorkerRegistration & { sync?: { register(tag: string): Promise<void> } }) | null;
  await ready?.sync?.register("send").catch(() => undefined);
}
