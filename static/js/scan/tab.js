/** One tab owns the sequence of the phone: another one says so, and goes on by itself once the first is closed. */

const MOMENT = 400; // milliseconds: a page that was just reloaded may not have let go yet

/** Wait until this tab is the only one; `elsewhere` is called when that takes longer than a moment. */
export function alone(slug, elsewhere) {
  if (!navigator.locks) return Promise.resolve();
  return new Promise((mine) => {
    const waiting = setTimeout(elsewhere, MOMENT);
    navigator.locks.request(`scan:${slug}`, () => {
      clearTimeout(waiting);
      mine();
      return new Promise(() => {}); // held until the tab closes
    });
  });
}
