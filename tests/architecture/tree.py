"""The code as syntax trees, for rules that are read from it."""

from __future__ import annotations

import ast
import gc
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Module:
    """One file of the code."""

    path: str
    """From the root: voelgoed/catalog/venue.py."""
    source: str
    tree: ast.Module

    @property
    def package(self) -> str:
        """The package that it belongs to: catalog; or its own name at the top."""
        parts = self.path.removesuffix(".py").split("/")
        return parts[1] if parts[0] == "voelgoed" and len(parts) > 1 else parts[0]

    def walk(self) -> Iterator[ast.AST]:
        """Visit every node."""
        return ast.walk(self.tree)


def parsed(source: str, path: str = "voelgoed/catalog/probe.py") -> Module:
    """Make a module of a few lines, for the tests of the rules themselves."""
    return Module(path, source, tree_of(source))


def tree_of(source: str) -> ast.Module:
    """Parse with nothing collected meanwhile: a finalizer that runs then makes the parser miscount its depth."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        return ast.parse(source)
    finally:
        if collecting:
            gc.enable()


@cache
def modules(*tops: str) -> tuple[Module, ...]:
    """Return the modules below these folders of the repository, by path."""
    found = [path for top in tops or ("voelgoed", "jobs") for path in (ROOT / top).rglob("*.py")]
    return tuple(parsed(path.read_text(), path.relative_to(ROOT).as_posix()) for path in sorted(found))


def functions(module: Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Return all functions and methods of a module, inner ones too."""
    return (node for node in module.walk() if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def imported(module: Module) -> Iterator[tuple[str, int]]:
    """Return (dotted name, line) of all that a module imports, inside functions too."""
    for node in module.walk():
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield from ((f"{node.module}.{alias.name}", node.lineno) for alias in node.names)
