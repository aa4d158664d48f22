/** Who may pass is a table of data, the same that the server reads: the first row whose conditions all hold decides. */

/**
 * @param {{if: Record<string, unknown>, then: string}[]} rows
 * @param {Record<string, unknown>} facts
 * @returns {string} the verdict
 */
export function verdictOf(rows, facts) {
  const row = rows.find((one) => Object.entries(one.if).every(([name, value]) => facts[name] === value));
  if (!row) throw new Error("the policy's last row takes everything");
  return row.then;
}
