"""Three tiers: each answers what it may, none admits but the truth, and none is believed when deaf."""

import os
import signal
from uuid import uuid4

import pytest

from voelgoed.foundation.cache import Subscription, connect
from voelgoed.foundation.dedup import Answer, DedupRegistry, dedup_checkable, dedup_of, registry
from voelgoed.foundation.dedup.memory import Memory
from voelgoed.foundation.dedup.registry import ANSWERS
from voelgoed.foundation.dedup.shared import PREFIX
from voelgoed.foundation.outbox import broker


@dedup_checkable(key="code", window=300)
class Ticket:
    """The same, with the patience of production."""

    code = "a field"


US = uuid4()
THEM = uuid4()
USED = {"gate": "North", "at": "18:02:11"}


def never(asked):
    raise AssertionError(f"the truth was asked for {asked}")


def counted(tier):
    return ANSWERS.labels("Punched", tier)._value.get()


def test_the_declaration_is_read_from_the_class():
    @dedup_checkable(key="number", window=60)
    class Slip:
        number = 1

    assert (dedup_of(Slip).key, dedup_of(Slip).window, dedup_of(Slip).kind) == ("number", 60, "Slip")
    with pytest.raises(LookupError, match="int is not dedup_checkable"):
        dedup_of(int)


def test_a_declaration_of_nothing_is_refused():
    with pytest.raises(ValueError, match="has no colour"):
        dedup_checkable(key="colour", window=60)(Subscription)
    with pytest.raises(ValueError, match="finds no duplicate"):
        dedup_checkable(key="on", window=0)(Subscription)


def test_memory_answers_here_and_the_cache_elsewhere(process):
    here, elsewhere = process(), process()
    before = counted("memory"), counted("cache"), counted("database")
    assert here.check(US, ["A"], lambda asked: {}) == {"A": Answer("database", None)}
    here.remember(US, {"A": USED})
    assert here.check(US, ["A"], never) == {"A": Answer("memory", USED)}
    assert elsewhere.check(US, ["A"], never) == {"A": Answer("cache", USED)}
    assert (counted("memory"), counted("cache"), counted("database")) == tuple(n + 1 for n in before)


def test_the_truth_is_asked_once_for_all_that_is_unknown(process):
    registry = process()
    registry.remember(US, {"A": USED})
    asked = []

    def truth(keys):
        asked.append(list(keys))
        return {"B": USED}

    answers = registry.check(US, ["A", "B", "C"], truth)
    assert asked == [["B", "C"]]
    assert answers == {
        "A": Answer("memory", USED),
        "B": Answer("database", USED),
        "C": Answer("database", None),
    }


def test_an_outsider_knows_nothing_of_it(process):
    here, elsewhere = process(), process()
    here.remember(US, {"A": USED})
    assert here.look(THEM, ["A"]) == {}
    assert elsewhere.look(THEM, ["A"]) == {}


def test_neither_tier_keeps_a_code(process, cache):
    process().remember(US, {"VG1.SECRET": USED})
    kept = connect(cache.url).keys("*")
    assert len(kept) == 1
    assert b"SECRET" not in kept[0]
    assert b"SECRET" not in connect(cache.url).get(kept[0])


def test_the_cache_forgets_with_the_window(process, cache):
    registry = process()
    registry.remember(US, {"A": USED})
    registry.remember(US, {"B": USED}, seconds=5)
    store = connect(cache.url)
    left = sorted(store.ttl(key) for key in store.keys(PREFIX + "*"))
    assert 0 < left[0] <= 5
    assert 290 < left[1] <= 300


def test_memory_is_bounded(process):
    registry = process(size=10)
    registry.remember(US, {str(number): USED for number in range(50)})
    assert len(registry.memory) == 10


def test_an_exit_clears_every_process(process, eventually):
    here, elsewhere, supervisor = process(), process(), process()
    here.remember(US, {"A": USED})
    elsewhere.remember(US, {"A": USED})
    supervisor.forget(US, "A")
    assert supervisor.look(US, ["A"]) == {}
    eventually(lambda: here.look(US, ["A"]) == {} and elsewhere.look(US, ["A"]) == {})


def test_an_answer_that_arrives_after_its_clearing_is_dropped(process):
    here, elsewhere = process(), process()
    here.forget(US, "A")
    here.remember(US, {"A": USED})
    elsewhere.remember(US, {"A": USED})
    assert here.look(US, ["A"]) == {}
    assert process().look(US, ["A"]) == {}


