/** Who of a ticket is inside: the last stay of each pass so far, and what one more entry or exit does to them. */

/**
 * @typedef {{pass: number, zone: string | null, at: number, entry: number, freed?: boolean}} Stay
 *   zone: null when it has left; at: seconds; entry: how many times it came; freed: its zone was emptied since
 */
/** @typedef {{bodies: number, stays: Stay[]}} Ticket */
/** @typedef {{id: string, from_id: string | null, into_id: string}} Gate */
/** @typedef {{reentry: string, entries: number, until: Record<number, number>}} Type */
/** @typedef {{at: number, day: number | undefined, dayOf: (at: number) => number | undefined}} When days by number */

/** @param {Ticket} ticket */
export const open = (ticket) => ticket.stays.filter((stay) => stay.zone !== null);

/** Whether a pass may enter once more after its last stay. */
function mayReturn(stay, type, { at, day, dayOf }) {
  if (stay.zone !== null) return false;
  if (stay.freed || type.reentry === "free") return true;
  if (type.reentry === "until") return at < (type.until[day] ?? 0);
  if (type.reentry === "entries") return stay.entry < type.entries;
  return type.reentry === "daily" && dayOf(stay.at) !== day;
}

/** The passes that may enter: never used, or not inside and let back. */
export function free(ticket, type, when) {
  const last = new Map(ticket.stays.map((stay) => [stay.pass, stay]));
  const all = Array.from({ length: ticket.bodies }, (_, place) => place + 1);
  return all.filter((pass) => !last.has(pass) || mayReturn(last.get(pass), type, when));
}

const within = (ticket, zone) => open(ticket).filter((stay) => stay.zone === zone);

/** Those who stand in the zone that the gate leads out of. */
export const movers = (ticket, gate) => (gate.from_id ? within(ticket, gate.from_id) : []);

/** For how many bodies a scan asks that does not say: for all that may pass this gate this way. */
export function wanted(ticket, gate, direction, type, when) {
  const able =
    direction === "out"
      ? within(ticket, gate.into_id).length || open(ticket).length
      : movers(ticket, gate).length || free(ticket, type, when).length;
  return Math.max(able, 1);
}

export function come(ticket, gate, type, bodies, when) {
  const { at } = when;
  const moving = movers(ticket, gate).slice(0, bodies);
  if (moving.length) {
    for (const stay of moving) Object.assign(stay, { zone: gate.into_id, at });
    return;
  }
  for (const pass of free(ticket, type, when).slice(0, bodies)) {
    const before = ticket.stays.find((stay) => stay.pass === pass);
    const entry = (before?.entry ?? 0) + 1;
    ticket.stays = [...ticket.stays.filter((stay) => stay !== before), { pass, zone: gate.into_id, at, entry }];
  }
}

export function leave(ticket, gate, bodies, at) {
  const there = within(ticket, gate.into_id);
  const going = (there.length ? there : open(ticket)).slice(0, bodies);
  for (const stay of going) Object.assign(stay, { zone: gate.from_id, ...(gate.from_id ? { at } : {}) });
}
