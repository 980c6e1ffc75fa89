/// <reference lib="webworker" />
// Keeps the app on the phone: after the first opening nothing of it is asked of the network again. Sends sealed forms
// when the system says that there is a network, also while the app is closed or locked.
import { cleanupOutdatedCaches, getCacheKeyForURL, precache } from "workbox-precaching";
import { send } from "./shell/outbox";
import { wipe } from "./shell/vault";

declare const self: ServiceWorkerGlobalScope;

precache(self.__WB_MANIFEST);
cleanupOutdatedCaches();

self.addEventListener("fetch", (event) => {
  const address = new URL(event.request.url);
  const path = address.pathname === "/field/" ? "/field/index.html" : address.pathname;
  const key = event.request.method === "GET" && address.origin === location.origin && getCacheKeyForURL(path);
  if (key) event.respondWith(kept(key, event.request));
});

// Whatever the server says that an answer varies by (the language, say): these files are the same for everybody, and a
// file that is kept but not found means an app that does not open without a network.
async function kept(key: string, request: Request): Promise<Response> {
  return (await caches.match(key, { ignoreVary: true })) ?? fetch(request);
}

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
