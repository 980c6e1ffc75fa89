/// <reference lib="webworker" />
// Keeps the app on the phone: after the first opening nothing of it is asked of the network again. Sends sealed forms
// when the system says that there is a network, also while the app is closed or locked.
import { cleanupOutdatedCaches, createHandlerBoundToURL, precacheAndRoute } from "workbox-precaching";
import { send } from "./shell/outbox";
import { wipe } from "./shell/vault";

declare const self: ServiceWorkerGlobalScope;

precacheAndRoute(self.__WB_MANIFEST);
cleanupOutdatedCaches();
const page = createHandlerBoundToURL("/field/index.html");

self.addEventListener("fetch", (event) => {
  const address = new URL(event.request.url);
  if (event.request.mode === "navigate" && address.pathname === "/field/")
    event.respondWith(page({ request: event.request, event, url: address, params: undefined }));
});

self.addEventListener("sync", ((event: ExtendableEvent & { tag: string }) => {
  if (event.tag === "send") event.waitUntil(sendAll());
}) as EventListener);

// A rejection asks the system to try again later, by its own measure.
async function sendAll(): Promise<void> {
  const outcome = await send(Date.now, true);
  if (outcome?.cutOff) return wipe();
  if (outcome?.waiting) throw new Error("not everything was sent yet");
}

// A new version waits until the page says that no form is open anywhere.
self.addEventListener("message", (event) => {
  if (event.data === "take over") void self.skipWaiting();
});
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
