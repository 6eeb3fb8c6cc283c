"""The lesson on fine-tuning, checked against plain PyTorch."""

import re

import pytest
import torch
from torch.nn import functional

from tests.lessons.saying import asked_for, says
from tests.lessons.test_programs import run

SLUG = "fine-tuning"
PRETRAIN = "train(gpt, first, 30, 0.03)\n"
ADAPT = "gpt.requires_grad_(False)\ngpt[1].feed[2] = LoRA(gpt[1].feed[2])\ngpt[3] = LoRA(gpt[3])\n"


def numbers(printed: str) -> list[float]:
    """How many numbers learn, the first loss and the last one, for each training."""
    return [float(number) for number in re.findall(r"[\d.]+", printed)]


def test_two_trainings() -> None:
    left, printed = run(SLUG)
    assert numbers(printed) == [1088, 2.366, 0.012, 114, 1.999, 0.017]
    lora = left["gpt"][3]
    assert asked_for(SLUG) == [lora.down.numel() + lora.up.numel(), 0]
    assert (lora.down.numel(), lora.up.numel(), lora.layer.weight.numel()) == (16, 18, 72)


def test_the_old_model_is_still_there() -> None:
    left, _ = run(SLUG)
    gpt, (x, y) = left["gpt"], left["read"](left["first"])
    with torch.no_grad():
        assert functional.cross_entropy(gpt(x), y).item() == pytest.approx(1.43, abs=0.005)
        gpt[1].feed[2], gpt[3] = gpt[1].feed[2].layer, gpt[3].layer
        assert functional.cross_entropy(gpt(x), y).item() == pytest.approx(0.01, abs=0.0005)


def test_at_first_up_alone_gets_a_gradient() -> None:
    lora = run(SLUG, ("train(gpt, second, 30, 0.05)", "train(gpt, second, 1, 0.05)"))[0]["gpt"][3]
    assert not lora.down.grad.any()
    assert lora.up.grad.any()
    assert lora.layer.weight.grad is not None  # of the pretraining, and not of this round
    assert not lora.layer.weight.requires_grad


def test_without_pretraining_and_with_all_of_it() -> None:
    assert numbers(run(SLUG, (PRETRAIN, ""))[1])[-1] == 0.166
    assert numbers(run(SLUG, (ADAPT, ""))[1])[3:] == [1088, 1.999, 0.004]
    assert says(SLUG, "0.166", "0.004")
