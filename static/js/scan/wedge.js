/** A hardware scanner that types: keys faster than a hand, then Enter. */

const FASTER_THAN = 50; // milliseconds between two keys
const SHORTEST = 8;

/** @param {(code: string) => void} read */
export function listen(read) {
  let typed = "";
  let last = 0;
  addEventListener(
    "keydown",
    (event) => {
      const quick = event.timeStamp - last < FASTER_THAN;
      last = event.timeStamp;
      if (event.key === "Enter" && quick && typed.length >= SHORTEST && typed.startsWith("VG1.")) {
        event.preventDefault();
        event.stopPropagation();
        const code = typed;
        typed = "";
        read(code);
      } else if (event.key.length === 1) {
        typed = (quick ? typed : "") + event.key.toUpperCase();
      } else if (event.key !== "Shift") {
        typed = "";
      }
    },
    true,
  );
}
