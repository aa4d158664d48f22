/** The service worker: the page opens without network, and changes its version only between two scans. */

const LOOK = 600000; // milliseconds between two looks for a new version while the page stays open
const TRY = 2000;
const MOMENT = 300;
const RESUME = "scan:resume";

let waiting = null; // the new version, ready to take over
let asked = false;
let hurried = false;

/** Let the new version take over if there is one and `between()` says that nobody scans. */
function renew(between) {
  if (!waiting || !between(hurried)) return;
  asked = true;
  waiting.postMessage("take over");
}

/** Whether a new version waits. */
export const waits = () => waiting !== null;

/** A person wants the new version as soon as nothing is being judged. */
export function hurry() {
  hurried = true;
}

function awaits(found, ready) {
  const coming = found.installing;
  coming?.addEventListener("statechange", () => {
    if (coming.state === "installed" && navigator.serviceWorker.controller) ready(coming);
  });
}

function reload(between) {
  if (!between(hurried)) return setTimeout(() => reload(between), MOMENT); // somebody scans after all
  sessionStorage.setItem(RESUME, "yes");
  return location.reload();
}

/**
 * @param {string} slug
 * @param {(hurried: boolean) => boolean} between whether now is between two scans
 */
export async function register(slug, between) {
  if (!("serviceWorker" in navigator)) return;
  const scope = `/${slug}/scan/`;
  navigator.serviceWorker.addEventListener("controllerchange", () => {
    if (asked) reload(between); // the first one only begins to serve
  });
  const found = await navigator.serviceWorker.register(`${scope}sw.js`, { scope }).catch(() => null);
  if (!found) return;
  const ready = (coming) => {
    waiting = coming;
    renew(between);
  };
  if (found.waiting) ready(found.waiting);
  found.addEventListener("updatefound", () => awaits(found, ready));
  setInterval(() => renew(between), TRY);
  setInterval(() => found.update().catch(() => {}), LOOK);
}

/** Whether the page was scanning when it changed its version: then it goes on by itself. */
export function resumed() {
  const yes = sessionStorage.getItem(RESUME) === "yes";
  sessionStorage.removeItem(RESUME);
  return yes;
}
