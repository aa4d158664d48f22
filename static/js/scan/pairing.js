/** Pairing: the code comes with the link, or is typed; the token that it buys stays on this phone. */

import * as api from "./api.js";
import { _, N_ } from "./words.js";

const PROBLEMS = {
  no_such_pairing: N_("That code opens nothing: it is used, too old, or mistyped. Ask for another code."),
  too_many_tries: N_("Too many tries. Wait a minute, then try again."),
};
const REFUSED = N_("The server refused that. Ask for another code.");

const AT_ONCE = 500;

const element = (id) => document.getElementById(id);

/** Return who this phone is, after pairing it where that is needed. */
export async function phone(storage, slug, show) {
  const linked = decodeURIComponent(location.hash.slice(1));
  if (linked) history.replaceState(null, "", location.pathname); // a code is good once: it does not stay in the address
  const before = await storage.read("phone");
  if (!linked && before) return before;
  const paired = linked ? await attempt(storage, slug, linked) : null;
  if (paired) return paired;
  if (before) return before;
  show();
  element("pairing-code").focus();
  return typed(storage, slug);
}

function typed(storage, slug) {
  return new Promise((resolve) => {
    element("pairing").querySelector("form").addEventListener("submit", async (event) => {
      event.preventDefault();
      const paired = await attempt(storage, slug, element("pairing-code").value);
      if (paired) resolve(paired);
    });
  });
}

async function attempt(storage, slug, code) {
  try {
    await handIn(storage);
    const made = await api.pair(slug, code.trim());
    await storage.wipe();
    await storage.write("phone", made);
    return made;
  } catch (error) {
    element("pairing-problem").textContent =
      error instanceof api.Refused ? _(PROBLEMS[error.type.split("/").at(-1)] ?? REFUSED) : _("No network. Try again.");
    return null;
  }
}

/** What this phone recorded before is handed in first, under the name that it had then. */
async function handIn(storage) {
  const before = await storage.read("phone");
  const unsent = before ? await storage.unsent() : [];
  try {
    for (let at = 0; at < unsent.length; at += AT_ONCE) {
      await api.sendBatch(before.token, crypto.randomUUID(), unsent.slice(at, at + AT_ONCE));
    }
  } catch (error) {
    if (error.status !== 401) throw error; // a name that the server does not know any more holds up no new one
  }
}
