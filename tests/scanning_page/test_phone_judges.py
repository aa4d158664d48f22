"""One policy in two languages: the page's JavaScript says what the server's Python says, case by case."""

from __future__ import annotations

import base64
import hmac
import json
from collections.abc import Callable
from datetime import UTC, datetime
from random import Random
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest

from tests.scanning.test_bundle import RECORD
from tests.scanning_page.conftest import Steward
from tests.vectors.model import FILE
from voelgoed.catalog.ticket_type import REENTRY
from voelgoed.scanning.asked import Asked
from voelgoed.scanning.capacity import Full
from voelgoed.scanning.case import Case, place
from voelgoed.scanning.entry_stop import Stops
from voelgoed.scanning.fact import Record, Rule
from voelgoed.scanning.found import Found, KnownTicket
from voelgoed.scanning.judge import WINDOW, decide
from voelgoed.scanning.policy import TABLE
from voelgoed.ticketing.serial import serial

pytestmark = pytest.mark.journey
START = 1_790_000_000  # seconds since 1970; the first day's doors open
HOUR = 3600
WALL = "Africa/Johannesburg"
PEPPER = bytes(32)
HISTORIES, STEPS = 300, 14


def test_the_table_gives_the_same_verdicts(steward: Callable[..., Steward]) -> None:
    page = steward()
    page.open()
    vectors = json.loads(FILE.read_text())
    said = page.page.evaluate(
        """async ([rows, cases]) => {
            const { verdictOf } = await import("/static/js/scan/policy.js");
            return cases.map((one) => verdictOf(rows, one.facts));
        }""",
        [TABLE["rows"], vectors],
    )
    assert len(vectors) >= 500
    assert said == [one["verdict"] for one in vectors]


