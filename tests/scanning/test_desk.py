"""The desk: scans that wait at the same time are judged together, each answered after the commit, poison alone."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable
from uuid import uuid4

import pytest
from sqlalchemy import event as sqlalchemy_event
from sqlalchemy.exc import DataError, OperationalError

from tests.scanning.evening import Evening, Phone
from tests.sent import sent
from voelgoed.foundation.clock import now
from voelgoed.foundation.database import db
from voelgoed.foundation.tenancy import rows
from voelgoed.foundation.web import Problem
from voelgoed.foundation.web.identity import hash_secret
from voelgoed.scanning import desk
from voelgoed.scanning.admission import Admission
from voelgoed.scanning.asked import Asked, Judged
from voelgoed.scanning.desk import Desk, Slot
from voelgoed.scanning.process_scan import process_scan
from voelgoed.scanning.scan import Scan


def asked(phone: Phone, code: str) -> Asked:
    """Return a scan as the API hands it on."""
    return Asked(hash_secret(phone.token), uuid4(), next(phone.numbers), "in", now(), code=code)


def together(evening: Evening, one_desk: Desk, scans: list[Asked]) -> list[str]:
    """Ask from a thread each, all at once; return verdicts or problems in the order of the scans."""
    said = [""] * len(scans)
    ready = threading.Barrier(len(scans))

    def ask(index: int) -> None:
        with evening.app.app_context(), evening.house.scope():
            ready.wait()
            try:
                said[index] = one_desk.ask(scans[index]).verdict
            except Problem as problem:
                said[index] = problem.type

    threads = [threading.Thread(target=ask, args=(index,)) for index in range(len(scans))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return said


def transactions(deed: Callable[[], object]) -> int:
    """Count the commits that a deed makes in this process."""
    counted = []
    listener = lambda _connection: counted.append(1)  # noqa: E731
    sqlalchemy_event.listen(db.engine, "commit", listener)
    try:
        deed()
    finally:
        sqlalchemy_event.remove(db.engine, "commit", listener)
    return len(counted)


def test_each_of_many_gets_its_own_answer_in_fewer_transactions(evening: Evening) -> None:
    phones = [evening.phone() for _ in range(20)]
    codes = [code for _, code in evening.tickets(quantity=19)]
    scans = [asked(phone, code) for phone, code in zip(phones, [*codes, codes[0]], strict=True)]
    said: list[str] = []
    commits = transactions(lambda: said.extend(together(evening, Desk(), scans)))
    assert Counter(said) == {"admitted": 19, "duplicate": 1}
    assert commits < len(scans)
    with evening.house.scope():
        assert {row.id for row in rows(Scan)} == {one.scan_id for one in scans}


def test_poison_stands_alone(evening: Evening, monkeypatch: pytest.MonkeyPatch) -> None:
    phones = [evening.phone() for _ in range(8)]
    scans = [asked(phone, code) for phone, (_, code) in zip(phones, evening.tickets(quantity=8), strict=True)]
    poison = scans[5].scan_id
    judging = process_scan

    def refusing(batch: list[Asked]) -> list[Judged]:
        judged = judging(batch)
        if any(one.scan_id == poison for one in batch):
            raise DataError("poison", {}, ValueError("cannot be stored"))
        return judged

    monkeypatch.setattr(desk, "process_scan", refusing)
    slots = [Slot(one) for one in scans]
    with evening.house.scope():
        desk.judge(slots)
    assert [slot.judged.verdict if slot.judged else "" for slot in slots] == ["admitted"] * 5 + [""] + ["admitted"] * 2
    assert slots[5].refused is not None
    assert slots[5].refused.status == 422
    with evening.house.scope():
        assert rows(Scan).count() == 7


def test_a_connection_lost_at_the_commit_is_busy_and_asked_again(
    evening: Evening, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is wrong with the scan: the phone asks again under its id, and is judged once."""
    one = asked(evening.phone(), evening.code())

    def lost() -> None:
        raise OperationalError("COMMIT", {}, ConnectionError("server closed the connection"))

    with monkeypatch.context() as fault:
        fault.setattr(desk, "commit", lost)
        slot = Slot(one)
        with evening.house.scope():
            desk.judge([slot])
    assert slot.judged is None
    assert slot.refused is not None
    assert (slot.refused.status, slot.refused.headers) == (503, {"Retry-After": "1"})
    with evening.house.scope():
        assert Desk().ask(one).verdict == "admitted"
        assert rows(Scan).count() == 1


