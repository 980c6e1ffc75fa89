/// <reference lib="webworker" />
// Keeps the app on the phone: after the first opening nothing of it is asked of the network again.
import { cleanupOutdatedCaches, createHandlerBoundToURL, precacheAndRoute } from "workbox-precaching";

declare const self: ServiceWorkerGlobalScope;

precacheAndRoute(self.__WB_MANIFEST);
cleanupOutdatedCaches();
const page = createHandlerBoundToURL("/field/index.html");

self.addEventListener("fetch", (event) => {
  const address = new URL(event.request.url);
  if (event.request.mode === "navigate" && address.pathname === "/field/")
    event.respondWith(page({ request: event.request, event, url: address, params: undefined }));
});

// A new version waits until the page says that no form is open anywhere.
self.addEventListener("message", (event) => {
  if (event.data === "take over") void self.skipWaiting();
});
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