class House:
    """A venue, two days and some tickets, told to both languages."""

    def __init__(self, chance: Random) -> None:
        self.event, self.venue = str(uuid4()), str(uuid4())
        grounds, lawn, circle = (str(uuid4()) for _ in range(3))
        self.zones = [
            {"id": grounds, "parent_id": None, "name": "Grounds"},
            {"id": lawn, "parent_id": grounds, "name": "Lawn"},
            {"id": circle, "parent_id": lawn, "name": "Circle"},
        ]
        self.gates = [
            {"id": str(uuid4()), "name": "South", "from_id": None, "into_id": lawn},
            {"id": str(uuid4()), "name": "Rope", "from_id": lawn, "into_id": circle},
            {"id": str(uuid4()), "name": "Stage", "from_id": None, "into_id": circle},
        ]
        self.days = [
            {"id": str(uuid4()), "number": number, "doors": START + number * 24 * HOUR,
             "ends": START + number * 24 * HOUR + 8 * HOUR,
             "date": f"{datetime.fromtimestamp(START + number * 24 * HOUR, ZoneInfo(WALL)):%Y-%m-%d}"}
            for number in range(2)
        ]  # fmt: skip
        kinds = [("Adult", []), ("Family", [lawn]), ("Crew", []), ("Golden", [circle])]
        self.types = [self._type(chance, number, *kind) for number, kind in enumerate(kinds, start=1)]
        self.stops = Stops(
            version=1, everywhere=chance.random() < 0.05,
            zones=frozenset({chance.choice(self.zones)["id"]}) if chance.random() < 0.2 else frozenset(),
        )  # fmt: skip
        self.tickets = [
            {"id": uuid4(), "serial": serial("A", number), "type": chance.randrange(4) + 1,
             "bodies": chance.choice((1, 1, 3)), "days": chance.choice((1, 2, 3)), "void": chance.random() < 0.15,
             "blocked": chance.random() < 0.1}
            for number in range(3)
        ]  # fmt: skip

    def _type(self, chance: Random, number: int, name: str, zones: list[str]) -> dict[str, Any]:
        until = {day["number"]: day["doors"] + chance.randrange(8) * HOUR for day in self.days}
        return {
            "number": number, "name": name, "reentry": chance.choice(REENTRY), "entries": chance.choice((2, 3)),
            "until": until, "group": chance.choice((1, 1, 2)), "zones": zones,
            "gates": [self.gates[0]["id"]] if chance.random() < 0.2 else [], **self._hours(chance),
        }  # fmt: skip

    def _hours(self, chance: Random) -> dict[str, Any]:
        """Draw between when a type lets in: whole hours after doors, on the venue's wall."""
        since, until = sorted(chance.sample(range(1, 8), 2))
        if chance.random() < 0.6:
            return {"valid": {"from": None, "until": None}, "windows": {}}
        bounds = chance.choice([(since, until), (since, None), (None, until)])
        clock = [self._wall(START + hours * HOUR) if hours else None for hours in bounds]
        windows = {
            day["number"]: [day["doors"] + hours * HOUR if hours else None for hours in bounds] for day in self.days
        }
        return {"valid": {"from": clock[0], "until": clock[1]}, "windows": windows}

    @staticmethod
    def _wall(at: float) -> str:
        return f"{datetime.fromtimestamp(at, ZoneInfo(WALL)):%H:%M}"

    def bundle(self) -> dict[str, Any]:
        """Return it as a phone gets it."""
        packed = sorted(
            RECORD.pack(
                hmac.digest(PEPPER, one["id"].bytes, "sha256")[:16],
                hmac.digest(PEPPER, one["serial"].replace("-", "").encode(), "sha256")[:8],
                1, one["type"], one["days"], one["bodies"], one["void"] | one["blocked"] << 1,
            )
            for one in self.tickets
        )  # fmt: skip
        return {
            "version": "1", "whole": True, "made_at": "2026-09-21T00:00:00Z", "event": {"id": self.event, "name": "x"},
            "pepper": base64.b64encode(PEPPER).decode(), "keys": [], "days": self.days, "zones": self.zones,
            "gates": self.gates, "types": self.types, "policy": TABLE["rows"],
            "window_seconds": int(WINDOW.total_seconds()), "tickets": base64.b64encode(b"".join(packed)).decode(),
            "stays": {}, "stops": self.stops.said(),
        }  # fmt: skip

    def found(self) -> Found:
        """Return it as the server reads it."""
        tickets = [self._known(one) for one in self.tickets]
        return Found(
            now=datetime.now(UTC), devices={}, gates={one["id"]: {**one, "venue_id": self.venue} for one in self.gates},
            zones={str(one["id"]): one for one in self.zones},
            days={self.event: [{**one, "ended": None} for one in self.days]},
            venues={self.event: self.venue}, timezones={self.event: WALL}, repeats=[], tickets={},
            serials={one.raw["serial"]: one for one in tickets}, stops={self.event: self.stops},
        )  # fmt: skip

    def _known(self, one: dict[str, Any]) -> KnownTicket:
        type_ = self.types[one["type"] - 1]
        void_at = datetime.fromtimestamp(START - HOUR, UTC) if one["void"] else None
        raw = {
            "event_id": self.event, "serial": one["serial"], "code_version": 1, "days_mask": one["days"],
            "zones": type_["zones"] or None, "type": type_["name"], "bodies": one["bodies"],
            "gates": [gate for gate in self.gates if gate["id"] in type_["gates"]],
            "blocked": "Stolen" if one["blocked"] else None, "valid_from": type_["valid"]["from"],
            "valid_until": type_["valid"]["until"],
        }  # fmt: skip
        until = {UUID(day["id"]): datetime.fromtimestamp(type_["until"][day["number"]], UTC) for day in self.days}
        blocked = ((datetime.fromtimestamp(START - HOUR, UTC), None),) if one["blocked"] else ()
        rule = Rule(one["id"], one["bodies"], type_["reentry"], void_at, type_["entries"], until, blocked,
                    type_["group"])  # fmt: skip
        return KnownTicket(raw, rule, Record(), {}, None)

    def counted(self, chance: Random) -> dict[str, Any]:
        """Draw how full the zones were when a phone last heard it, on the first day; some have hardly room left."""
        zones = [{"id": one["id"], "bodies": chance.randrange(4), "capacity": chance.choice((2, 3, 4, 1000))}
                 for one in self.zones]  # fmt: skip
        return {"day_id": self.days[0]["id"], "at": "2026-09-21T00:00:00Z", "zones": zones}


