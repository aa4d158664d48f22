/** Keys and scanners: a scanner types faster than any hand, and starts with VG1. */

const FAST = 30; // milliseconds between two keys of a scanner
const SILENCE = 100; // after which a scanner without Enter has said all
const PREFIX = "VG1.";
const NAMED = ["Enter", "Backspace", "Escape", "Decimal", "Subtract", "Multiply", "Add", "Divide"];

/**
 * Call `pressed` for each key meant for the till, `scanned` for a code that a scanner typed.
 * @param {(key: string) => void} pressed @param {(code: string) => void} scanned
 */
export function listen(pressed, scanned) {
  let burst = "";
  let last = 0;
  let waiting = 0;

  const whole = () => burst.toUpperCase().startsWith(PREFIX);
  const end = () => {
    clearTimeout(waiting);
    const typed = burst;
    const isCode = whole();
    burst = "";
    if (isCode) scanned(typed);
    else for (const key of typed) pressed(key);
  };

  /** Whether the key belongs to a scanner's code, which never sells anything. @param {KeyboardEvent} event */
  const swallowed = (event) => {
    const gap = event.timeStamp - last;
    if (burst && !whole() && gap >= FAST) end();
    if (event.key.length > 1 && event.key !== "Enter") return whole();
    last = event.timeStamp;
    if (event.key === "Enter") {
      const isCode = whole();
      if (burst) end();
      return isCode;
    }
    if (!whole() && !PREFIX.startsWith((burst + event.key).toUpperCase())) {
      if (burst) end();
      return false;
    }
    burst += event.key;
    clearTimeout(waiting);
    waiting = setTimeout(end, SILENCE);
    return true;
  };

  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || inField(event.target)) return;
    if (event.repeat && (event.key.length === 1 || NAMED.includes(event.key))) return event.preventDefault();
    if (!event.repeat && swallowed(event)) return event.preventDefault();
    if (event.repeat || !meant(event)) return;
    event.preventDefault();
    pressed(event.key);
  });

  // A touched button does not take the focus: the next Enter is the till's. One reached by Tab keeps its own Enter.
  document.addEventListener("mousedown", (event) => {
    if (/** @type {Element} */ (event.target).closest("main button")) event.preventDefault();
  });
}

/** Whether a key is written into something else. @param {EventTarget | null} target */
function inField(target) {
  if (!(target instanceof Element)) return false;
  const dialog = target.closest("dialog");
  // A dialog that has just closed keeps the focus for a moment: the next key is the till's.
  return dialog ? dialog.open : Boolean(target.closest("input, textarea, select"));
}

/** @param {KeyboardEvent} event */
function meant(event) {
  const own = event.target instanceof Element && event.target.closest("button, a, summary");
  if (own && (event.key === " " || event.key === "Enter")) return false;
  return event.key.length === 1 || NAMED.includes(event.key);
}
