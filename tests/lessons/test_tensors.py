"""The six lessons on tensors: what their texts say, checked against plain PyTorch."""

from typing import Any

import pytest
import torch

from tests.lessons.saying import asked_for
from tests.lessons.test_programs import run


def numbers(variables: dict[str, Any], *names: str) -> list[Any]:
    """What the tensors of these names hold."""
    return [variables[name].tolist() for name in names]


def test_dimensions() -> None:
    left, printed = run("tensor-dimensions")
    assert [left[name].dim() for name in ("scalar", "vector", "matrix", "block")] == [0, 1, 2, 3]
    assert [left[name].numel() for name in ("scalar", "vector", "matrix", "block")] == [1, 3, 6, 8]
    assert numbers(left, "layer", "row", "number") == [[[5, 6], [7, 8]], [5, 6], 6]
    assert left["block"][1, 0, 1] == 6
    assert left["block"][0, 1, 0] == 3
    assert asked_for("tensor-dimensions") == [
        left["number"].item(),
        left["block"][0, 1, 0].item(),
        torch.zeros(2, 3, 4).numel(),
    ]
    assert torch.arange(6).reshape(2, 3).tolist() == [[0, 1, 2], [3, 4, 5]]
    torch.manual_seed(0)
    drawn = torch.randn(2, 3)
    torch.manual_seed(0)
    assert torch.equal(torch.randn(2, 3), drawn)
    assert "block: 3 dimensions, 8 numbers" in printed


def test_dimensions_that_are_not_there() -> None:
    with pytest.raises(IndexError):
        run("tensor-dimensions", ("number = row[1]", "number = block[2]"))


def test_types() -> None:
    left, printed = run("tensor-types")
    types = {name: left[name].dtype for name in ("counts", "prices", "total", "half", "decimals", "cut", "enough")}
    assert types == {
        "counts": torch.int64,
        "prices": torch.float32,
        "total": torch.float32,
        "half": torch.float32,
        "decimals": torch.float32,
        "cut": torch.int64,
        "enough": torch.bool,
    }
    assert numbers(left, "half", "cut", "enough") == [[0.5, 1, 1.5], [0, 1, 2], [False, True, True]]
    assert asked_for("tensor-types") == [left["cut"][2].item()]
    assert (left["counts"] / 1).dtype == torch.float32
    assert torch.tensor(-1.7).to(torch.int64) == -1
    assert printed.startswith("counts: torch.int64\nprices: torch.float32\n")


def test_types_that_can_have_a_gradient() -> None:
    with pytest.raises(RuntimeError, match="floating point"):
        run("tensor-types", ("[1, 2, 3]", "[1, 2, 3], requires_grad=True"))
    run("tensor-types", ("[1, 2, 3]", "[1., 2, 3], requires_grad=True"))


def test_shape() -> None:
    left, printed = run("tensor-shape")
    assert numbers(left, "per_exam", "per_student") == [[7, 7.5, 3.5], [6, 6]]
    assert left["raised"].tolist() == [[5, 8, 8], [11, 7, 3]]
    assert left["per_exam"].shape == (3,)
    assert asked_for("tensor-shape") == [left["raised"][1, 0].item()]
    assert "2 students, 3 exams" in printed


def test_shapes_that_fit_and_that_do_not() -> None:
    with pytest.raises(RuntimeError, match=r"3.*2"):
        run("tensor-shape", ("[1.0, 0.0, 2.0]", "[1.0, 0.0]"))
    raised = run("tensor-shape", ("[1.0, 0.0, 2.0]", "[[1.0], [0.0]]"))[0]["raised"]
    assert raised.tolist() == [[5, 9, 7], [10, 7, 1]]
    with pytest.raises(RuntimeError):
        torch.ones(2, 3) + torch.ones(3, 2)


def test_reshape() -> None:
    left, printed = run("tensor-reshape")
    assert numbers(left, "tall", "pairs") == [[[1, 2], [3, 4], [5, 6]]] * 2
    assert left["flat"].tolist() == [1, 2, 3, 4, 5, 6]
    assert left["tall"][1, 1] == 4
    assert left["wide"].reshape(-1, 6).shape == (1, 6)
    assert "same memory: True" in printed


@pytest.mark.parametrize(("right", "wrong"), [("reshape(3, 2)", "reshape(4, 2)"), ("view(-1, 2)", "view(-1, 4)")])
def test_reshape_that_does_not_fit(right: str, wrong: str) -> None:
    with pytest.raises(RuntimeError, match="invalid for input of size 6"):
        run("tensor-reshape", (right, wrong))


def test_transpose() -> None:
    left, _ = run("tensor-transpose")
    assert left["turned"].tolist() == [[1, 4], [2, 5], [3, 6]]
    assert left["poured"].tolist() == [[1, 2], [3, 4], [5, 6]]
    assert left["flat"].tolist() == [1, 4, 2, 5, 3, 6]
    assert asked_for("tensor-transpose") == [left["flat"][2].item()]
    assert torch.equal(left["back"], left["matrix"])
    assert left["turned"].data_ptr() == left["matrix"].data_ptr()
    assert left["flat"].data_ptr() != left["matrix"].data_ptr()


def test_transpose_cannot_be_viewed_flat_and_is_no_reshape() -> None:
    with pytest.raises(RuntimeError, match="reshape"):
        run("tensor-transpose", ("turned.reshape(6)", "turned.view(6)"))
    left, _ = run("tensor-transpose", ("matrix.reshape(3, 2)", "matrix.reshape(3, 2).T"))
    assert left["poured"].shape == left["matrix"].shape
    assert not torch.equal(left["poured"], left["matrix"])


def test_product() -> None:
    left, _ = run("tensor-product")
    assert left["squares"].tolist() == [[1, 4, 9], [16, 25, 36]]
    assert left["weighted"].tolist() == [14, 32]
    assert left["product"].tolist() == [[14, 32], [32, 77]]
    assert asked_for("tensor-product") == [left["weighted"][0].item(), left["product"][0, 1].item()]
    assert (
        run("tensor-product", ("vector = torch.tensor([1.0, 2.0, 3.0])", "vector = torch.tensor([1.0, 0.0, 2.0])"))[0][
            "weighted"
        ][0]
        == 7
    )
    assert (torch.ones(4, 10) @ torch.ones(10, 5)).shape == (4, 5)


def test_product_the_other_way_round_and_not_at_all() -> None:
    product = run("tensor-product", ("numbers.matmul(turned)", "turned @ numbers"))[0]["product"]
    assert product.shape == (3, 3)
    assert product[0, 0] == 17
    with pytest.raises(RuntimeError, match="shapes"):
        run("tensor-product", ("numbers.matmul(turned)", "numbers @ numbers"))
