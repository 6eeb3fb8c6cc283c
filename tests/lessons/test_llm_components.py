"""The calculator of GPT-2's parameters, checked against a model of the same architecture that is really built."""

import pytest
import torch
from torch import nn

from tests.lessons.saying import asked_for
from tests.lessons.test_programs import run

EMB, CONTEXT, VOCABULARY, LAYERS = 768, 1024, 50257, 12


def counted(printed: str) -> dict[str, int]:
    """Parameters by the name of the line."""
    return {line[:10].strip(): int(line[10:22].replace(",", "")) for line in printed.splitlines()}


def mebibytes(printed: str) -> dict[str, float]:
    return {line[:10].strip(): float(line[22:30]) for line in printed.splitlines()}


def built(qkv_bias: bool, tied: bool) -> nn.ModuleDict:
    """GPT-2 with memory of its own, from PyTorch's own attention and none of the lesson's code."""
    model = nn.ModuleDict({"token": nn.Embedding(VOCABULARY, EMB), "position": nn.Embedding(CONTEXT, EMB)})
    blocks = nn.ModuleList()
    for _ in range(LAYERS):
        # all three projections are one table in PyTorch's module, and its bias is theirs and that of the way out
        attention = nn.MultiheadAttention(EMB, 12, bias=True)
        if not qkv_bias:
            attention.register_parameter("in_proj_bias", None)
        feed = nn.Sequential(nn.Linear(EMB, 4 * EMB), nn.GELU(), nn.Linear(4 * EMB, EMB))
        blocks.append(nn.ModuleList([nn.LayerNorm(EMB), attention, nn.LayerNorm(EMB), feed]))
    model["blocks"] = blocks
    model["norm"] = nn.LayerNorm(EMB)
    model["head"] = nn.Linear(EMB, VOCABULARY, bias=False)
    if tied:
        model["head"].weight = model["token"].weight
    return model


def size(model: nn.Module) -> tuple[int, int]:
    """Parameters and bytes."""
    parameters = list(model.parameters())
    assert all(one.device.type == "cpu" for one in parameters)
    return sum(one.numel() for one in parameters), sum(one.untyped_storage().nbytes() for one in parameters)


def test_by_component() -> None:
    left, printed = run("llm-components")
    counts = counted(printed)
    assert counts == {
        "token": 38_597_376,
        "position": 786_432,
        "attention": 28_320_768,
        "feed": 56_669_184,
        "norms": 38_400,
        "head": 38_597_376,
        "all": 163_009_536,
        "all, tied": 124_412_160,
    }
    assert sum(counts[part] for part in list(counts)[:6]) == counts["all"]
    assert (counts["attention"] // 12, counts["feed"] // 12) == (2_360_064, 4_722_432)
    assert mebibytes(printed)["all"] == 621.8
    assert mebibytes(printed)["all, tied"] == 474.6
    assert left["logits"].shape == (1024, 50257)
    assert {one.device.type for one in (left["logits"], *left["blocks"].parameters())} == {"meta"}


@pytest.mark.parametrize("qkv_bias", [False, True])
def test_a_real_model_of_this_architecture_has_as_many(qkv_bias: bool) -> None:
    _, printed = run("llm-components", ("'qkv_bias': False", f"'qkv_bias': {qkv_bias}"))
    for name, tied in (("all", False), ("all, tied", True)):
        parameters, memory = size(built(qkv_bias, tied))
        assert counted(printed)[name] == parameters
        assert mebibytes(printed)[name] == pytest.approx(memory / 2**20, abs=0.05)


def test_gpt2_as_it_was_published() -> None:
    assert counted(run("llm-components", ("'qkv_bias': False", "'qkv_bias': True"))[1])["all, tied"] == 124_439_808


def test_what_the_configuration_changes() -> None:
    usual = counted(run("llm-components")[1])
    assert counted(run("llm-components", ("'n_heads': 12", "'n_heads': 16"))[1]) == usual
    longer = counted(run("llm-components", ("'context_length': 1024", "'context_length': 2048"))[1])
    assert longer["all"] - usual["all"] == 786_432
    wider = counted(run("llm-components", ("'emb_dim': 768", "'emb_dim': 780"))[1])
    assert (wider["token"] - usual["token"]) / 12 == 50_257
    deeper = counted(run("llm-components", ("'n_layers': 12", "'n_layers': 24"))[1])
    assert deeper["all"] - usual["all"] == 85_026_816 == 12 * 7_085_568
    assert round(100 * (deeper["all, tied"] / usual["all, tied"] - 1)) == 68
    assert asked_for("llm-components") == [50_257, 4 * 1024, 85.03]
    assert counted(run("llm-components", ("hidden = 4 * emb", "hidden = 2 * emb"))[1])["feed"] == 28_339_200
    medium = run(
        "llm-components",
        ("'emb_dim': 768", "'emb_dim': 1024"),
        ("'n_heads': 12", "'n_heads': 16"),
        ("'n_layers': 12", "'n_layers': 24"),
        ("'qkv_bias': False", "'qkv_bias': True"),
    )
    assert counted(medium[1])["all, tied"] == 354_823_168


def test_no_memory_is_needed() -> None:
    left, _ = run("llm-components")
    assert all(isinstance(one, torch.Tensor) and one.is_meta for one in left["embed"].parameters())
