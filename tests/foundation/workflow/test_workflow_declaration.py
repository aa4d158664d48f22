"""A workflow that is declared wrongly is refused while it is imported, with the fault in words."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import pytest
from pydantic import BaseModel

from voelgoed.foundation.workflow import Pending, Person, Workflow, WorkflowError, forget, mermaid, workflow


@dataclass
class Order:
    number: int
    tenders: list[str]


class Row:
    """Stands for an ORM class: no JSON value."""


@pytest.fixture
def make() -> Iterator[Callable[..., Workflow[Order]]]:
    names: list[str] = []

    def declare(**options: Any) -> Workflow[Order]:
        names.append(f"declared_{uuid4().hex}")
        return Workflow(names[-1], inputs=Order, **options)

    yield declare
    for name in names:
        forget(name)


def test_a_step_is_the_function_that_it_was(make):
    w = make()

    @w.step
    def double(number: int) -> int:
        """Twice."""
        return number * 2

    assert double(4) == 8
    assert (double.__name__, double.__doc__) == ("double", "Twice.")


def test_inputs_may_be_a_pydantic_model(make):
    class Wanted(BaseModel):
        ticket_id: UUID

    w = Workflow(f"declared_{uuid4().hex}", inputs=Wanted)
    assert w.fields == ("ticket_id",)
    forget(w.name)


def test_inputs_of_another_kind_are_refused():
    with pytest.raises(TypeError, match="neither a dataclass nor a pydantic model"):
        Workflow("of_a_dict", inputs=dict)


def test_an_input_may_not_have_a_name_that_the_engine_supplies():
    class Wanted(BaseModel):
        attempt: int

    with pytest.raises(WorkflowError, match="the input attempt has a name that the engine supplies"):
        Workflow("attempted", inputs=Wanted)


def test_one_name_means_one_workflow(make):
    w = make()
    with pytest.raises(WorkflowError, match="a workflow of that name and version 1 already"):
        Workflow(w.name, inputs=Order)
    assert workflow(w.name) is w


def test_an_unknown_name_says_what_there_is(make):
    w = make()
    with pytest.raises(LookupError, match=w.name):
        workflow("no_such")


def step_named_below(w):
    @w.step
    def first(second: int) -> int:
        return second

    @w.step
    def second(number: int) -> int:
        return number


def step_naming_itself(w):
    @w.step
    def first(first: int) -> int:
        return first


def step_twice(w):
    @w.step
    def first() -> int:
        return 1

    @w.step
    def first() -> int:  # noqa: F811
        return 1


def step_called_as_an_input(w):
    @w.step
    def number() -> int:
        return 1


def step_called_as_the_engine(w):
    @w.step
    def attempt() -> int:
        return 1


def step_with_star(w):
    @w.step
    def first(*number: int) -> int:
        return 1


def step_asking_for_error(w):
    @w.step
    def first(error: str) -> int:
        return 1


def each_of_nothing(w):
    @w.step(each="coins")
    def first(coin: str) -> int:
        return 1


def item_with_a_taken_name(w):
    @w.step(each="tenders", item="number")
    def first(number: str) -> int:
        return 1


def after_a_stranger(w):
    other = Workflow(f"declared_{uuid4().hex}", inputs=Order)

    @other.step
    def elsewhere() -> int:
        return 1

    forget(other.name)

    @w.step(after=[elsewhere])
    def first() -> int:
        return 1


def predicate_on_a_result(w):
    @w.step
    def found() -> list[str]:
        return []

    @w.step(each="found", item="one", external=lambda one: True)
    def send(one: str) -> int:
        return 1


def negative_retries(w):
    @w.step(retries=-1)
    def first() -> int:
        return 1


def orm_parameter(w):
    @w.step
    def first(number: Row) -> int:
        return 1


def orm_result(w):
    @w.step
    def first(number: int) -> Row:
        return Row()


def pending_at_home(w):
    @w.step
    def first(number: int) -> int | Pending:
        return Pending(1.0)


def patience_with_nothing(w):
    @w.step(external=True, patience=60)
    def first(number: int) -> int:
        return 1


def patience_of_no_time(w):
    @w.step(external=True, patience=0)
    def first(number: int) -> int | Pending:
        return 1


def person_about_local_work(w):
    @w.step
    def first(number: int) -> int:
        return 1

    @first.compensate
    def on_error(error: Exception) -> Person | None:
        return None


def compensation_of_a_stranger(w):
    @w.step
    def first() -> int:
        return 1

    @first.compensate
    def on_error(second: int) -> None:
        return None


def two_undos(w):
    @w.step(external=True)
    def first() -> int:
        return 1

    @first.undo
    def back() -> None:
        return None

    @first.undo
    def back_again() -> None:
        return None


def undo_that_waits(w):
    @w.step(external=True)
    def first() -> int:
        return 1

    @first.undo
    def back() -> Pending | None:
        return Pending(1)


def undo_by_result(w):
    @w.step(external=True)
    def first() -> int:
        return 1

    @first.undo
    def back(first: int) -> None:
        return None


def undo_and_none_needed(w):
    @w.step(no_undo="it only reads")
    def first() -> int:
        return 1

    @first.undo
    def back() -> None:
        return None


REFUSED_AT_ONCE = [
    (step_named_below, "names second, which is not known"),
    (step_naming_itself, "names first, which is not known"),
    (step_twice, "taken"),
    (step_called_as_an_input, "taken"),
    (step_called_as_the_engine, "taken"),
    (step_with_star, "parameters are names"),
    (step_asking_for_error, "names error"),
    (each_of_nothing, "each='coins' names neither"),
    (item_with_a_taken_name, "say item="),
    (after_a_stranger, "does not stand above"),
    (predicate_on_a_result, "external names one"),
    (negative_retries, "negative"),
    (orm_parameter, "no JSON value"),
    (orm_result, "no JSON value"),
    (pending_at_home, "only an external step can be waited for"),
    (patience_with_nothing, "nothing says that it may return Pending"),
    (patience_of_no_time, "patience must be positive"),
    (person_about_local_work, "nothing is to be decided"),
    (compensation_of_a_stranger, "its compensation names second"),
    (two_undos, "an undo already"),
    (undo_that_waits, "let it raise until it is done"),
    (undo_by_result, "undo by key"),
    (undo_and_none_needed, "needs none: it only reads"),
]


@pytest.mark.parametrize(("declare", "fault"), REFUSED_AT_ONCE, ids=lambda one: getattr(one, "__name__", ""))
def test_a_wrong_step_is_refused_where_it_stands(make, declare, fault):
    with pytest.raises(WorkflowError, match=fault):
        declare(make())


def no_steps(w):
    assert not w.steps


def external_without_undo(w):
    @w.step(external=True)
    def charge() -> int:
        return 1


def irreversible_local(w):
    @w.step(irreversible=True)
    def first() -> int:
        return 1


def irreversible_with_more_below(w):
    @w.step(external=True, irreversible=True)
    def pay_out() -> int:
        return 1

    @w.step
    def note() -> int:
        return 1


def irreversible_each(w):
    @w.step(each="tenders", external=True, irreversible=True)
    def pay_out(tender: str) -> int:
        return 1


def local_before_external(w):
    @w.step
    def take() -> int:
        return 1

    @w.step(external=True)
    def charge() -> int:
        return 1

    @charge.undo
    def reverse(idempotency_key: str) -> None:
        return None


REFUSED_AS_A_WHOLE = [
    (no_steps, "no steps"),
    (external_without_undo, "external and has no undo"),
    (irreversible_local, "irreversible is for an external step"),
    (irreversible_with_more_below, "but note may fail after it"),
    (irreversible_each, "the second may fail after the first"),
    (local_before_external, "say no_undo='why'"),
]


@pytest.mark.parametrize(("declare", "fault"), REFUSED_AS_A_WHOLE, ids=lambda one: getattr(one, "__name__", ""))
def test_a_wrong_whole_is_refused_when_the_application_starts(make, declare, fault):
    w = make()
    declare(w)
    with pytest.raises(WorkflowError, match=fault):
        w.verify()


def test_without_a_journal_nothing_external_and_no_undo(make):
    w = make(journal=False)

    @w.step(external=True)
    def send() -> int:
        return 1

    with pytest.raises(WorkflowError, match="nothing could be undone"):
        w.verify()
    with pytest.raises(WorkflowError, match="rollback is the undo"):
        send.undo(lambda: None)


def test_without_a_journal_the_caller_runs_it_with_the_very_objects(make):
    w = make(journal=False)
    row = Row()

    @w.step
    def load(number: int) -> Row:
        assert number == 7
        return row

    @w.step(each="tenders")
    def taken(load: Row, tender: str) -> str:
        assert load is row
        return tender.upper()

    assert w.here(Order(7, ["cash", "card"])) == {"load": row, "taken": ["CASH", "CARD"]}


def test_a_workflow_with_a_journal_is_not_run_in_place(make):
    with pytest.raises(WorkflowError, match="keeps a journal"):
        make().here(Order(1, []))


def is_card(tender: str) -> bool:
    return tender == "card"


def test_the_drawing_shows_edges_externals_and_undos(make):
    w = make(version=3)

    @w.step(no_undo="it only reads")
    def checkout(number: int) -> int:
        return number

    @w.step(each="tenders", external=is_card, retries=2)
    def charge(checkout: int, tender: str, idempotency_key: str) -> str:
        return tender

    @charge.undo
    def reverse_charge(idempotency_key: str) -> None:
        return None

    @w.step
    def ledger(checkout: int, charge: list[str]) -> int:
        return 1

    @w.step(after=[ledger])
    def tickets(checkout: int) -> None:
        return None

    assert mermaid(w).splitlines() == [
        f"%% {w.name}, version 3",
        "flowchart TD",
        "  inputs[/number, tenders/]",
        '  checkout["checkout"]',
        "  inputs -->|number| checkout",
        '  charge(["charge<br>each of tenders<br>external if is_card<br>up to 2 retries"])',
        "  inputs -->|tenders| charge",
        "  checkout --> charge",
        "  charge -.-o charge_undo[\\reverse_charge\\]",
        '  ledger["ledger"]',
        "  checkout --> ledger",
        "  charge --> ledger",
        '  tickets["tickets"]',
        "  checkout --> tickets",
        "  ledger -.->|then| tickets",
    ]


def test_the_drawing_says_what_waits_what_asks_and_what_cannot_be_undone(make):
    w = make()

    @w.step(external=True, patience=90)
    def tapped(number: int) -> int | Pending:
        return Pending(1)

    @tapped.compensate
    def on_error(error: Exception) -> Person | None:
        return None

    @tapped.undo
    def untap(idempotency_key: str) -> None:
        return None

    @w.step(external=True)
    def asked(number: int) -> int | Pending:
        return Pending(1)

    @asked.undo
    def unask(idempotency_key: str) -> None:
        return None

    @w.step(external=True, irreversible=True)
    def told(asked: int) -> None:
        return None

    assert [line for line in mermaid(w).splitlines() if "[" in line and "undo" not in line] == [
        "  inputs[/number, tenders/]",
        '  tapped(["tapped<br>external<br>waits, at most 90 s<br>may ask a person"])',
        '  asked(["asked<br>external<br>waits"])',
        '  told[["told<br>external<br>irreversible"]]',
    ]
