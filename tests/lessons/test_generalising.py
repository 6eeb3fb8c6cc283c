"""The lessons on dropout, weight decay, initialisation and embeddings, checked against plain PyTorch."""

import pytest
import torch
from torch.nn import functional

from tests.lessons.saying import asked_for, near, run_keeping, says
from tests.lessons.test_programs import run

DROPOUT = "dropout"
DECAY = "weight-decay"
BEGINNING = "initialisation"
EMBEDDING = "embedding"
ONCE = ("range(30)", "range(1)")


def losses(printed: str) -> list[float]:
    return [float(line.split()[-1]) for line in printed.splitlines()]


def test_dropout_drops_half_and_doubles_the_rest() -> None:
    keeping = (
        "drop = nn.Dropout(0.5)",
        "class Kept(nn.Dropout):\n    def forward(self, x):\n        self.out = "
        "super().forward(x)\n        return self.out\n\ndrop = Kept(0.5)",
    )
    left, _ = run(DROPOUT, keeping, ("range(60)", "range(1)"), ("net.eval()", "kept = drop.out; net.eval()"))
    kept, x = left["kept"], left["x"]
    assert (kept == 0).sum() == 56
    assert kept.numel() == 120
    assert torch.equal(kept[kept != 0], 2 * x[kept != 0])
    assert (x[0, :2].tolist(), kept[0, :2].tolist()) == (near([-0.0766, 0.3599]), near([-0.1533, 0]))
    assert asked_for(DROPOUT) == [functional.dropout(torch.ones(100), 0.2).max().item()]


def test_no_weight_learns_from_what_was_dropped() -> None:
    left, _ = run(DROPOUT, ("range(60)", "range(1)"), ("nn.Dropout(0.5)", "nn.Dropout(1.0)"))
    assert not left["layer"].weight.grad.any()


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("0.5)\nlayer", "0.5)\nlayer", [0.248, 0.626]),
        ("Dropout(0.5)", "Dropout(0.0)", [0.006, 1.044]),
        ("net.eval()", "pass", [0.853, 1.160]),
    ],
)
def test_learning_by_heart(old: str, new: str, expected: list[float]) -> None:
    assert losses(run(DROPOUT, (old, new))[1]) == pytest.approx(expected, abs=0.0015)


def test_the_weights_of_somebody_who_learns_by_heart() -> None:
    weight = run(DROPOUT, ("Dropout(0.5)", "Dropout(0.0)"))[0]["layer"].weight[0]
    assert [weight[0].item(), weight[4].item()] == pytest.approx([0.94, -0.56], abs=0.006)


def test_what_is_not_needed_fades() -> None:
    once, _ = run(DECAY, ONCE)
    assert (once["w"].item(), once["v"].item()) == (near(0.6), near(1.9))
    assert asked_for(DECAY) == [near(once["v"].item()), 2]
    left, printed = run(DECAY)
    assert printed == "w 2.400, v 0.429\n"
    assert left["v"].item() == near(2 * 0.95**30)


def test_other_decays() -> None:
    assert run(DECAY, ("decay=0.5", "decay=0.0"))[1] == "w 2.996, v 2.000\n"
    assert run(DECAY, ("decay=0.5", "decay=1.0"))[0]["w"].item() == near(2)
    for name in ("AdamW", "Adam"):
        assert run(DECAY, ONCE, ("optim.SGD", f"optim.{name}"))[0]["v"].item() == near(1.9)


def test_a_spread_that_keeps_the_size() -> None:
    left, printed = run(BEGINNING)
    assert left["std"] == (2 / left["width"]) ** 0.5
    assert left["outputs"][0].square().mean().sqrt().item() == pytest.approx(1, abs=0.1)
    assert losses(printed)[-3:] == [0.976, 1.13, 1.46]
    assert asked_for(BEGINNING) == [1]


@pytest.mark.parametrize(
    ("std", "first", "last", "gradient"), [("0.1", 0.431, 0.00064, 1.21e-6), ("1.0", 4.31, 64000, 1.21e9)]
)
def test_a_spread_that_does_not(std: str, first: float, last: float, gradient: float) -> None:
    found = losses(run(BEGINNING, ("32, 0.25", f"32, {std}"))[1])
    assert [found[0], found[7], found[8]] == pytest.approx([first, last, gradient], rel=0.005)


def test_equal_weights_stay_equal() -> None:
    left, _ = run(BEGINNING, ("normal_(layer.weight, std=std)", "constant_(layer.weight, 0.0625)"))
    for layer in left["net"]:
        gradient = layer.weight.grad
        assert gradient.any()
        assert torch.allclose(gradient, gradient[:1].expand_as(gradient), rtol=1e-4)


def test_an_embedding_looks_up_rows_and_gives_back_to_them() -> None:
    left = run_keeping(EMBEDDING, ["rows"])
    assert left["rows"].tolist() == [[2, 0, 1], [0, 1, 0], [2, 0, 1]]
    assert torch.equal(left["rows"].grad, left["factors"])
    assert left["table"].grad.tolist() == [[2, 0, 1], [0, 0, 0], [1, 4, 2], [0, 0, 0], [0, 0, 0]]
    assert asked_for(EMBEDDING) == [left["rows"][2, 2].item(), left["table"].grad[2, 1].item()]


def test_other_texts_and_the_product_in_disguise() -> None:
    alone, _ = run(EMBEDDING, ("tensor([2, 0, 2])", "tensor([2, 2, 2])"))
    assert alone["table"].grad[2].tolist() == [3, 4, 3]
    with pytest.raises(IndexError):
        run(EMBEDDING, ("tensor([2, 0, 2])", "tensor([2, 0, 5])"))
    product, _ = run(EMBEDDING, ("F.embedding(ids, table)", "F.one_hot(ids, 5).float() @ table"))
    assert torch.equal(product["rows"], run(EMBEDDING)[0]["rows"])
    assert torch.equal(product["table"].grad, run(EMBEDDING)[0]["table"].grad)
    assert says(EMBEDDING, "3 4 3")