class Deaf(Subscription):
    """News that stopped."""

    def __init__(self):
        super().__init__(None)


class Hearing(Subscription):
    """News without a gap."""

    alive = True
    since = 0.0

    def __init__(self):
        super().__init__(None)


@pytest.mark.parametrize(("news", "late"), [(Hearing, USED), (Deaf, None)])
def test_without_news_memory_answers_for_five_seconds(news, late):
    seconds = [100.0]
    memory = Memory(news(), timer=lambda: seconds[0])
    memory.remember("a", USED, 300)
    seconds[0] += 5
    assert memory.look("a") == USED
    seconds[0] += 0.1
    assert memory.look("a") == late
    seconds[0] += 300
    assert memory.look("a") is None


def test_what_was_kept_before_news_began_is_not_believed(process, eventually):
    """A clearing may have been missed before: the cache answers only with what was written since."""
    first = process()
    first.remember(US, {"A": USED})
    assert process(hears=False).look(US, ["A"]) == {}
    late = process()
    late.shared._news._since += 60
    assert late.look(US, ["A"]) == {}


def test_a_stopped_cache_is_skipped_and_the_truth_answers(cache, eventually):
    news = Subscription(cache.url)
    registry = DedupRegistry(Ticket, connect(cache.url), news)
    news.start()
    eventually(lambda: news.alive)
    os.kill(cache.pid, signal.SIGSTOP)
    try:
        assert registry.check(US, ["A"], lambda asked: {"A": USED}) == {"A": Answer("database", USED)}
        assert not registry.shared.breaker.closed
        registry.remember(US, {"B": USED})
        assert registry.look(US, ["B"]) == {"B": Answer("memory", USED)}
        eventually(lambda: not news.alive)
    finally:
        os.kill(cache.pid, signal.SIGCONT)
    eventually(lambda: news.alive)
    eventually(lambda: (registry.remember(US, {"C": USED}), registry.shared.breaker.closed)[1])
    news.stop()


def test_a_cache_that_is_away_changes_nothing_but_the_tier(process, cache, eventually):
    here, elsewhere = process(), process()
    here.remember(US, {"A": USED})
    os.kill(cache.pid, signal.SIGKILL)
    eventually(lambda: not elsewhere.shared._news.alive)
    assert elsewhere.check(US, ["A"], lambda asked: {"A": USED}) == {"A": Answer("database", USED)}
    assert here.check(US, ["A"], never) == {"A": Answer("memory", USED)}


def test_a_clearing_that_could_not_be_told_is_told_first_later(process, cache, eventually):
    here, elsewhere = process(), process()
    here.remember(US, {"A": USED})
    elsewhere.remember(US, {"A": USED})
    os.kill(cache.pid, signal.SIGSTOP)
    here.forget(US, "A")
    assert here.shared._owed
    os.kill(cache.pid, signal.SIGCONT)
    eventually(lambda: (here.look(US, ["Z"]), not here.shared._owed)[1])
    eventually(lambda: elsewhere.look(US, ["A"]) == {})


def test_a_process_has_one_registry_a_class_on_one_subscription(app, eventually):
    ours = registry(Ticket)
    assert registry(Ticket) is ours
    woken = broker().ear(US)
    eventually(lambda: broker().news.alive)
    ours.remember(US, {"A": USED})
    elsewhere = DedupRegistry(Ticket, connect(app.config["REDIS_URL"]))
    elsewhere.forget(US, "A")
    eventually(lambda: ours.look(US, ["A"]) == {})
    broker().tell(US)
    assert woken.wait(60)
    broker().news.stop()


def test_a_channel_that_is_joined_late_is_heard_too(cache, eventually):
    news, heard = Subscription(cache.url), []
    news.on("first", heard.append)
    news.start()
    eventually(lambda: news.alive)
    news.on("second", heard.append)
    eventually(lambda: connect(cache.url).publish("second", "late"))
    eventually(lambda: heard == [b"late"])
    news.stop()


def test_control_without_the_clearing_the_stale_answer_is_seen(process):
    """The probe of the tests above sees a stale answer where nobody cleared it."""
    here, elsewhere = process(), process()
    here.remember(US, {"A": USED})
    assert elsewhere.look(US, ["A"]) == {"A": Answer("cache", USED)}
