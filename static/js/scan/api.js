/** Talking to the server: one scan, asked until it is answered or the network is known to be away. */

import { asSent } from "./sent.js";

const PATIENCE = 4000; // milliseconds for one try: the server itself gives up after two seconds
const SLOW = 20000; // milliseconds for what is large
const TRIES = 3;
const PAUSE = 700;

const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** No answer, or none that says anything: the same question may be asked again. */
export class Away extends Error {}

/** The server refuses this phone or this question for good. */
export class Refused extends Error {
  constructor(status, problem) {
    super(problem.detail ?? problem.title ?? "Refused");
    this.status = status;
    this.type = problem.type ?? "";
    this.wipe = problem.wipe ?? null;
  }
}

async function call(method, path, { body, token, patience = PATIENCE }) {
  const headers = { Accept: "application/json" };
  if (body) headers["Content-Type"] = "application/json";
  if (token) headers.Authorization = `Bearer ${token}`;
  let answer;
  try {
    answer = await fetch(`/api/v1${path}`, {
      method,
      headers,
      body: body && JSON.stringify(body),
      credentials: "omit",
      cache: "no-store",
      signal: AbortSignal.timeout(patience),
    });
  } catch {
    throw new Away("no network");
  }
  if (answer.status >= 500 || answer.status === 429) throw new Away("the server is busy");
  const said = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Refused(answer.status, said);
  return said;
}

const post = (path, body, token, patience) => call("POST", path, { body, token, patience });

export const pair = (organization, pairing_code) => post("/devices/pair", { organization, pairing_code });

export const heartbeat = (token, state) => post("/devices/heartbeat", state, token);

/** What changed of the event's tickets since a version, or everything. */
export const bundle = (token, eventId, since) =>
  call("GET", `/events/${eventId}/bundle${since ? `?since=${encodeURIComponent(since)}` : ""}`, { token, patience: SLOW });

/** Hand in scans that were judged here; they count as sent once the server says that it has stored them. */
export const sendBatch = (token, batch_id, kept) =>
  post("/scan-batches", { batch_id, scans: kept.map(asSent) }, token, SLOW);

/** Ask for a verdict within a time; the same scan_id whenever it is asked again, so that a lost answer is given again. */
export const scanWithin = (token, body, patience) => post("/scans", body, token, patience);

/** A supervisor's deed about a scan of this phone. */
export const decide = (token, deed, scanId, said) =>
  post(`/scans/${scanId}/${deed === "undo" ? "reversals" : "overrides"}`, said, token);

/** Tickets by the beginning of their holder's name. */
export const findByName = (token, said) => post("/ticket-searches", said, token);

/** Ask for a verdict when this phone cannot judge by itself: again and again for a while. */
export async function scan(token, body) {
  for (let tries = 1; ; tries += 1) {
    try {
      return await post("/scans", body, token);
    } catch (error) {
      if (!(error instanceof Away) || tries === TRIES || !navigator.onLine) throw error;
      await pause(PAUSE);
    }
  }
}
