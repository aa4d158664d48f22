/** The day's code: checked here by a slow keyed hash of it, and proven to the server by what the hash gives besides. */

const SAID = ["deed", "deed_id", "scan_id", "staff_number", "bodies", "reason"];
const HMAC = { name: "HMAC", hash: "SHA-256" };

const bytesOf = (text) => Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
const bytes = (words) => new TextEncoder().encode(words);
const text = (buffer) => btoa(Array.from(new Uint8Array(buffer), (one) => String.fromCharCode(one)).join(""));

/** The key that a typed code gives, if it is the right one; else null. */
export async function keyOf({ salt, rounds, check }, typed) {
  const plain = typed.toUpperCase().replace(/[^A-Z0-9]/g, "");
  const base = await crypto.subtle.importKey("raw", bytes(plain), "PBKDF2", false, ["deriveBits"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt: bytesOf(salt), iterations: rounds };
  const raw = await crypto.subtle.deriveBits(how, base, 256);
  const key = await crypto.subtle.importKey("raw", raw, HMAC, false, ["sign", "verify"]);
  return (await crypto.subtle.verify("HMAC", key, bytesOf(check), bytes("check"))) ? key : null;
}

/** What shows the server that whoever did this knew the code. */
export async function proof(key, deed) {
  return text(await crypto.subtle.sign("HMAC", key, bytes(SAID.map((name) => deed[name]).join("\n"))));
}
