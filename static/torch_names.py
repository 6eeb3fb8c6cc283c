"""Writes src/generated/torch-names.json: the names of torch that the editor completes, with their signatures.

python static/torch_names.py           write the file anew, from the torch that is installed here
python static/torch_names.py --check   only say whether the file is what would be written: 0, or 1 and a sentence

A member is its signatures, one a line, without types ("(input, dim, keepdim=False, *, dtype=None)"), or what it is
when it cannot be called: "attribute", "dtype", "module". Nothing of torch's own texts is taken.
"""

import ast
import inspect
import json
import sys
import typing
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import torch
from torch import linalg, nn, optim
from torch.nn import functional, init
from torch.optim import lr_scheduler

TARGET = Path(__file__).resolve().parent / "src" / "generated" / "torch-names.json"
STUBS = Path(torch.__file__).parent / "_C"
MOST_SIGNATURES = 3
CLASSES = (torch.Tensor, torch.Generator, torch.Size, torch.device, torch.dtype)
"""Built-in classes that programs use; the others are the machinery's."""
BACKENDS = ("cudnn_", "fbgemm_", "miopen_", "mkldnn_", "native_", "quantized_", "Sym", "sym_", "xpu_")
UNLISTED = ("broadcast_shapes", "set_default_dtype", "set_grad_enabled", "unique")
"""What programs use although torch.__all__ does not name it."""
ROOMS: dict[str, Any] = {
    "torch": torch,
    "torch.Tensor": torch.Tensor,
    "torch.linalg": linalg,
    "torch.nn": nn,
    "torch.nn.functional": functional,
    "torch.nn.init": init,
    "torch.nn.Module": nn.Module,
    "torch.optim": optim,
    "torch.optim.Optimizer": optim.Optimizer,
    "torch.optim.lr_scheduler": lr_scheduler,
}


def main() -> None:
    """Writes the file, or compares it."""
    text = written()
    if sys.argv[1:] != ["--check"]:
        TARGET.write_text(text, "utf-8")
    elif TARGET.read_text("utf-8") != text:
        raise SystemExit("torch-names.json is not of this torch: python static/torch_names.py writes it anew.")


def written() -> str:
    """The whole file."""
    signatures = {
        "torch": stubbed("_VariableFunctions.pyi", None),
        "torch.Tensor": stubbed("__init__.pyi", "TensorBase"),
    }
    rooms = {name: members(name, room, signatures.get(name, {})) for name, room in ROOMS.items()}
    return json.dumps({"torch": version(), "rooms": rooms}, indent=0, ensure_ascii=False) + "\n"


def version() -> str:
    """The minor version of torch, as "2.13"."""
    return ".".join(torch.__version__.split(".")[:2])


def members(path: str, room: Any, signatures: dict[str, list[str]]) -> dict[str, str]:
    """What `room` offers to programs: name to description."""
    found = {}
    for name in sorted(dir(room)):
        if name.startswith("_") or not belongs(path, name, room):
            continue
        described = describe(getattr(room, name), signatures.get(name, []))
        if described is not None:
            found[name] = described
    return found


def belongs(path: str, name: str, room: Any) -> bool:
    """Whether a name is meant for programs: not what a module imported for itself, nor a kernel of one backend."""
    member = getattr(room, name, None)
    if isinstance(member, ModuleType):
        return f"{path}.{name}" in ROOMS
    if isinstance(member, torch.dtype):
        return True
    if name.startswith(BACKENDS) or "_torch_function" in name or type(member).__module__ == "typing":
        return False
    if path == "torch" and not inspect.isbuiltin(member) and name not in (*torch.__all__, *UNLISTED):
        return False
    if path == "torch.nn.init" and not name.endswith("_"):
        # the names without _ are the ways of long ago
        return name == "calculate_gain"
    if isinstance(member, type):
        return useful(path, member)
    return not inspect.isfunction(member) or member.__module__.startswith("torch")


