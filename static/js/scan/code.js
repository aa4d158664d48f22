/** The signed code: `VG1.` + base32 of 29 bytes and their Ed25519 signature. Taken apart here, verified here. */

import * as noble from "../../vendor/noble-ed25519/index.js";

const PREFIX = "VG1.";
const LENGTH = 153;
const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const SIGNED = 29;
const EPOCH = Date.UTC(2020, 0, 1) / 1000; // seconds

/** @param {string} body base32 without padding @returns {Uint8Array | null} */
function base32(body) {
  const bytes = new Uint8Array(Math.floor((body.length * 5) / 8));
  let held = 0;
  let bits = 0;
  let at = 0;
  for (const sign of body) {
    const value = ALPHABET.indexOf(sign);
    if (value < 0) return null;
    held = ((held << 5) | value) & 0xfff;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes[at] = (held >> bits) & 0xff;
      at += 1;
    }
  }
  return (held & ((1 << bits) - 1)) === 0 ? bytes : null; // only one spelling of a code is accepted
}

/** Take a code apart; null for anything that is not one. Case does not matter: a wedge may change it. */
export function read(text) {
  const code = text.trim().toUpperCase();
  if (code.length !== LENGTH || !code.startsWith(PREFIX)) return null;
  const bytes = base32(code.slice(PREFIX.length));
  if (!bytes) return null;
  const view = new DataView(bytes.buffer);
  return {
    key: view.getUint32(0),
    ticket: bytes.slice(4, 20),
    version: view.getUint8(20),
    type: view.getUint8(21),
    days: view.getUint16(22),
    bodies: view.getUint8(24),
    issued: EPOCH + view.getUint32(25) * 60, // seconds since 1970
    signed: bytes.slice(0, SIGNED),
    signature: bytes.slice(SIGNED),
  };
}

const imported = new Map();

/** Say whether this key made the signature: by the browser's own Ed25519 where it has one. */
export async function genuine(code, publicKey) {
  const name = publicKey.join();
  if (!imported.has(name)) {
    const asked = crypto.subtle.importKey("raw", publicKey, { name: "Ed25519" }, false, ["verify"]);
    imported.set(name, await asked.catch(() => null));
  }
  const key = imported.get(name);
  if (key) return crypto.subtle.verify({ name: "Ed25519" }, key, code.signature, code.signed);
  return noble.verifyAsync(code.signature, code.signed, publicKey).catch(() => false);
}
