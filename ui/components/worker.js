// A reload in the middle of a talk is answered from this browser, with or without a server. Nothing else is.
const CACHE = "atlas-talk";

self.addEventListener("install", () => self.skipWaiting());

self.addEventListener("fetch", (event) => {
  if (event.request.mode !== "navigate") return;
  const id = new URLSearchParams(new URL(event.request.url).hash.slice(1)).get("talk");
  if (!id) return;
  const kept = caches.open(CACHE).then((cache) => cache.match(`/talk/${id}`));
  event.respondWith(kept.then((found) => found ?? fetch(event.request)));
});