def server_says(house: House, steps: list[dict[str, Any]], counted: dict[str, Any]) -> list[str]:
    """Judge a history in Python, each scan against what those before it have changed."""
    found, said = house.found(), []
    rings = {one["id"]: found.around(one["id"]) for one in house.zones}
    full = Full({one["id"]: one["capacity"] - one["bodies"] for one in counted["zones"]}, rings)
    for number, step in enumerate(steps):
        found.now = datetime.fromtimestamp(step["at"], UTC)
        asked = Asked(b"", uuid4(), number, step["direction"], found.now, serial=step["serial"],
                      gate_id=UUID(step["gate"]), bodies=step["bodies"])  # fmt: skip
        device = {"id": str(uuid4()), "event_id": house.event, "gate_id": step["gate"], "name": "x"}
        case = Case(asked, None, {"readable": True, "key_known": True, "genuine": True}, device)
        place(case, found)
        today = case.day is not None and case.day["id"] == counted["day_id"]
        decide(case, found, today and full.is_full(case))
        full.note(case)
        said.append("offline_admitted" if case.verdict == "admitted" else case.verdict)
    return said


def test_any_history_is_judged_alike(steward: Callable[..., Steward]) -> None:
    page, chance = steward(), Random(20261124)
    page.open()
    told, expected = [], []
    for _ in range(HISTORIES):
        house, at = House(chance), START - HOUR
        steps = []
        for _ in range(STEPS):
            at += chance.choice((2, 60, 400, HOUR, 3 * HOUR))
            steps.append({
                "at": at, "direction": chance.choice(("in", "in", "out")), "gate": chance.choice(house.gates)["id"],
                "serial": chance.choice(house.tickets)["serial"], "bodies": chance.choice((None, None, 1, 2)),
            })  # fmt: skip
        counted = house.counted(chance)
        told.append({"bundle": house.bundle(), "steps": steps, "counted": counted})
        expected.append(server_says(house, steps, counted))
    said = page.page.evaluate(
        """async (told) => {
            const { Bundle } = await import("/static/js/scan/bundle.js");
            const { judge } = await import("/static/js/scan/judge.js");
            const { House } = await import("/static/js/scan/house.js");
            const all = [];
            for (const { bundle, steps, counted } of told) {
                const known = await Bundle.from(bundle, null);
                known.house = new House({ write: async () => {} });
                await known.house.hear(counted, 0);
                const verdicts = [];
                for (const one of steps) {
                    const answer = await judge(known, one, one.gate, one.direction, one.at);
                    known.house.moved(null, answer.noted?.steps, false);
                    verdicts.push(answer.verdict);
                }
                all.push(verdicts);
            }
            return all;
        }""",
        told,
    )
    wrong = [number for number, (one, other) in enumerate(zip(said, expected, strict=True)) if one != other]
    assert wrong == [], (said[wrong[0]], expected[wrong[0]])
    seen = {verdict for one in expected for verdict in one}
    assert seen >= {"offline_admitted", "exited", "not_inside", "void", "too_late", "too_early", "wrong_zone",
                    "duplicate", "already_inside", "no_reentry", "entry_stopped", "blocked",
                    "wrong_gate", "group_incomplete", "zone_full"}  # fmt: skip


