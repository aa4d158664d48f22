/** Keeps the screen on while the page is in front; a lock that the browser took away is asked for again. */

let held = null;

async function ask() {
  if (document.visibilityState !== "visible" || (held && !held.released)) return;
  held = (await navigator.wakeLock?.request("screen").catch(() => null)) ?? null;
}

export function keep() {
  document.addEventListener("visibilitychange", ask);
  addEventListener("pointerdown", ask); // a low battery takes the lock, too, and then nothing tells when it may be had
  ask();
}
