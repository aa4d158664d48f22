"""How the code is cut: small modules and functions, shallow branches, names that say a thing or a deed."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from tests.architecture.tree import Module, functions, modules, parsed

MOST_LINES = 250
MOST_LINES_OF_A_FUNCTION = 40
DEEPEST_TRY = 2
DEEPEST_BRANCH = 3
VAGUE = {"utils", "util", "helpers", "helper", "services", "service", "models", "model", "common", "misc", "base_utils"}
BRANCHES = (ast.If, ast.For, ast.While, ast.Try, ast.Match, ast.AsyncFor)


def test_no_module_is_longer_than_a_sitting() -> None:
    long = {module.path: lines for module in modules() if (lines := len(module.source.splitlines())) > MOST_LINES}
    assert long == {}


def test_no_function_is_longer_than_a_screen() -> None:
    long = [
        f"{module.path}:{function.lineno} {function.name} has {lines} lines"
        for module in modules()
        for function in functions(module)
        if (lines := (function.end_lineno or 0) - function.lineno + 1) > MOST_LINES_OF_A_FUNCTION
    ]
    assert long == []


def test_no_module_has_a_vague_name() -> None:
    vague = [module.path for module in modules() if VAGUE & set(module.path.removesuffix(".py").split("/"))]
    assert vague == []


def depth(node: ast.AST, kinds: tuple[type[ast.AST], ...], inside: int = 0) -> int:
    """Return how deep statements of these kinds stand in each other; `elif` is not deeper than its `if`."""
    here = inside + isinstance(node, kinds)
    return max([here, *(depth(child, kinds, here - _is_elif(node, child)) for child in _within(node))])


def _within(node: ast.AST) -> Iterator[ast.AST]:
    inner = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
    return (child for child in ast.iter_child_nodes(node) if not isinstance(child, inner))


def _is_elif(node: ast.AST, child: ast.AST) -> bool:
    return isinstance(node, ast.If) and isinstance(child, ast.If) and node.orelse == [child]


def too_deep(module: Module) -> list[str]:
    """Return the functions whose `try` or branches stand too deep in each other."""
    return [
        f"{module.path}:{function.lineno} {function.name}"
        for function in functions(module)
        if depth(function, (ast.Try,)) > DEEPEST_TRY or depth(function, BRANCHES) > DEEPEST_BRANCH
    ]


def test_nothing_is_nested_deeper_than_one_can_hold() -> None:
    assert [line for module in modules() for line in too_deep(module)] == []


def _nested(word: str, levels: int) -> str:
    lines = ["def f():"]
    for level in range(levels):
        lines.append("    " * (level + 1) + word)
    lines.append("    " * (levels + 1) + "pass")
    if word == "try:":
        lines += ["    " * level + "finally: pass" for level in range(levels, 0, -1)]
    return "\n".join(lines)


@pytest.mark.parametrize(("word", "allowed"), [("try:", DEEPEST_TRY), ("if x:", DEEPEST_BRANCH)])
def test_the_rule_sees_what_is_too_deep(word: str, allowed: int) -> None:
    assert not too_deep(parsed(_nested(word, allowed)))
    assert too_deep(parsed(_nested(word, allowed + 1)))


def test_a_chain_of_conditions_is_not_deep() -> None:
    chain = "def f(x):\n    if x == 0: pass\n" + "".join(f"    elif x == {n}: pass\n" for n in range(1, 9))
    assert not too_deep(parsed(chain))


def undocumented(module: Module) -> list[str]:
    """Return the public names of a module that say nothing of themselves."""
    found = [] if ast.get_docstring(module.tree) else [module.path]
    for owner in (module.tree, *(node for node in module.tree.body if isinstance(node, ast.ClassDef))):
        if isinstance(owner, ast.ClassDef) and owner.name.startswith("_"):
            continue
        for node in owner.body:
            named = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
            if named and not node.name.startswith("_") and not _is_overload(node) and not ast.get_docstring(node):  # type: ignore[union-attr, arg-type]
                found.append(f"{module.path}:{node.lineno} {node.name}")  # type: ignore[union-attr]
    return found


def _is_overload(node: ast.stmt) -> bool:
    decorators = getattr(node, "decorator_list", [])
    return any(ast.unparse(decorator) in {"overload", "override"} for decorator in decorators)


def test_every_public_name_says_what_it_is() -> None:
    assert [line for module in modules() for line in undocumented(module)] == []


def test_the_rule_sees_a_name_that_says_nothing() -> None:
    assert undocumented(parsed('"""A module."""\ndef deed(): pass'))
    assert not undocumented(parsed('"""A module."""\ndef deed():\n    """Do it."""'))


def test_nothing_is_left_for_later() -> None:
    marks = ("TO" + "DO", "FIX" + "ME", "XX" + "X")
    found = [module.path for module in modules("voelgoed", "jobs", "tests") if any(m in module.source for m in marks)]
    assert found == []
