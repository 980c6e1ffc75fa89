// The service worker of the app: installed once, renewed only while no form is open in any tab.

let registration: ServiceWorkerRegistration | null = null;
let leaving = false;

export async function register(): Promise<void> {
  if (!("serviceWorker" in navigator)) return;
  const first = !navigator.serviceWorker.controller;
  registration = await navigator.serviceWorker.register("/field/sw.js", { scope: "/field/", updateViaCache: "none" }).catch(() => null);
  navigator.serviceWorker.addEventListener("controllerchange", () => {
    if (!first && leaving) location.reload();
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
    leaving = true;
    waiting.postMessage("take over");
  });
}

// Ask the system to send what waits as soon as there is a network, even while the app is closed.
export async function sendLater(): Promise<void> {
  const ready = registration as (ServiceWorkerRegistration & { sync?: { register(tag: string): Promise<void> } }) | null;
  await ready?.sync?.register("send").catch(() => undefined);
}
