"""The markers that say what a test needs. They are given by what a test reaches, so nobody has to remember them."""

import subprocess
from collections.abc import Callable, Container, Iterable, Iterator
from functools import cache
from inspect import isclass, isfunction, unwrap
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any, Final

import pytest

from gradwalk.sandbox import Sandbox
from gradwalk.sandbox.forkserver import Forkserver

TESTS: Final = Path(__file__).parent
FOLDERS: Final = {"e2e": "browser", "container": "container"}
"""The marker of everything in a folder."""

STARTERS: Final = (subprocess, Sandbox, Forkserver)
"""Whoever uses one of these starts a process."""

NEEDS: Final = pytest.StashKey[dict[str, frozenset[str]]]()
"""Every test that was collected, whatever -m chooses of them, with its markers."""

DATABASE_SERVER: Final = "postgresql"
"""A parameter of this name asks for a database server."""


def rest_at_night(values: Iterable[object], on_push: Container[object]) -> list[Any]:
    """Return the values of a parameter: those in `on_push` run on a push, the others at night only."""
    return [value if value in on_push else pytest.param(value, marks=pytest.mark.slow) for value in values]


def mark(item: pytest.Item) -> None:
    """Give a test the markers of what it needs."""
    folder = item.path.relative_to(TESTS).parts[0]
    if folder in FOLDERS:
        item.add_marker(FOLDERS[folder])
    elif isinstance(item, pytest.Function) and starts_process(item):
        item.add_marker("server")


def starts_process(item: pytest.Function) -> bool:
    """Return whether the test, one of its fixtures or a function of the tests that they call starts a process."""
    parameters = item.callspec.params.values() if hasattr(item, "callspec") else ()
    if any(isinstance(value, str) and value == DATABASE_SERVER for value in parameters):
        return True
    fixtures = [one.func for found in item._fixtureinfo.name2fixturedefs.values() for one in found]
    return any(_reaches_starter(function) for function in [item.obj, *fixtures])


@cache
def _reaches_starter(function: Callable[..., Any]) -> bool:
    seen: set[object] = set()
    waiting: list[object] = [function]
    while waiting:
        one = waiting.pop()
        if any(one is starter for starter in STARTERS):
            return True
        if not (isfunction(one) or isclass(one) or callable(one)) or id(one) in seen:
            continue
        seen.add(id(one))
        if getattr(one, "__module__", "").startswith("tests."):
            waiting += _used_by(one)
    return False


def _used_by(one: Any) -> Iterator[object]:
    """Return what a function, or the methods of a class, name of their module's globals."""
    if isclass(one):
        members = [getattr(member, "__func__", getattr(member, "fget", member)) for member in vars(one).values()]
        yield from (member for member in members if isfunction(member))
        return
    # a fixture, a test of Hypothesis and a context manager hide the function that was written
    inner = unwrap(one)
    inner = getattr(getattr(inner, "hypothesis", None), "inner_test", inner)
    inner = unwrap(getattr(inner, "func", getattr(inner, "__func__", inner)))
    if not isinstance(inner, FunctionType):
        return
    for name in _names(inner.__code__):
        if name in inner.__globals__:
            yield inner.__globals__[name]


def _names(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names(constant)
