"""One torch call taken apart: the names of its arguments, and the arguments that are no tensors as data."""

import json
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from torch.nn import functional

from gradwalk.recorder.calls import as_data, describe, named_tensors, tensors_of, with_subclass_dispatch

X = torch.ones(2, 3)
Y = torch.full((2, 3), 2.0)
INDEX = torch.tensor([0])

ARGUMENTS: dict[str, tuple[Any, tuple[Any, ...], dict[str, Any], list[str], dict[str, Any]]] = {
    "two_tensors": (torch.Tensor.mul, (X, Y), {}, ["self", "other"], {}),
    "a_tensor_and_a_number": (torch.Tensor.mul, (X, 2), {}, ["self"], {"other": 2}),
    "max_along_a_dimension": (torch.max, (X, 1), {}, ["self"], {"dim": 1}),
    "max_of_two": (torch.max, (X, Y), {}, ["self", "other"], {}),
    "max_of_all": (torch.max, (X,), {}, ["self"], {}),
    "several_numbers_for_one_argument": (torch.Tensor.reshape, (X, 3, 2), {}, ["self"], {"shape": 3, "shape[1]": 2}),
    "a_list_for_one_argument": (torch.Tensor.reshape, (X, [3, 2]), {}, ["self"], {"shape": [3, 2]}),
    "tensors_in_a_list": (torch.cat, ([X, Y], 1), {}, ["tensors[0]", "tensors[1]"], {"dim": 1}),
    "by_keyword": (torch.add, (X,), {"other": Y, "alpha": 2}, ["self", "other"], {"alpha": 2}),
    "a_python_function": (functional.dropout, (X, 0.5, False), {}, ["input"], {"p": 0.5, "training": False}),
    "nothing_given": (functional.linear, (X, Y, None), {}, ["input", "weight"], {}),
    "an_index": (torch.Tensor.__getitem__, (X, (0, INDEX)), {}, ["self", "key[1]"], {"key": [0, "Tensor"]}),
    "tensors_and_slices": (
        torch.Tensor.__getitem__,
        (X, (INDEX, slice(None), None)),
        {},
        ["self", "key[0]"],
        {"key": ["Tensor", ":", None]},
    ),
    "an_index_of_numpy": (torch.Tensor.__getitem__, (X, np.array([1, 0])), {}, ["self"], {"key": [1, 0]}),
    "a_number_of_numpy": (torch.Tensor.__getitem__, (X, np.int64(1)), {}, ["self"], {"key": 1}),
    "mean_along_dimensions": (torch.Tensor.mean, (X, (0, 1)), {}, ["self"], {"dim": [0, 1]}),
    "mean_along_one": (torch.mean, (X, 1, True), {}, ["self"], {"dim": 1, "keepdim": True}),
    "spread_along_a_dimension": (torch.Tensor.std, (X, 1), {}, ["self"], {"dim": 1}),
    "spread_of_all": (torch.Tensor.var, (X, False), {}, ["self"], {"unbiased": False}),
    "another_dtype": (torch.Tensor.view, (X, torch.int32), {}, ["self"], {"dtype": "torch.int32"}),
    "a_slice": (torch.Tensor.__getitem__, (X, slice(1, None)), {}, ["self"], {"key": "1:"}),
    "infinity": (torch.Tensor.mul, (X, math.inf), {}, ["self"], {"other": "inf"}),
    "the_level_of_a_warning": (functional.softmax, (X,), {"dim": 1, "_stacklevel": 5}, ["input"], {"dim": 1}),
}


@pytest.mark.parametrize("name", ARGUMENTS)
def test_arguments_carry_the_names_of_the_overload_that_is_called(name: str) -> None:
    func, args, kwargs, tensors, plain = ARGUMENTS[name]
    found, data = describe(func).arguments(args, kwargs)
    assert [argument for argument, _ in found] == tensors
    assert data == plain


def test_a_function_without_a_schema_has_numbered_arguments() -> None:
    def odd(*args: Any) -> None: ...

    found, data = describe(odd).arguments((X, 1), {})
    assert ([name for name, _ in found], data) == (["argument 0"], {"argument 1": 1})


NAMES: dict[Any, str] = {
    torch.Tensor.add_: "add_",
    torch.Tensor.__rsub__: "rsub",
    torch.Tensor.__rpow__: "pow",
    torch.Tensor.T.__get__: "T",  # type: ignore[attr-defined]
    torch.Tensor.grad.__get__: "grad",  # type: ignore[union-attr]
}


def test_a_call_has_the_name_that_its_user_knows() -> None:
    assert {func: describe(func).name for func in NAMES} == NAMES


