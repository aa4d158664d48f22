/** Keeps the screen on while the page is in front. */

async function ask() {
  if (document.visibilityState === "visible") await navigator.wakeLock?.request("screen").catch(() => null);
}

export function keep() {
  document.addEventListener("visibilitychange", ask);
  ask();
}
