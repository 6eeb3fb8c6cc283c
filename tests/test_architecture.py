"""The import graph is the architecture: dependencies point one way, and only recording needs torch."""

import ast
import sys
from collections import Counter
from collections.abc import Iterator
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

SOURCE = Path("app")
ROOT = SOURCE / "gradwalk"
LONGEST_FUNCTION = 50
"""In lines, of the recorder, which a reader must be able to hold in mind."""

MOST_PARAMETERS = 5
"""Of a function, without self. Routes and commands are exempt: FastAPI and Typer read one parameter for each value."""
FOREIGN_SIGNATURES = frozenset(
    {"recorder.decomposed.attention_weights", "recorder.program_tracebacks.of_the_program.show"}
)
"""Functions that take the place of one of PyTorch's or Python's and so have its parameters."""

# A room may import from its own rank and from lower ones, never from a higher one.
RANKS = {
    "errors": 0,
    "config": 0,
    "contract": 0,
    "edition": 0,
    "error_hints": 0,
    "json_logs": 0,
    "version": 0,
    "recorder": 1,
    "operations": 1,
    "iteration": 1,
    "builder": 1,
    "lessons": 2,
    "glossary": 2,
    "explain": 2,
    "findings": 2,
    "exports": 2,
    "questions": 3,
    "narration": 3,
    "sandbox": 4,
    "store": 4,
    "web": 5,
    "client": 6,
    "cli": 7,
    "gradwalk": 8,
    "__main__": 8,
}
WEB_RANKS = {
    "http": 0,
    "assets": 0,
    "bodies": 0,
    "services": 1,
    "routes": 2,
    "pages": 2,
    "examples": 2,
    "application": 3,
    "server": 4,
}
"""Within `web`, HTTP knows no service, and a service knows no route."""

SERVER = ("gradwalk.cli.main", "gradwalk.cli.serve_command")
"""Where the server's process begins: the first loads the second by its name."""
CHILD = "gradwalk.sandbox.zygote"
"""Where the process begins that the confined children are forked from."""
LOADERS = {"gradwalk", "gradwalk.cli.main"}
"""The modules that load another by its name: what needs torch must not be imported by the server's process."""

FILES = [path for path in sorted(ROOT.rglob("*.py")) if "programs" not in path.parts and "versions" not in path.parts]


def module_name(path: Path) -> str:
    parts = path.relative_to(SOURCE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def trees() -> dict[str, ast.Module]:
    """What is written in every module of ours."""
    return {module_name(path): ast.parse(path.read_text("utf-8")) for path in FILES}


def imported(tree: ast.AST) -> Iterator[str]:
    """The modules that a file imports; `from package import module` counts as the module."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield inner if inner in trees() else node.module or ""


def for_types_only(tree: ast.Module) -> set[str]:
    """The modules that a file imports under `if TYPE_CHECKING`."""
    guarded = [n for n in tree.body if isinstance(n, ast.If) and ast.unparse(n.test) == "TYPE_CHECKING"]
    return {name for node in guarded for name in imported(node)}


@cache
def imports() -> dict[str, set[str]]:
    """What every module of ours imports."""
    return {name: set(imported(tree)) for name, tree in trees().items()}


def room(module: str) -> str:
    return module.split(".")[1] if "." in module else module


def needs_torch(module: str) -> bool:
    return any(name.split(".")[0] == "torch" for name in imports()[module])


def reached_from(*starts: str) -> set[str]:
    """Every module of ours that importing `starts` imports; a package's own file comes with each of its modules."""
    found: set[str] = set()
    waiting = list(starts)
    while waiting:
        module = waiting.pop()
        if module not in trees() or module in found:
            continue
        found.add(module)
        parents = module.split(".")
        waiting += [".".join(parents[:length]) for length in range(1, len(parents))]
        waiting += imports()[module] - for_types_only(trees()[module])
    return found


def test_every_room_has_its_rank() -> None:
    assert {room(module) for module in trees()} == RANKS.keys()


def test_dependencies_point_one_way() -> None:
    breaches = {
        f"{module} -> {name}"
        for module, found in imports().items()
        for name in found
        if name in trees() and RANKS[room(name)] > RANKS[room(module)]
    }
    assert breaches == set()


def test_dependencies_of_the_web_point_one_way() -> None:
    web = {module: module.split(".")[2] for module in trees() if module.startswith("gradwalk.web.")}
    assert set(web.values()) == WEB_RANKS.keys()
    breaches = {
        f"{module} -> {name}"
        for module, part in web.items()
        for name in imports()[module]
        if name in web and WEB_RANKS[web[name]] > WEB_RANKS[part]
    }
    assert breaches == set()


def test_there_is_no_cycle_between_modules() -> None:
    graph = {name: {i for i in found if i in trees()} - {name} for name, found in imports().items()}
    assert len(list(TopologicalSorter(graph).static_order())) == len(trees())


def test_there_is_no_cycle_between_rooms() -> None:
    graph: dict[str, set[str]] = {}
    for module, found in imports().items():
        others = {room(name) for name in found if name in trees()} - {room(module)}
        graph.setdefault(room(module), set()).update(others)
    assert list(TopologicalSorter(graph).static_order())


def test_nothing_is_imported_inside_a_function() -> None:
    inner = {
        f"{module}, line {node.lineno}"
        for module, tree in trees().items()
        for function in ast.walk(tree)
        if isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef))
        for node in ast.walk(function)
        if isinstance(node, (ast.Import, ast.ImportFrom))
    }
    assert inner == set()


