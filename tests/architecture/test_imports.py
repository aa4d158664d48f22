"""Imports go down only, and foreign keys follow imports."""

from __future__ import annotations

from tests.architecture.tree import Module, imported, modules, parsed
from voelgoed import tables
from voelgoed.foundation.resource.declaration import declaration_of, declared

ROWS = (
    ("foundation",),
    ("accounts",),
    ("catalog",),
    ("tills",),
    ("ledger", "checkout", "occupancy"),
    ("payments", "ticketing"),
    ("selling", "scanning"),
    ("boxoffice", "control"),
    ("reports",),
    ("api", "demo", "cli", "wsgi", "simulator"),
)
"""Who stands on whom: a package imports from the rows above its own, never from its neighbours in the row."""
HEIGHT = {package: height for height, row in enumerate(ROWS) for package in row}
TOP = len(ROWS) - 1
EVERYBODYS = {"config"}
"""Settings: below everything."""
MAKERS = {"__init__", "__main__", "tables", "migrations"}
"""What puts the application together: it imports by name what each package offers."""
MAKERS_USED_BY = TOP
TOGETHER = {("cli", "demo")}
"""Neighbours in the top row that may meet: a command starts the demo."""


def _packages(name: str) -> str | None:
    """Return the package that an imported name lies in."""
    parts = name.split(".")
    return parts[1] if parts[0] == "voelgoed" and len(parts) > 1 else None


def _may(own: str, other: str) -> bool:
    if own == other or own in MAKERS or other in EVERYBODYS or (own, other) in TOGETHER:
        return True
    if other in MAKERS or other not in HEIGHT:
        return HEIGHT.get(own, TOP) >= MAKERS_USED_BY
    return HEIGHT[other] < HEIGHT.get(own, TOP)


def upward(module: Module) -> list[str]:
    """Return what a module imports from beside or above itself."""
    return [
        f"{module.path}:{line} imports {name}"
        for name, line in imported(module)
        if (package := _packages(name)) and not _may(module.package, package)
    ]


def test_every_package_has_its_place() -> None:
    packages = {module.package for module in modules("voelgoed") if module.path.count("/") > 1}
    assert packages - MAKERS <= set(HEIGHT)


def test_imports_go_down_only() -> None:
    assert [line for module in modules("voelgoed") for line in upward(module)] == []


def test_the_rule_sees_what_goes_up() -> None:
    assert upward(parsed("from voelgoed.scanning.scan import Scan", "voelgoed/catalog/venue.py"))
    assert upward(parsed("def f():\n    import voelgoed.payments.payment", "voelgoed/ticketing/ticket.py"))
    assert upward(parsed("from voelgoed import create_app", "voelgoed/catalog/venue.py"))
    assert not upward(parsed("from voelgoed.catalog.venue import Venue", "voelgoed/scanning/scan.py"))


def test_the_application_never_imports_its_jobs() -> None:
    found = [
        f"{module.path}:{line}"
        for module in modules("voelgoed")
        for name, line in imported(module)
        if name.split(".")[0] == "jobs" or name.startswith("voelgoed.jobs")
    ]
    assert found == []


def test_foreign_keys_go_down_only() -> None:
    tables.load()
    upwards = []
    for one in declared():
        own = one.cls.__module__.split(".")[1]
        for column, table in one.references.items():
            target = declaration_of(table)
            assert target is not None, f"{one.table}.{column} names {table}, which is no resource"
            other = target.cls.__module__.split(".")[1]
            if own != other and HEIGHT[other] >= HEIGHT[own]:
                upwards.append(f"{one.table}.{column} → {table}")
    assert upwards == []


def test_jobs_are_entry_points_only() -> None:
    for module in modules("jobs"):
        assert len(module.source.splitlines()) <= 40, f"{module.path} holds more than entry points"