@pytest.mark.parametrize(("times", "said"), [(desk.TRIES - 1, "admitted"), (desk.TRIES, "busy")])
def test_a_deadlock_is_judged_again_some_times(
    evening: Evening, monkeypatch: pytest.MonkeyPatch, times: int, said: str
) -> None:
    """Each try begins anew; who never gets through is told to ask again, and nothing is written."""
    judging, deadlocks = process_scan, iter(range(times))

    def colliding(batch: list[Asked]) -> list[Judged]:
        judged = judging(batch)
        if next(deadlocks, None) is not None:
            raise OperationalError("deadlock detected", {}, Exception("40P01"))
        return judged

    monkeypatch.setattr(desk, "process_scan", colliding)
    assert together(evening, Desk(), [asked(evening.phone(), evening.code())]) == [said]
    with evening.house.scope():
        assert rows(Scan).count() == rows(Admission).count() == (said == "admitted")


def test_a_full_queue_is_busy_and_says_when_to_ask_again(evening: Evening) -> None:
    phone, full = evening.phone(), Desk()
    full._waiting.extend(Slot(asked(phone, evening.code())) for _ in range(1))
    full._waiting.extend([full._waiting[0]] * (desk.BOUND - 1))
    with pytest.raises(Problem) as refused:
        full.ask(asked(phone, "x"))
    assert (refused.value.status, refused.value.headers) == (503, {"Retry-After": "1"})


def test_who_is_not_answered_in_time_asks_again_under_the_same_id(
    evening: Evening, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk, "PATIENCE_SECONDS", 0.01)
    stuck = Desk()
    stuck._leading = desk.LEADERS  # two that never come back
    one = asked(evening.phone(), evening.code())
    with pytest.raises(Problem) as refused:
        stuck.ask(one)
    assert refused.value.status == 503
    assert list(stuck._waiting) == []
    with evening.house.scope():
        assert Desk().ask(one).verdict == "admitted"


def test_a_second_leads_only_when_the_first_is_held_up(evening: Evening, monkeypatch: pytest.MonkeyPatch) -> None:
    phone, (code, *_) = evening.phone(), [code for _, code in evening.tickets(quantity=1)]
    one_desk = Desk()
    one_desk._leading, one_desk._taken_at = 1, time.monotonic()
    monkeypatch.setattr(desk, "PATIENCE_SECONDS", 0.01)
    monkeypatch.setattr(desk, "HELD_UP_SECONDS", 60.0)
    with evening.house.scope():
        with pytest.raises(Problem):
            one_desk.ask(asked(phone, code))
        monkeypatch.setattr(desk, "HELD_UP_SECONDS", 0.0)
        assert one_desk.ask(asked(phone, code)).verdict == "admitted"
    assert one_desk._leading == 1


def test_who_is_called_to_lead_while_another_judges_its_scan_gets_that_answer(
    evening: Evening, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, judging = asked(evening.phone(), evening.code()), []

    def judge_elsewhere(slot: Slot) -> None:
        with evening.app.app_context(), evening.house.scope():
            desk._answer([slot])

    def taken_by_another(self: Desk) -> list[Slot]:
        thread = threading.Thread(target=judge_elsewhere, args=(self._waiting.popleft(),))
        judging.append(thread)
        thread.start()
        return []

    monkeypatch.setattr(Desk, "_take", taken_by_another)
    with evening.house.scope():
        assert Desk().ask(one).verdict == "admitted"
    for thread in judging:
        thread.join()


def test_who_leads_waits_a_moment_for_those_that_were_just_answered_and_never_alone(
    evening: Evening, monkeypatch: pytest.MonkeyPatch
) -> None:
    phones = [evening.phone() for _ in range(3)]
    first, back, alone = (
        asked(phone, code) for phone, (_, code) in zip(phones, evening.tickets(quantity=3), strict=True)
    )
    one_desk, late, moments = Desk(), Slot(back), []

    def come_back(seconds: float) -> None:
        moments.append(seconds)
        one_desk._waiting.append(late)

    with monkeypatch.context() as waited, evening.house.scope():
        waited.setattr(time, "sleep", come_back)
        one_desk._together = 2  # as after a list of two
        assert transactions(lambda: one_desk.ask(first)) == 1
        assert late.judged is not None
        assert late.judged.verdict == "admitted"
        one_desk._last = one_desk._together = 1
        assert one_desk.ask(alone).verdict == "admitted"
    assert moments == [desk.MOMENT_SECONDS]


def test_a_scan_takes_few_statements_and_a_list_no_more(evening: Evening) -> None:
    phone = evening.phone()
    scans = [asked(phone, code) for _, code in evening.tickets(quantity=40)]
    with evening.house.scope():
        desk.judge_now(scans[:1])  # keys and figures are known from here on

        def statements(batch: list[Asked]) -> int:
            with sent() as said:
                process_scan(batch)
            return len(said)

        one, many = statements(scans[1:2]), statements(scans[2:])
    assert 2 < max(one, many) <= 8
    assert many <= one + 1  # the figure may be read anew
