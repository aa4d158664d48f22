/** A hardware scanner that types: a code, key after key, then Enter. Fields of the page keep what is typed in them. */

const TOO_SLOW = 500; // milliseconds between two keys: a hand that rests has not meant one code

/** @param {(code: string) => void} read */
export function listen(read) {
  let typed = "";
  let last = 0;
  addEventListener(
    "keydown",
    (event) => {
      if (event.target.closest?.("input, textarea")) return;
      if (event.timeStamp - last > TOO_SLOW) typed = "";
      last = event.timeStamp;
      if (event.key.length === 1) typed += event.key.toUpperCase();
      if (event.key !== "Enter") return;
      const code = typed;
      typed = "";
      if (!code.startsWith("VG1.")) return;
      event.preventDefault();
      event.stopPropagation();
      read(code);
    },
    true,
  );
}
