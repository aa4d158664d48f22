/** Talking to the server: one scan, asked until it is answered or the network is known to be away. */

const PATIENCE = 4000; // milliseconds for one try: the server itself gives up after two seconds
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
  }
}

async function post(path, body, token) {
  const headers = { "Content-Type": "application/json", Accept: "application/json" };
  if (token) headers.Authorization = `Bearer ${token}`;
  let answer;
  try {
    answer = await fetch(`/api/v1${path}`, {
      method: "POST",
      headers,
      body: JSON.stringify(body),
      credentials: "omit",
      signal: AbortSignal.timeout(PATIENCE),
    });
  } catch {
    throw new Away("no network");
  }
  if (answer.status >= 500 || answer.status === 429) throw new Away("the server is busy");
  const said = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Refused(answer.status, said);
  return said;
}

export const pair = (organization, pairing_code) => post("/devices/pair", { organization, pairing_code });

export const heartbeat = (token, state) => post("/devices/heartbeat", state, token);

/** Ask for a verdict; the same scan_id each time, so that a lost answer is given again. */
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
