/** Serials as they are typed: letters, digits and two check digits (ISO 7064 MOD 97-10), like A-000123-47. */

const FORM = /^([A-Z]{1,3})([0-9]{6,9})([0-9]{2})$/;

/** Say whether the check digits fit: every single wrong sign and every swap is seen before anybody is asked. */
export function fits(typed) {
  const found = FORM.exec(typed.toUpperCase().replace(/[\s\-–.]/g, ""));
  if (!found) return false;
  const letters = Array.from(found[1], (sign) => parseInt(sign, 36)).join("");
  return BigInt(letters + found[2] + found[3]) % 97n === 1n;
}
