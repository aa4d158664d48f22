/** Judges a scan on the phone as the server would: the same facts, the same table, what it knows of the tickets. */

import * as codes from "./code.js";
import { steps } from "./house.js";
import { verdictOf } from "./policy.js";
import * as record from "./record.js";

/** The day that is on, else the next one, else the last. */
export const dayAt = (days, at) => days.find((day) => at < day.ends) ?? days.at(-1);

function dayFact(ticket, days, day, at) {
  if (!day) return "gone";
  const has = (one) => ((ticket.days >> one.number) & 1) === 1;
  if (has(day)) return at < day.doors ? "to_come" : at >= day.ends ? "gone" : "now";
  return days.some((one) => has(one) && one.doors > at) ? "another_to_come" : "another_gone";
}

/** Whether its type lets in by now, on this day. */
function windowFact(type, day, at) {
  const [since, until] = type.windows[day?.number] ?? [null, null];
  if (since !== null && at < since) return "to_come";
  return until !== null && at >= until ? "gone" : "now";
}

/** The zones into which a gate leads; who comes from a zone is inside those around it already. */
function entered(bundle, gate, from = gate.from_id) {
  const already = from ? bundle.around(from) : [];
  return bundle.around(gate.into_id).filter((zone) => !already.includes(zone));
}

/** Whether entry is stopped where this gate leads to. */
export function stopped(bundle, gate) {
  const { everywhere, zones } = bundle.head.stops ?? { everywhere: false, zones: [] };
  return everywhere || entered(bundle, gate).some((zone) => zones.includes(zone));
}

function recent(ticket, at, window) {
  const inside = record.open(ticket);
  return inside.length > 0 && at - Math.max(...inside.map((stay) => stay.at)) < window;
}

/** What a type says that a phone does not know, or that an older bundle does not say. */
const PLAIN = { name: "", reentry: "none", entries: 1, until: {}, group: 1, zones: [], gates: [], valid: null, windows: {} };
const typeOf = (bundle, ticket) => ({ ...PLAIN, ...bundle.types.get(ticket?.type) });

/** A moment as re-entry asks for it: with the number of its day. */
function when(bundle, at) {
  const dayOf = (moment) => dayAt(bundle.head.days, moment)?.number;
  return { at, day: dayOf(at), dayOf };
}

/** State what the policy may ask about. */
export function facts(bundle, ticket, gate, { direction, at, bodies, bare, version }) {
  const said = { direction, ...bare, ticket_known: ticket !== null };
  if (!ticket) return said;
  const type = typeOf(bundle, ticket);
  const days = bundle.head.days;
  const moving = record.movers(ticket, gate).length > 0;
  const free = record.free(ticket, type, when(bundle, at)).length;
  const inside = record.open(ticket).length;
  const { zones, gates } = type;
  return {
    ...said,
    own_event: true,
    replaced: version !== undefined && version < ticket.version,
    void: ticket.void,
    blocked: ticket.blocked,
    day: dayFact(ticket, days, dayAt(days, at), at),
    window: moving ? "now" : windowFact(type, dayAt(days, at), at),
    zone_open: !zones.length || zones.some((zone) => bundle.around(zone).includes(gate.into_id)),
    gate_open: !gates.length || gate.from_id !== null || gates.includes(gate.id),
    inside: inside > 0,
    free: moving || free >= bodies,
    group_complete: moving || inside + bodies >= type.group,
    recent: recent(ticket, at, bundle.head.window_seconds),
    stopped: stopped(bundle, gate),
    zone_full: bundle.house?.full(entered(bundle, gate, moving ? gate.from_id : null), bodies, dayAt(days, at)?.id) ?? false,
  };
}

