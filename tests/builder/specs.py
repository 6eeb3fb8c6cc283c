"""Specs for the tests: some by hand, and any that fits, by Hypothesis."""

from typing import Any

from hypothesis import assume
from hypothesis import strategies as st

from gradwalk.builder import NetworkPlan, NetworkSpec, plan_network
from gradwalk.builder.datasets import data_of
from gradwalk.errors import SpecDoesNotFit

ANY_SHAPE = ["relu", "leaky_relu", "tanh", "sigmoid", "gelu", "dropout"]
PICTURES = [*ANY_SHAPE, "conv2d"]
SEQUENCES = [*ANY_SHAPE, "linear", "layer_norm", "softmax"]
ROWS = [*SEQUENCES, "batch_norm", "flatten"]
WIDTHS = st.integers(1, 6)


def spec_of(**fields: Any) -> NetworkSpec:
    """A small network for XOR, with other fields where they are given."""
    usual = {
        "data": "xor",
        "layers": [{"kind": "linear", "width": 4}, {"kind": "tanh"}, {"kind": "linear"}],
        "loss": "bce_with_logits",
    }
    return NetworkSpec.model_validate({**usual, **fields})


def _settings(draw: st.DrawFn, kind: str) -> dict[str, Any]:
    match kind:
        case "linear":
            return {"width": draw(WIDTHS), "bias": draw(st.booleans())}
        case "rnn" | "lstm" | "embedding":
            return {"width": draw(WIDTHS)}
        case "conv2d":
            sizes = {"channels": WIDTHS, "kernel": st.integers(1, 4), "stride": st.integers(1, 3)}
            return {name: draw(size) for name, size in {**sizes, "padding": st.integers(0, 2)}.items()}
        case "dropout":
            return {"probability": draw(st.floats(0, 0.9))}
    return {}


@st.composite
def _layers(draw: st.DrawFn, data: str, loss: str) -> list[dict[str, Any]]:
    kinds = ["embedding"] if data == "sentence" else []
    if data == "pictures":
        kinds += [*draw(st.lists(st.sampled_from(PICTURES), max_size=3)), "flatten"]
    elif data == "sentence":
        kinds += draw(st.lists(st.sampled_from(SEQUENCES), max_size=2))
        kinds += [draw(st.sampled_from(["rnn", "lstm", "flatten"]))]
    kinds += [*draw(st.lists(st.sampled_from(ROWS), max_size=4)), "linear"]
    layers = [{"kind": kind, **_settings(draw, kind)} for kind in kinds]
    layers[-1]["width"] = None
    return [*layers, {"kind": "sigmoid"}] if loss == "bce" else layers


@st.composite
def plans(draw: st.DrawFn, most_iterations: int = 3) -> NetworkPlan:
    """Any spec that fits, planned."""
    data = draw(st.sampled_from(["xor", "line", "circles", "moons", "sentence", "pictures"]))
    sentence = draw(st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=6, max_size=12))
    named = spec_of(data=data, sentence=sentence)
    loss = draw(st.sampled_from(data_of(named).losses))
    spec = spec_of(
        data=data,
        sentence=sentence,
        loss=loss,
        layers=draw(_layers(data, loss)),
        optimizer={
            "kind": draw(st.sampled_from(["sgd", "momentum", "adam", "adamw"])),
            "learning_rate": draw(st.floats(1e-6, 1)),
        },
        iterations=draw(st.integers(1, most_iterations)),
        batch_size=draw(st.none() | st.integers(1, data_of(named).size)),
        seed=draw(st.integers(0, 2**63 - 1)),
    )
    try:
        return plan_network(spec)
    except SpecDoesNotFit:
        assume(False)
        raise