ALONE = """async ([event, lawn, bundle, key]) => {
    const { Bundle } = await import("/static/js/scan/bundle.js");
    const { Storage } = await import("/static/js/scan/storage.js");
    const { Sync } = await import("/static/js/scan/sync.js");
    const storage = await Storage.open("apart");
    const phone = { token: "x", event: { id: event } };
    const clock = { now: 1_790_000_060, sure: true };
    const sync = new Sync({ storage, phone, network: { answered() {} }, clock, told() {} });
    const all = {};

    const known = await Bundle.from(bundle, null);
    known.note({ key: "a", stays: [{ pass: 1, zone: lawn, at: 100 }, { pass: 2, zone: null, at: 100 }] });
    known.join({ key: "a", stays: [{ pass: 1, zone: null, at: 100 }, { pass: 2, zone: lawn, at: 100 }] });
    all.left = known.stays.get("a").map((stay) => stay.zone);

    const tag = event.slice(-12);
    const stops = (count, of = tag) => ({ version: `${count}.${of}`, everywhere: count % 2 === 1, zones: [] });
    all.heard = [];
    for (const [said, sure] of [[stops(3)], [stops(2)], [stops(9, "elsewhere")], [stops(2), true], [stops(3)]]) {
        all.heard.push(await sync.hear(said, sure), sync.stops?.version.split(".")[0]);
    }

    const take = () => { sync.takenAt = -1e9; return sync.take(); };
    const noted = async () => [sync.bundle.stays.get(key)?.length ?? 0, (await storage.noted()).length];
    await take();
    const note = { key, stays: [{ pass: 1, zone: lawn, at: 1_790_000_004 }], told: Date.now(), sure: false };
    await storage.answered([], [note]);
    await take();
    all.unjudged = await noted();
    await take();
    all.judged = await noted();

    sync.exclusive = (work) => { phone.event = { id: "moved" }; return work(); };
    await take();
    all.moved = [sync.bundle.version, (await storage.bundle()).head.version];
    await take().catch(() => {});

    Object.assign(phone, { event: { id: event }, gate: { id: "south" } });
    sync.exclusive = (work) => work();
    clock.now += 86_400 * 2;
    await sync.end();
    sync.takenAt = performance.now();
    await sync.take();
    all.over = [sync.over];
    for (const _ of ["over still", "put off"]) {
        await take();
        all.over.push(sync.over);
    }

    const made = (minutes) => new Date(Date.now() - minutes * 60_000).toISOString();
    for (const [code, gate_id, minutes] of [["a", "south", 1], ["b", "south", 11], ["c", "north", 1]]) {
        const what = { scan_id: code, code, direction: "in", scanned_at: made(minutes) };
        await storage.keep({ ...what, gate_id, event_id: event });
    }
    all.again = ["a", "b", "c"].map((code) => storage.unanswered(code, "in", phone)?.sequence);
    await sync.send();
    all.waiting = storage.unjudged.map((one) => one.code);

    const { phone: paired } = await import("/static/js/scan/pairing.js");
    await storage.write("phone", phone);
    for (const one of Array.from({ length: 501 }, (_, place) => place)) {
        await storage.judged({ scan_id: `${one}`, code: "d", sequence: one + 4 }, "void");
    }
    location.hash = "#CODE";
    all.paired = await paired(storage, "home", () => {});
    return all;
}"""


def test_older_words_undo_nothing_that_a_phone_did_or_heard(steward: Callable[..., Steward]) -> None:
    phone, house = steward(), House(Random(1))
    phone.open()
    lawn = house.gates[0]["into_id"]
    place = [one["id"] for one in house.zones].index(lawn)
    first = house.bundle()
    place = [zone["id"] for zone in house.zones].index(lawn)
    tickets = base64.b64decode(first["tickets"])[: RECORD.size]
    word = {**first, "whole": False, "tickets": base64.b64encode(tickets).decode()}
    answers = [first, {**word, "version": "2"}, {**word, "version": "3", "stays": {"0": [[1, place, START]]}},
               {**word, "version": "4"}, {}, first,
               {**first, "days": [{**house.days[-1], "ends": START + 96 * HOUR}]}]  # fmt: skip
    asked = []

    def answer(route: Any) -> None:
        asked.append(route.request.url.rpartition("/events/")[2].removeprefix(house.event))
        route.fulfill(json=answers[len(asked) - 1])

    sent: list[list[tuple[int, str]]] = []

    def take_in(route: Any) -> None:
        scans = route.request.post_data_json["scans"]
        sent.append([(one["sequence"], one["offline_verdict"]) for one in scans])
        route.fulfill(status=202 if len(sent) < 3 else 401, json={})

    phone.page.route("**/api/v1/events/*/bundle*", answer)
    phone.page.route("**/api/v1/scan-batches", take_in)
    phone.page.route("**/api/v1/devices/pair", lambda route: route.fulfill(json={"token": "new"}))
    all_ = phone.page.evaluate(ALONE, [house.event, lawn, first, tickets[:16].hex()])
    assert all_["left"] == [None, None]
    assert all_["heard"] == [True, "3", False, "3", False, "3", True, "2", True, "3"]
    assert all_["unjudged"] == [1, 1]  # the server has the batch, and its word does not hold what is in it
    assert all_["judged"] == [1, 0]
    assert all_["moved"] == ["3", "3"]  # the phone was moved while this was read
    assert asked == [
        "/bundle",
        "/bundle?since=1",
        "/bundle?since=2",
        "/bundle?since=3",
        "moved/bundle",
        "/bundle",
        "/bundle",
    ]
    assert all_["over"] == [True, True, False]  # it asks now and then whether the event ends later
    assert all_["again"] == [1, None, None]
    assert sent[0] == [(2, "not_judged"), (3, "not_judged")]
    assert all_["waiting"] == ["a"]
    assert [len(one) for one in sent[1:]] == [500, 1]
    assert all_["paired"] == {"token": "new"}  # though the server refused the second batch: it knew that phone no more