/** Take the code apart, check it, find its ticket: one that is newer than the bundle is known by what it says. */
async function look(bundle, what) {
  const bare = { readable: true, key_known: true, genuine: true };
  if (!what.code) return { bare, ticket: await bundle.findSerial(what.serial) };
  const code = codes.read(what.code);
  const key = code && bundle.keys.get(code.key);
  if (!code || !key) return { bare: { ...bare, readable: Boolean(code), key_known: Boolean(key) }, ticket: null };
  if (!(await codes.genuine(code, key.public))) return { bare: { ...bare, genuine: false }, ticket: null };
  if (!key.own) return { bare, ticket: null, elsewhere: true };
  const found = await bundle.find(code.ticket);
  if (found || code.issued < bundle.madeAt - 60) return { bare, ticket: found, version: code.version };
  return { bare, ticket: await bundle.unknown(code), version: code.version };
}

const zonesOf = (ticket) => record.open(ticket).map((stay) => stay.zone);

const NOBODY = { ticket: null, previous: null, noted: null };

/**
 * @param {import("./bundle.js").Bundle} bundle
 * @param {{code?: string, serial?: string, bodies?: number}} what
 * @param {string} gateId
 * @param {"in" | "out"} direction
 * @param {number} at seconds, by the server's clock as far as this phone knows it
 * @param {{look?: boolean}} how look: say it, and leave everything as it is
 * @returns {Promise<{verdict: string, ticket: object | null, previous: object | null, noted: object | null}>}
 */
export async function judge(bundle, what, gateId, direction, at, { look: only = false } = {}) {
  const gate = bundle.gates.get(gateId);
  if (!gate) return { verdict: "not_judged", ...NOBODY };
  const found = await look(bundle, what);
  if (found.elsewhere) return { verdict: "wrong_event", ...NOBODY };
  const { ticket } = found;
  const type = typeOf(bundle, ticket);
  const now = when(bundle, at);
  const bodies = what.bodies ?? (ticket ? record.wanted(ticket, gate, direction, type, now) : 1);
  const stated = facts(bundle, ticket, gate, { direction, at, bodies, bare: found.bare, version: found.version });
  const verdict = verdictOf(bundle.head.policy, stated);
  const last = ticket?.stays.length ? Math.max(...ticket.stays.map((stay) => stay.at)) : null;
  const before = ticket ? zonesOf(ticket) : [];
  const prior = ticket ? ticket.stays.map((stay) => ({ ...stay })) : [];
  if (verdict === "admitted" && !only) record.come(ticket, gate, type, bodies, now);
  if (verdict === "exited" && !only) record.leave(ticket, gate, bodies, at);
  const moved = verdict === "admitted" || verdict === "exited";
  return {
    verdict: verdict === "admitted" ? "offline_admitted" : verdict,
    ticket: ticket && shown(bundle, ticket, bodies),
    previous: last && !moved ? { gate: null, at: new Date(last * 1000).toISOString() } : null,
    gates: verdict === "wrong_gate" ? type.gates.map((one) => bundle.gates.get(one)?.name).filter(Boolean) : [],
    counted: verdict === "zone_full" ? bundle.house.said.at : null,
    noted: moved && !only ? { ...bundle.note(ticket), before: prior, steps: steps(bundle, before, zonesOf(ticket)) } : null,
  };
}

/** A supervisor lets in after a refusal: by a free pass where there is one, and counted in any case. */
export async function letIn(bundle, what, gateId, bodies, at) {
  const gate = bundle.gates.get(gateId);
  const { ticket } = await look(bundle, what);
  if (!gate || !ticket) return null;
  const before = zonesOf(ticket);
  record.come(ticket, gate, typeOf(bundle, ticket), bodies, when(bundle, at));
  const after = zonesOf(ticket);
  const beside = Array(Math.max(0, bodies - (after.length - before.length))).fill(gate.into_id);
  return { ...bundle.note(ticket), steps: steps(bundle, before, gate.from_id ? after : [...after, ...beside]) };
}

function shown(bundle, ticket, taken) {
  const { name, valid } = typeOf(bundle, ticket);
  return { type: name, valid, serial: null, admits: ticket.bodies, inside: record.open(ticket).length, taken };
}