KINDS: dict[Any, str] = {
    torch.Tensor.backward: "backward",
    torch.autograd.grad: "backward",
    torch.Tensor.T.__get__: "operation",  # type: ignore[attr-defined]
    torch.Tensor.grad.__get__: "read",  # type: ignore[union-attr]
    torch.Tensor.data.__set__: "assign",  # type: ignore[attr-defined]
    torch.Tensor.add_: "write",
    torch.Tensor.__setitem__: "write",
    torch.Tensor.__iand__: "write",
    torch.Tensor.__and__: "operation",
    torch.Tensor.__invert__: "operation",
    torch.Tensor.requires_grad_: "operation",
    torch.Tensor.mul: "operation",
    torch.Tensor.item: "silent",
    torch.Tensor.size: "silent",
    functional.relu: "operation",
}


def test_a_call_is_of_the_kind_that_recording_it_needs() -> None:
    assert {func: describe(func).kind for func in KINDS} == KINDS


GIVES: dict[Any, bool] = {
    torch.Tensor.mul: True,
    torch.split: True,
    torch.Tensor.unbind: True,
    functional.linear: True,
    torch.Tensor.__add__: False,  # no schema tells; it is learnt from the first result
    torch.Tensor.tolist: False,
}


def test_whether_a_call_gives_tensors_is_known_from_its_schema() -> None:
    assert {func: describe(func).returns_tensors for func in GIVES} == GIVES


def test_what_no_schema_tells_is_learnt_from_a_result() -> None:
    def gives(*_args: Any) -> torch.Tensor:
        return X

    def tells(*_args: Any) -> int:
        return 1

    giving, telling_ = describe(gives), describe(tells)
    giving.learn_from_result(X, True)
    telling_.learn_from_result(1, False)
    assert (giving.returns_tensors, giving.kind) == (True, "operation")
    assert (telling_.returns_tensors, telling_.kind) == (False, "silent")


@pytest.mark.parametrize(
    ("func", "args", "kwargs", "writes"),
    [
        (functional.relu, (X, True), {}, True),
        (functional.relu, (X,), {"inplace": True}, True),
        (functional.relu, (X, False), {}, False),
        (torch.add, (X, Y), {"out": X}, True),
        (torch.add, (X, Y), {"out": None}, False),
        (torch.add, (X, Y), {}, False),
    ],
)
def test_a_call_writes_by_its_arguments(
    func: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any], writes: bool
) -> None:
    assert describe(func).writes(args, kwargs) is writes


class Evil:
    """Whose every way to be shown raises."""

    def __repr__(self) -> str:
        raise AssertionError("asked for its repr")

    __str__ = __hash__ = __repr__  # type: ignore[assignment]

    def __eq__(self, _other: object) -> bool:
        raise AssertionError("compared")


class EvilInt(int):
    def __repr__(self) -> str:
        raise AssertionError("asked for its repr")


DATA: list[tuple[Any, Any]] = [
    (None, None),
    (True, True),
    (3, 3),
    (2**53 - 1, 2**53 - 1),
    (2**53, "9007199254740992"),
    (-(2**80), str(-(2**80))),
    # Python refuses to write integers of more than 4,300 digits in decimal
    (2**20_000, "0x1" + "0" * 197),
    (0.5, 0.5),
    (math.inf, "inf"),
    (-math.inf, "-inf"),
    (math.nan, "nan"),
    ("text", "text"),
    ("\ud800", "\\ud800"),
    ("x" * 500, "x" * 200),
    (slice(None), ":"),
    (slice(1, 3), "1:3"),
    (slice(None, None, 2), "::2"),
    (slice(EvilInt(1), None), "EvilInt:"),
    (..., "..."),
    (torch.float64, "torch.float64"),
    (torch.device("cpu"), "cpu"),
    (torch.Size([2, 3]), [2, 3]),
    ((1, [2, (3,)]), [1, [2, [3]]]),
    ([[[["deep"]]]], [[["list"]]]),
    (list(range(100)), list(range(64))),
    (Evil(), "Evil"),
    ({"a": 1}, "dict"),
    (1j, "complex"),
]


@pytest.mark.parametrize(("value", "data"), DATA, ids=[str(i) for i in range(len(DATA))])
def test_arguments_that_are_no_tensors_become_json(value: Any, data: Any) -> None:
    found = as_data(value)
    assert found == data
    assert json.loads(json.dumps(found, allow_nan=False)) == found


def test_tensors_are_found_in_whatever_holds_them() -> None:
    value = {"a": [X, (Y, None)], "b": "text", 3: X}
    assert [name for name, _ in named_tensors("v", value)] == ["v[a][0]", "v[a][1][0]", "v[3]"]
    assert list(map(id, tensors_of(value))) == [id(X), id(Y), id(X)]
    assert tensors_of(3) == []


def test_a_call_that_tells_subclasses_does_so_where_they_are_not_told() -> None:
    told: list[str] = []

    class Logged(torch.Tensor):
        @classmethod
        def __torch_function__(cls, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
            told.append(func.__name__)
            return super().__torch_function__(func, types, args, kwargs or {})  # type: ignore[no-untyped-call]

    logged = torch.ones(2).as_subclass(Logged)
    with torch._C.DisableTorchFunctionSubclass():
        describe(torch.Tensor.sin).func(logged)
        with_subclass_dispatch(describe(torch.Tensor.cos)).func(logged)
    assert told == ["cos"]
