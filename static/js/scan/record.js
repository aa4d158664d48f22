/** Who of a ticket is inside: its stays so far, and what one more entry or exit does to them. */

/** @typedef {{pass: number, zone: string | null, at: number}} Stay zone: null when it has left; at: seconds */
/** @typedef {{bodies: number, stays: Stay[]}} Ticket */
/** @typedef {{id: string, from_id: string | null, into_id: string}} Gate */

/** @param {Ticket} ticket */
export const open = (ticket) => ticket.stays.filter((stay) => stay.zone !== null);

/** The passes that may enter: not inside, and never used unless re-entry is free. */
export function free(ticket, reentry) {
  const used = new Set((reentry === "none" ? ticket.stays : open(ticket)).map((stay) => stay.pass));
  return Array.from({ length: ticket.bodies }, (_, place) => place + 1).filter((pass) => !used.has(pass));
}

const within = (ticket, zone) => open(ticket).filter((stay) => stay.zone === zone);

/** Those who stand in the zone that the gate leads out of. */
export const movers = (ticket, gate) => (gate.from_id ? within(ticket, gate.from_id) : []);

/** For how many bodies a scan asks that does not say: for all that may pass this gate this way. */
export function wanted(ticket, gate, direction, reentry) {
  const able =
    direction === "out"
      ? within(ticket, gate.into_id).length || open(ticket).length
      : movers(ticket, gate).length || free(ticket, reentry).length;
  return Math.max(able, 1);
}

export function come(ticket, gate, reentry, bodies, at) {
  const moving = movers(ticket, gate).slice(0, bodies);
  if (moving.length) {
    for (const stay of moving) Object.assign(stay, { zone: gate.into_id, at });
    return;
  }
  for (const pass of free(ticket, reentry).slice(0, bodies)) ticket.stays.push({ pass, zone: gate.into_id, at });
}

export function leave(ticket, gate, bodies, at) {
  const there = within(ticket, gate.into_id);
  const going = (there.length ? there : open(ticket)).slice(0, bodies);
  for (const stay of going) Object.assign(stay, { zone: gate.from_id, ...(gate.from_id ? { at } : {}) });
}
