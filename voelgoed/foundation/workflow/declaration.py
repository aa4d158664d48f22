"""Declaring a workflow: a step names what it needs, and that is the graph."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import update_wrapper
from typing import Any, Generic, ParamSpec, TypeVar, cast, overload

from voelgoed.foundation.workflow import values, verify

P = ParamSpec("P")
R = TypeVar("R")
I = TypeVar("I")  # noqa: E741
F = TypeVar("F", bound=Callable[..., Any])

_declared: dict[str, dict[int, Workflow[Any]]] = {}  # by name and version


class Step(Generic[P, R]):
    """A plain function with its place in a workflow; calling it calls the function."""

    def __init__(
        self,
        workflow: Workflow[Any],
        function: Callable[P, R],
        *,
        each: str | None = None,
        item: str | None = None,
        external: bool | Callable[..., bool] = False,
        retries: int = 0,
        patience: float | None = None,
        after: Sequence[Step[..., Any]] = (),
        irreversible: bool = False,
        no_undo: str | None = None,
    ) -> None:
        update_wrapper(self, function)
        self.workflow, self.function, self.name = workflow, function, function.__name__
        self.each, self.item = each, item or (each.removesuffix("s") if each else None)
        self.external, self.retries, self.after = external, retries, tuple(after)
        self.patience = patience
        self.irreversible, self.no_undo = irreversible, no_undo
        self.on_error: Callable[..., Any] | None = None
        self.on_undo: Callable[..., Any] | None = None

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        return self.function(*args, **kwargs)

    def __repr__(self) -> str:
        return f"<step {self.workflow.name}.{self.name}>"

    def compensate(self, function: F) -> F:
        """Declare what answers this step's error: `Retry()`, `Continue(value)` or None for failure."""
        verify.compensation(self, function)
        self.on_error = function
        return function

    def undo(self, function: F) -> F:
        """Declare what takes this step's work back. It may run more than once: let it act by key."""
        verify.undoing(self, function)
        self.on_undo = function
        return function


class Workflow(Generic[I]):
    """A deed of several steps, in the order of the file. Declared once, under a name and version.

    An earlier version stays declared while runs that began under it have not ended.
    `journal=False`: no run row, no external steps; the caller calls `here()` and commits.
    """

    def __init__(self, name: str, *, inputs: type[I], version: int = 1, journal: bool = True) -> None:
        if version in _declared.get(name, ()):
            raise verify.WorkflowError(f"{name}: there is a workflow of that name and version {version} already")
        self.name, self.inputs, self.version, self.journal = name, inputs, version, journal
        self.fields = values.fields(inputs)
        verify.inputs(self)
        self.steps: dict[str, Step[..., Any]] = {}
        self._verified = False
        _declared.setdefault(name, {})[version] = self

    @overload
    def step(self, function: Callable[P, R], /) -> Step[P, R]: ...

    @overload
    def step(
        self,
        /,
        *,
        each: str | None = None,
        item: str | None = None,
        external: bool | Callable[..., bool] = False,
        retries: int = 0,
        patience: float | None = None,
        after: Sequence[Step[..., Any]] = (),
        irreversible: bool = False,
        no_undo: str | None = None,
    ) -> Callable[[Callable[P, R]], Step[P, R]]: ...

    def step(self, function: Callable[P, R] | None = None, /, **options: Any) -> Any:
        """Add a step. `each` runs it for every item of an input or an earlier result (`item`: its name,
        else `each` without its s); `no_undo` says why a local step needs no undo before an external one;
        `patience` is how many seconds an external one may answer Pending before that counts as TimedOut.
        """
        if function is None:
            return lambda given: self.step(Step(self, given, **options))
        step = cast("Step[P, R]", function) if isinstance(function, Step) else Step(self, function)
        verify.declared(step)
        self.steps[step.name] = step
        self._verified = False
        return step

    def verify(self) -> None:
        """Check what only the whole shows; raises WorkflowError. The application does so when it starts."""
        if not self._verified:
            verify.whole(self)
            self._verified = True

    def here(self, inputs: I) -> dict[str, Any]:
        """Run a `journal=False` workflow inside the caller's transaction; returns each step's result."""
        if self.journal:
            raise verify.WorkflowError(f"{self.name} keeps a journal: start it, or run it")
        self.verify()
        known: dict[str, Any] = {name: getattr(inputs, name) for name in self.fields}
        return {name: values.perform_here(step, known) for name, step in self.steps.items()}


def workflow(name: str, version: int | None = None) -> Workflow[Any]:
    """Return the workflow of this name, the newest or of a given version; raises LookupError."""
    versions = _declared.get(name)
    if not versions:
        raise LookupError(f"there is no workflow {name}; there are: {', '.join(sorted(_declared)) or 'none'}")
    version = max(versions) if version is None else version
    if version not in versions:
        there = ", ".join(map(str, sorted(versions)))
        raise LookupError(f"there is no version {version} of {name}; there are: {there}")
    return versions[version]


def verify_all() -> None:
    """Verify every declared workflow; an application that starts calls it."""
    for versions in _declared.values():
        for declared in versions.values():
            declared.verify()


def forget(name: str, version: int | None = None) -> None:
    """Drop a declaration, or that of one version, for tests that declare a faulty one."""
    if version is None:
        _declared.pop(name, None)
    else:
        _declared.get(name, {}).pop(version, None)
