"""A declaration tells every point at which a run can be interrupted: those that runs pass, and no others."""

from collections.abc import Callable

import pytest

from tests.foundation.workflow.deeds import Ask, Buy, Pick, Take, Tap, ask, buy, pick, take, tap
from voelgoed.foundation import points
from voelgoed.foundation.boundary import commit
from voelgoed.foundation.workflow import Workflow, carry_on, points_of, start
from voelgoed.scanning.process_scan import gate


@pytest.fixture
def passed(house, bank, heal) -> Callable[..., set[str]]:
    """Return what lives through deeds, the last again with each undo failing at first, and says what that passed."""

    def lived(workflow: Workflow, inputs: object, key: str) -> None:
        with house.scope():
            run_id = start(workflow, inputs, key=key, send=False)
            commit()
            carry_on(run_id)
        heal(run_id)

    def all_of(workflow: Workflow, *deeds: object) -> set[str]:
        with points.recording() as names:
            for number, inputs in enumerate(deeds):
                lived(workflow, inputs, f"{number}")
            for name in points_of(workflow):
                if name.endswith(".undo.before"):
                    with points.armed(name, points.at_passing(1, points.trip)):
                        lived(workflow, deeds[-1], name)
        return {name for name in names if name.startswith(f"{workflow.name}.")}

    return all_of


@pytest.mark.parametrize(
    ("workflow", "deeds"),
    [
        (take, [Take("well", 0)]),
        (pick, [Pick("1 2")]),
        (ask, [Ask("flaky"), Ask("late")]),
        (buy, [Buy("refused", ["declined"]), Buy("badly", ["good", "cash"], "badly")]),
        (tap, [Tap("refused", ["declined"]), Tap("asks", ["torn chip"]), Tap("badly", ["chip", "cash"], "badly")]),
    ],
    ids=lambda given: given.name if isinstance(given, Workflow) else "",
)
def test_what_is_derived_is_what_runs_pass(passed, workflow, deeds):
    derived = points_of(workflow)
    assert len(set(derived)) == len(derived)
    assert passed(workflow, *deeds) == set(derived)


def test_they_are_named_in_the_order_of_the_run():
    assert points_of(take) == [
        f"test_take.{name}" for name in ("run.read", "counted", "last", "run.ending", "run.ended")
    ]
    assert points_of(ask) == [
        f"test_ask.{name}"
        for name in (
            "run.read",
            "asked.intent.before_commit",
            "asked.intent.after_commit",
            "asked",
            "asked.called",
            "asked.judgement.before_commit",
            "asked.judgement.after_commit",
            "asked.result.before_commit",
            "asked.result.after_commit",
            "closing",
            "run.turning",
            "run.turned",
            "asked.undo.before",
            "asked.undo.called",
            "asked.undo.before_commit",
            "asked.undo.after_commit",
            "asked.undo_failed.before_commit",
            "asked.undo_failed.after_commit",
            "run.ending",
            "run.ended",
        )
    ]


def test_without_a_journal_there_are_just_the_steps():
    assert points_of(gate) == [f"process_scan.{name}" for name in gate.steps]
