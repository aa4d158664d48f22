/** Says every few seconds how this phone is, and hears what it should be. */

import * as api from "./api.js";
import { _ } from "./words.js";

const HEARTBEAT = 5000; // milliseconds: within them a phone follows where it was moved, and hears that entry is stopped
const HANDED_IN = 1000; // milliseconds after which a phone that was asked to go says that it has nothing left

export class Heartbeat {
  /** @param {object} steward @param {object} status @param {object} storage @param {string} version of the page */
  constructor(steward, status, storage, version) {
    Object.assign(this, { steward, status, storage, version });
    this.gone = false;
  }

  async #state(asked) {
    const { sync } = this.steward;
    const battery = await navigator.getBattery?.().catch(() => null);
    this.status.battery = battery ? Math.round(battery.level * 100) : null;
    return {
      clock: new Date(asked).toISOString(),
      battery: this.status.battery,
      unsent: await sync.unsent(),
      bundle_version: sync.bundle?.version ?? null,
      bundle_made_at: sync.bundle?.head.made_at ?? null,
      app_version: this.version,
      stops_version: sync.stops?.version ?? null,
    };
  }

  async beat(once = false) {
    const { steward } = this;
    try {
      const [asked, begun] = [Date.now(), performance.now()];
      const said = await api.heartbeat(steward.phone.token, await this.#state(asked));
      steward.clock.measured(asked + (performance.now() - begun) / 2 - Date.parse(said.server_time));
      await this.#follow(said);
      await steward.heard?.();
      await steward.sync.house.hear(said.occupancy, begun);
      steward.network.answered();
      if (await steward.sync.hear(said.stops, true)) this.beat(true); // confirm it at once
      await this.status.told("online");
    } catch (error) {
      if (error instanceof api.Refused) await this.refused(error);
      else await this.status.told("away");
    }
    if (!once) setTimeout(() => this.beat(), HEARTBEAT);
  }

  /** Be what the server says: at another gate or event, by another name, or on the way out of service. */
  async #follow(said) {
    const { phone, sync } = this.steward;
    const elsewhere = said.event.id !== phone.event.id;
    const changed = elsewhere || said.event.rehearsal !== phone.event.rehearsal || said.gate.id !== phone.gate.id || said.device.name !== phone.device.name || said.device.role !== phone.device.role;
    Object.assign(phone, { device: said.device, event: said.event, gate: said.gate });
    if (changed) await this.storage.write("phone", phone).catch(() => {}); // where it stands survives a start without network
    if (elsewhere) await sync.elsewhere();
    if (said.state === "retiring") {
      await sync.send().catch(() => {});
      clearTimeout(this.leaving); // every beat comes by here, and one more is enough
      this.leaving = setTimeout(() => this.beat(true), HANDED_IN);
    }
  }

  /** The server refuses this phone: it leaves, and what it has not sent stays sealed until it is. */
  async refused(error) {
    if (error.status !== 401 && error.type !== "sequence_conflict") {
      document.getElementById("say").textContent = _("The server refused this. Call a supervisor.");
      return;
    }
    if (this.gone) return;
    this.gone = true;
    if (await this.steward.sync.leave(error.wipe)) location.reload();
    else {
      this.gone = false;
      await this.status.told("gone");
      setTimeout(() => this.refused(error), HEARTBEAT);
    }
  }
}
