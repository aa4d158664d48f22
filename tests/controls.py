"""Negative controls made from proofs: the same test, with one refusal of the code switched off, must fail.

    test_without_the_signature = goes_red(test_a_forged_message_is_refused, verify, "ForgedMessage")

The refusal is the `raise` in the function that says the word (an exception's name, or the word of a Problem); the
function is compiled anew without it, in place, so that whoever has imported it calls the one without.
"""

from __future__ import annotations

import ast
import functools
import inspect
import textwrap
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import CodeType, FunctionType
from typing import Any

import pytest


def goes_red(proof: Callable[..., None], guarded: Any, word: str) -> Callable[..., None]:
    """Return the test that a proof fails once the refusal in a function is off."""

    @functools.wraps(proof)
    def control(*arguments: Any, **named: Any) -> None:
        with without(guarded, word), pytest.raises((Exception, pytest.fail.Exception)) as red:
            proof(*arguments, **named)
        assert not isinstance(red.value, NameError | SyntaxError), "the function without its refusal does not run"

    control.__doc__ = f"Negative control: without `{word}` in {guarded.__qualname__} the proof fails."
    return control


@contextmanager
def without(guarded: Any, word: str) -> Iterator[None]:
    """Run a function without one of its refusals."""
    function: FunctionType = inspect.unwrap(guarded)
    kept, function.__code__ = function.__code__, _code_without(function, word)
    try:
        yield
    finally:
        function.__code__ = kept


class _Off(ast.NodeTransformer):
    def __init__(self, word: str) -> None:
        self.word, self.found = word, 0

    def visit_Raise(self, node: ast.Raise) -> ast.AST:
        said = {part.value for part in ast.walk(node) if isinstance(part, ast.Constant)}
        said |= {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}
        if self.word not in said:
            return node
        self.found += 1
        return ast.copy_location(ast.Pass(), node)


def _code_without(function: FunctionType, word: str) -> CodeType:
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    off = _Off(word)
    changed = ast.fix_missing_locations(off.visit(tree))
    assert off.found == 1, f"{function.__qualname__} says `{word}` in {off.found} refusals"
    changed.body[0].decorator_list = []
    space = dict(function.__globals__)
    flags = function.__code__.co_flags & 0x1000000  # annotations stay unread, as in the module
    exec(compile(changed, function.__code__.co_filename, "exec", flags=flags, dont_inherit=True), space)
    made: CodeType = space[function.__name__].__code__
    assert made.co_freevars == function.__code__.co_freevars
    return made
