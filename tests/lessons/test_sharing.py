"""The lessons on weights that are used more than once: tied, convolved, recurrent. Checked against plain PyTorch."""

import pytest
import torch

from tests.lessons.saying import asked_for, run_keeping, says
from tests.lessons.test_programs import run


def test_tied_weights() -> None:
    left = run_keeping("shared-weights", ["code", "copy"])
    assert left["code"].tolist() == [1]
    assert left["copy"].tolist() == [1, -1]
    assert left["loss"] == 5
    assert left["copy"].grad.tolist() == [-2, -4]
    assert left["code"].grad.tolist() == [2]
    assert left["w"].grad.flatten().tolist() == [2, -2]


def test_tied_weights_apart() -> None:
    unpacking = (
        ("code @ w.T", "code @ v"),
        (
            "requires_grad=True)\n",
            "requires_grad=True)\nv = torch.tensor([[1.0, -1.0]], requires_grad=True)\n",
        ),
    )
    left, _ = run("shared-weights", *unpacking)
    assert left["loss"] == 5
    assert left["v"].grad.flatten().tolist() == [-2, -4]
    assert left["w"].grad.flatten().tolist() == [4, 2]
    packing, _ = run("shared-weights", ("w.T", "w.detach().T"))
    assert asked_for("shared-weights") == [packing["w"].grad[0].item()]


def test_convolution() -> None:
    left = run_keeping("convolution", ["out", "edges"])
    assert left["out"].flatten().tolist() == [4, 0, 2, -1]
    assert left["edges"].flatten().tolist() == [4, 0, 2, 0]
    assert left["loss"] == 6
    assert left["out"].grad.flatten().tolist() == [1, 0, 1, 0]
    assert left["kernel"].grad.flatten().tolist() == [0, 4, 1, 3]
    assert asked_for("convolution")[0] == left["kernel"].grad[0, 0, 0, 1].item()


def test_convolution_without_the_relu() -> None:
    left, _ = run("convolution", ("F.relu(out)", "out"))
    assert asked_for("convolution")[1] == left["kernel"].grad[0, 0, 1, 1].item()
    assert left["image"][0, 0, 1:, 1:].flatten().tolist() == [2, 2, 1, 0]


def test_convolution_of_a_large_image() -> None:
    left, _ = run("convolution", ("out = ", "image = torch.rand(1, 1, 100, 100)\nout = "))
    assert left["kernel"].grad.numel() == 4
    assert left["out"].numel() == 9801


def test_convolution_that_finds_nothing() -> None:
    other = "[[-1.0, -1.0], [1.0, 1.0]]"
    source = "[[[[-1.0, 1.0],\n                         [-1.0, 1.0]]]]"
    left, _ = run("convolution", (source, f"[[{other}]]"))
    assert not left["edges"].any()
    assert not left["kernel"].grad.any()


def test_rnn() -> None:
    left = run_keeping("unrolled-rnn", ["h1", "h2", "h3"])
    assert [left[name].item() for name in ("h1", "h2", "h3", "loss")] == [1, 4, 11, 1]
    assert [left[name].grad.item() for name in ("h3", "h2", "h1")] == [2, 4, 8]
    assert left["w"].grad == 2 * 4 + 4 * 1 == 12
    assert left["u"].grad == 2 * 3 + 4 * 2 + 8 * 1 == 22
    assert asked_for("unrolled-rnn") == [left["h2"].grad.item()]


def test_rnn_that_forgets() -> None:
    left = run_keeping("unrolled-rnn", ["h1", "h2", "h3"], ("torch.tensor(2.0, requires", "torch.tensor(0.5, requires"))
    assert left["h3"].item() == 4.25
    assert left["h1"].grad / left["h2"].grad == left["h2"].grad / left["h3"].grad == 0.5
    assert 0.5**99 < 1e-29


def test_rnn_cut_in_time() -> None:
    assert run("unrolled-rnn", ("w * h1", "w * h1.detach()"))[0]["u"].grad == 14
    assert says("unrolled-rnn", "6 + 8 = 14")


def test_each_gradient_of_a_kernel_is_what_its_weight_has_met() -> None:
    left = run_keeping("convolution", ["out"])
    image, back = left["image"][0, 0], left["out"].grad[0, 0]
    met = [(image[i : i + 2, j : j + 2] * back).sum() for i in (0, 1) for j in (0, 1)]
    assert left["kernel"].grad.flatten().tolist() == pytest.approx(torch.stack(met).tolist())
