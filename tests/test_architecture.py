"""The import graph is the architecture: dependencies point one way, and only recording needs torch."""

import ast
import sys
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path("app")
LONGEST_FILE = 350
LONGEST_FUNCTION = 50
"""In lines, of the recorder, which a reader must be able to hold in mind."""

# A room may import from its own rank and from lower ones, never from a higher one.
RANKS = {
    "app": 0,
    "errors": 0,
    "config": 0,
    "autograd": 0,
    "course": 0,
    "digits": 0,
    "edition": 0,
    "fields": 0,
    "measurement": 0,
    "models": 0,
    "moves": 0,
    "problem": 0,
    "snapshot": 0,
    "builder": 1,
    "calculus": 1,
    "tracing": 1,
    "exports": 1,
    "frames": 1,
    "lessons": 1,
    "logs": 1,
    "metrics": 1,
    "assets": 1,
    "sandbox": 2,
    "store": 2,
    "pages": 3,
    "api": 3,
    "client": 4,
    "trace": 4,
    "report": 5,
    "remote": 5,
    "server": 4,
    "cli": 6,
}

SERVER = "app.cli"
"""Where the server's process begins."""
CHILD = "app.sandbox.zygote"
"""Where the process begins that the confined children are forked from."""

PAGE = [path for path in sorted(Path("static/src").rglob("*.ts")) if path.name != "schema.ts"]
"""All that is written by hand of the page."""
FILES = [path for path in sorted(ROOT.rglob("*.py")) if "programs" not in path.parts and "versions" not in path.parts]


def module_name(path: Path) -> str:
    parts = path.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


TREES = {module_name(path): ast.parse(path.read_text("utf-8")) for path in FILES}


def imported(tree: ast.AST) -> Iterator[str]:
    """The modules that a file imports; `from package import module` counts as the module."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield inner if inner in TREES else node.module or ""


IMPORTS = {name: set(imported(tree)) for name, tree in TREES.items()}


def room(module: str) -> str:
    return module.split(".")[1] if "." in module else module


def needs_torch(module: str) -> bool:
    return any(name.split(".")[0] == "torch" for name in IMPORTS[module])


def reached_from(start: str) -> set[str]:
    """Every module of ours that importing `start` imports; a package's own file comes with each of its modules."""
    found: set[str] = set()
    waiting = [start]
    while waiting:
        module = waiting.pop()
        if module not in TREES or module in found:
            continue
        found.add(module)
        parents = module.split(".")
        waiting += [".".join(parents[:length]) for length in range(1, len(parents))]
        waiting += IMPORTS[module]
    return found


def test_every_room_has_its_rank() -> None:
    assert {room(module) for module in TREES} <= RANKS.keys()


@pytest.mark.parametrize("module", sorted(TREES))
def test_dependencies_point_one_way(module: str) -> None:
    ours = [name for name in IMPORTS[module] if name in TREES]
    assert [name for name in ours if RANKS[room(name)] > RANKS[room(module)]] == []


def test_there_is_no_cycle_between_modules() -> None:
    graph = {name: {i for i in found if i in TREES} - {name} for name, found in IMPORTS.items()}
    assert len(list(TopologicalSorter(graph).static_order())) == len(TREES)


def test_there_is_no_cycle_between_rooms() -> None:
    graph: dict[str, set[str]] = {}
    for module, found in IMPORTS.items():
        others = {room(name) for name in found if name in TREES} - {room(module)}
        graph.setdefault(room(module), set()).update(others)
    assert list(TopologicalSorter(graph).static_order())


@pytest.mark.parametrize("module", sorted(TREES))
def test_nothing_is_imported_inside_a_function(module: str) -> None:
    functions = [n for n in ast.walk(TREES[module]) if isinstance(n, (ast.FunctionDef, ast.AsyncFunctionDef))]
    inner = [n.lineno for f in functions for n in ast.walk(f) if isinstance(n, (ast.Import, ast.ImportFrom))]
    assert inner == []


def test_only_the_command_line_loads_a_module_by_its_name() -> None:
    loaders = {name for name in reached_from(SERVER) if "importlib" in IMPORTS[name]}
    assert loaders == {SERVER}


def test_the_server_reaches_no_module_that_imports_torch() -> None:
    reached = reached_from(SERVER)
    assert {module for module in reached if needs_torch(module)} == set()
    assert {"app.api.application", "app.sandbox.runner", "app.store.store"} <= reached
    assert CHILD not in reached


def test_torch_is_imported_only_where_programs_are_recorded_and_in_the_child() -> None:
    users = {module for module in TREES if needs_torch(module)}
    assert {module for module in users if room(module) != "tracing"} <= reached_from(CHILD)
    assert "app.tracing.recorder" in users


@pytest.mark.parametrize("path", FILES + PAGE, ids=str)
def test_no_file_is_too_long_to_read_in_one_sitting(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= LONGEST_FILE


@pytest.mark.parametrize("module", [name for name in sorted(TREES) if room(name) == "tracing"])
def test_no_function_of_the_recorder_is_too_long(module: str) -> None:
    functions = [n for n in ast.walk(TREES[module]) if isinstance(n, (ast.FunctionDef, ast.AsyncFunctionDef))]
    lengths = {f"{f.name}, line {f.lineno}": (f.end_lineno or 0) - f.lineno + 1 for f in functions}
    assert {name: length for name, length in lengths.items() if length > LONGEST_FUNCTION} == {}


def test_what_is_imported_can_be_installed() -> None:
    """Every package from elsewhere is a declared dependency."""
    declared = Path("pyproject.toml").read_text().lower().replace("-", "_")
    elsewhere = {name.split(".")[0] for found in IMPORTS.values() for name in found}
    elsewhere -= sys.stdlib_module_names | {"app", "starlette", "markdown_it", "yaml"}
    assert {name for name in elsewhere if f'"{name}' not in declared} == set()