def useful(path: str, kind: type) -> bool:
    """Whether a class is one that a program makes objects of, or enters as torch.no_grad."""
    if path == "torch":
        return kind in CLASSES or (kind.__module__.startswith("torch") and kind.__name__[0].islower())
    return path in ("torch.nn", "torch.optim", "torch.optim.lr_scheduler") and kind.__module__.startswith(path[:8])


def describe(member: Any, stubs: list[str]) -> str | None:
    """The signatures of a member, or what it is; None for what a program has no use for."""
    if isinstance(member, ModuleType):
        return "module"
    if isinstance(member, torch.dtype):
        return "dtype"
    if isinstance(member, type) and member in CLASSES:
        return "(...)"
    if not callable(member):
        # a class's attributes are descriptors; a module's constants are no help
        return "attribute" if inspect.isdatadescriptor(member) or isinstance(member, float) else None
    if stubs:
        return "\n".join(stubs)
    start = getattr(member, "__init__", None)
    overloads = typing.get_overloads(start) if inspect.isfunction(start) else []
    told = [signature for one in overloads or [member] if (signature := told_by(one)) is not None]
    if told:
        return "\n".join(told)
    # nn.Module itself takes anything and passes it on: a module that says no more than that takes nothing
    return "()" if start is nn.Module.__init__ else documented(member)


def told_by(member: Any) -> str | None:
    """The signature that Python knows of a member; None where there is none, or one that says nothing."""
    try:
        return plain(inspect.signature(member))
    except (TypeError, ValueError):
        return None


def documented(member: Any) -> str:
    """The argument list with which the description of a built-in function begins; "(...)" when it has none."""
    first = (inspect.getdoc(member) or "").strip().split("\n")[0]
    call = first.partition("(")[2].rpartition(")")[0]
    try:
        function = ast.parse(f"def f({call}): pass").body[0]
    except SyntaxError:
        return "(...)"
    assert isinstance(function, ast.FunctionDef)
    return untyped(function.args)


def plain(signature: inspect.Signature) -> str:
    """A signature without types and without the object itself."""
    bare = [
        p.replace(annotation=inspect.Parameter.empty, default=default(p.default))
        for p in signature.parameters.values()
        if p.name not in ("self", "cls") and not p.name.startswith("_")
    ]
    if [p.kind for p in bare] == [inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD]:
        raise ValueError("it says nothing")
    return str(inspect.Signature(bare))


class Shown:
    """A default value that is written as a program would write it."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __repr__(self) -> str:
        return self.text


def default(value: Any) -> Any:
    """A default without addresses in memory."""
    if value is inspect.Parameter.empty or value is None or isinstance(value, bool | int | float | str | tuple | list):
        return value
    if isinstance(value, torch.dtype):
        return value
    return Shown(getattr(value, "__name__", "..."))


def stubbed(file: str, holder: str | None) -> dict[str, list[str]]:
    """The signatures in a stub file of torch's, those of a class's methods or of the file's functions."""
    body = ast.parse((STUBS / file).read_text("utf-8")).body
    if holder is not None:
        body = next(node.body for node in body if isinstance(node, ast.ClassDef) and node.name == holder)
    found: dict[str, list[str]] = {}
    for function in functions(body):
        row, signature = found.setdefault(function.name, []), untyped(function.args)
        # add(alpha, other) and the like are the ways of long ago
        if signature.startswith(("(alpha, ", "(beta, ")):
            continue
        if signature not in row and len(row) < MOST_SIGNATURES:
            row.append(signature)
    return found


def functions(body: list[ast.stmt]) -> Iterator[ast.FunctionDef]:
    """The functions that a program can call; a property is none."""
    for node in body:
        if isinstance(node, ast.FunctionDef) and "property" not in map(ast.unparse, node.decorator_list):
            yield node


def untyped(arguments: ast.arguments) -> str:
    """An argument list without types and without the object itself."""
    for argument in ast.walk(arguments):
        if isinstance(argument, ast.arg):
            argument.annotation = None
    for row in (arguments.posonlyargs, arguments.args):
        if row and row[0].arg in ("self", "cls"):
            del row[0]
    return f"({ast.unparse(arguments)})"


if __name__ == "__main__":
    main()
