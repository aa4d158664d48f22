/* What the scan page is made of, kept for a start without network. VERSION and FILES stand above, written by the server. */

const CACHE = `scan:${self.registration.scope}:${VERSION}`;
const MINE = `scan:${self.registration.scope}:`;
const SHELL = new URL(self.registration.scope).pathname;

self.addEventListener("install", (event) => {
  const fresh = [SHELL, ...FILES].map((path) => new Request(path, { cache: "reload", credentials: "omit" }));
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(fresh)));
});

async function begin() {
  const old = (await caches.keys()).filter((name) => name.startsWith(MINE) && name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
  await self.clients.claim();
}

self.addEventListener("activate", (event) => event.waitUntil(begin()));

self.addEventListener("message", (event) => {
  if (event.data === "take over") self.skipWaiting();
});

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== location.origin) return;
  const page = event.request.mode === "navigate" && url.pathname === SHELL;
  if (!page && !url.pathname.startsWith("/static/")) return; // the API is always asked itself
  const kept = caches.open(CACHE).then((cache) => cache.match(page ? SHELL : event.request));
  event.respondWith(kept.then((found) => found ?? fetch(event.request)));
});
