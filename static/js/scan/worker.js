/** The service worker: the page opens without network, and changes its version only while nobody scans. */

let free = true; // whether a new version may take over

/** @param {string} slug */
export async function register(slug) {
  if (!("serviceWorker" in navigator)) return;
  const scope = `/${slug}/scan/`;
  const found = await navigator.serviceWorker.register(`${scope}sw.js`, { scope }).catch(() => null);
  if (!found) return;
  const offer = (waiting) => free && waiting?.postMessage("take over");
  offer(found.waiting);
  found.addEventListener("updatefound", () => {
    const coming = found.installing;
    coming?.addEventListener("statechange", () => {
      if (coming.state === "installed" && navigator.serviceWorker.controller) offer(coming);
    });
  });
  let reloaded = !navigator.serviceWorker.controller; // the first one only begins to serve
  navigator.serviceWorker.addEventListener("controllerchange", () => {
    if (free && !reloaded) location.reload();
    reloaded = true;
  });
}

/** From here on somebody scans. */
export function settled() {
  free = false;
}
