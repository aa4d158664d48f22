/** A hardware scanner that types: a code, key after key, then Enter, whatever has the focus. */

const TOO_SLOW = 500; // milliseconds between two keys: a hand that rests has not meant one code
const NO_HAND = 60; // milliseconds: faster than a hand types into a field
const PREFIX = "VG1.";

/** @param {(code: string) => void} read */
export function listen(read) {
  let typed = "";
  let last = 0;
  let before = ""; // what the field held when the scanner began
  addEventListener(
    "keydown",
    (event) => {
      const field = event.target.closest?.("input, textarea, select");
      if (event.timeStamp - last > (field ? NO_HAND : TOO_SLOW)) typed = "";
      last = event.timeStamp;
      if (!typed) before = field?.value ?? "";
      if (event.key.length === 1) typed += event.key.toUpperCase();
      if (event.key !== "Enter") return;
      const code = typed;
      typed = "";
      if (!code.startsWith(PREFIX)) return;
      event.preventDefault();
      event.stopPropagation();
      if (field) field.value = before;
      for (const open of document.querySelectorAll("dialog[open]")) open.close("");
      read(code);
    },
    true,
  );
}