def test_no_two_modules_bear_the_same_name() -> None:
    counts = Counter(path.name for path in FILES if path.name != "__init__.py")
    assert {name for name, count in counts.items() if count > 1} == set()


def test_only_the_command_line_and_the_package_load_a_module_by_its_name() -> None:
    loaders = {name for name in reached_from(*SERVER) if "importlib" in imports()[name]}
    assert loaders == LOADERS


def test_the_server_reaches_no_module_that_imports_torch() -> None:
    reached = reached_from(*SERVER)
    assert {module for module in reached if needs_torch(module)} == set()
    assert {"gradwalk.web.application", "gradwalk.sandbox.runner", "gradwalk.store.store"} <= reached
    assert CHILD not in reached


def test_torch_is_imported_only_where_programs_are_recorded_and_in_the_child() -> None:
    users = {module for module in trees() if needs_torch(module)}
    assert {module for module in users if room(module) != "recorder"} <= reached_from(CHILD)
    assert "gradwalk.recorder.recorder" in users


def test_no_function_of_the_recorder_is_too_long() -> None:
    lengths = {
        f"{module}.{f.name}, line {f.lineno}": (f.end_lineno or 0) - f.lineno + 1
        for module, tree in trees().items()
        if room(module) == "recorder"
        for f in ast.walk(tree)
        if isinstance(f, (ast.FunctionDef, ast.AsyncFunctionDef))
    }
    assert {name: length for name, length in lengths.items() if length > LONGEST_FUNCTION} == {}


def functions(tree: ast.AST, prefix: str) -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
    """Every function of a module with its name in the module, inner ones included."""
    for node in ast.iter_child_nodes(tree):
        inner = prefix
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield f"{prefix}.{node.name}", node
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            inner = f"{prefix}.{node.name}"
        yield from functions(node, inner)


def parameters(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    given = function.args
    names = [argument.arg for argument in (*given.posonlyargs, *given.args, *given.kwonlyargs)]
    return len(names) - (names[:1] in (["self"], ["cls"])) + bool(given.vararg) + bool(given.kwarg)


def is_route_or_command(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return any(ast.unparse(decorator).startswith(("router.", "cli.")) for decorator in function.decorator_list)


def test_no_function_has_too_many_parameters() -> None:
    found = {
        name.removeprefix("gradwalk.")
        for module, tree in trees().items()
        for name, function in functions(tree, module)
        if parameters(function) > MOST_PARAMETERS and not is_route_or_command(function)
    }
    assert found == FOREIGN_SIGNATURES


def test_what_is_imported_can_be_installed() -> None:
    """Every package from elsewhere is a declared dependency."""
    declared = Path("pyproject.toml").read_text().lower().replace("-", "_")
    elsewhere = {name.split(".")[0] for found in imports().values() for name in found}
    elsewhere -= sys.stdlib_module_names | {"gradwalk", "starlette", "markdown_it", "yaml"}
    assert {name for name in elsewhere if f'"{name}' not in declared} == set()
