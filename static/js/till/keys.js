/** Keys and scanners: a scanner types faster than any hand, and starts with VG1. */

const FAST = 30;

/**
 * Call `pressed` for each key meant for the till, `scanned` for a code that a scanner typed.
 * @param {(key: string) => void} pressed @param {(code: string) => void} scanned
 */
export function listen(pressed, scanned) {
  let burst = "";
  let last = 0;
  let waiting = 0;

  const flush = () => {
    const keys = burst;
    burst = "";
    for (const key of keys) pressed(key);
  };

  addEventListener("keydown", (event) => {
    if (event.repeat || event.ctrlKey || event.metaKey || event.altKey || inField(event.target)) return;
    const fast = event.timeStamp - last < FAST;
    last = event.timeStamp;
    clearTimeout(waiting);
    if (burst && !fast) flush();
    if ("VG1.".startsWith((burst + event.key).toUpperCase().slice(0, 4)) && event.key.length === 1) {
      burst += event.key;
      waiting = setTimeout(flush, FAST * 2);
      event.preventDefault();
    } else if (burst.toUpperCase().startsWith("VG1.")) {
      event.preventDefault();
      if (event.key === "Enter") {
        const code = burst;
        burst = "";
        scanned(code);
      } else if (event.key.length === 1) burst += event.key;
    } else if (meant(event)) {
      flush();
      event.preventDefault();
      pressed(event.key);
    }
  });
}

/** @param {EventTarget | null} target */
const inField = (target) =>
  target instanceof Element && Boolean(target.closest("input, textarea, select, dialog, summary, a, [data-own-keys]"));

/** A button keeps Enter and Space for itself, unless it is the one that Enter means anyway. @param {KeyboardEvent} event */
function meant(event) {
  const button = event.target instanceof Element ? event.target.closest("button") : null;
  if (button && (event.key === " " || (event.key === "Enter" && !button.dataset.press))) return false;
  return event.key.length === 1 || ["Enter", "Backspace", "Escape", "Decimal", "Subtract", "Multiply"].includes(event.key);
}
