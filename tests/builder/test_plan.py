"""A spec that does not fit is refused with its field and the reason; sizes follow from what stands before."""

from typing import Any

import pytest

from gradwalk.builder import plan_network
from gradwalk.errors import SpecDoesNotFit
from tests.builder.specs import spec_of

LINEAR = {"kind": "linear"}
MISFITS: dict[str, tuple[dict[str, Any], str, str]] = {
    "linear on a picture": ({"data": "pictures", "layers": [LINEAR]}, "layers.0", "put Flatten before it"),
    "softmax on a picture": (
        {"data": "pictures", "layers": [{"kind": "softmax"}, {"kind": "flatten"}, LINEAR]},
        "layers.0",
        "put Flatten before it",
    ),
    "convolution on a row": ({"layers": [{"kind": "conv2d"}, LINEAR]}, "layers.0", "Conv2d takes pictures"),
    "kernel larger than the picture": (
        {"data": "pictures", "layers": [{"kind": "conv2d", "kernel": 4}] * 2 + [{"kind": "flatten"}, LINEAR]},
        "layers.1.kernel",
        "larger than the picture, 3 pixels",
    ),
    "numbers into an embedding": (
        {"layers": [{"kind": "embedding"}, LINEAR]},
        "layers.0",
        "Embedding takes characters",
    ),
    "characters into a linear": (
        {"data": "sentence", "loss": "cross_entropy", "layers": [LINEAR]},
        "layers.0",
        "let Embedding be the first layer",
    ),
    "a second embedding": (
        {"data": "sentence", "loss": "cross_entropy", "layers": [{"kind": "embedding"}] * 2 + [LINEAR]},
        "layers.1",
        "the first layer",
    ),
    "a row into an lstm": ({"layers": [{"kind": "lstm"}, LINEAR]}, "layers.0", "LSTM takes a sequence"),
    "a second rnn": (
        {
            "data": "sentence",
            "loss": "cross_entropy",
            "layers": [{"kind": "embedding"}, {"kind": "rnn"}, {"kind": "rnn"}, LINEAR],
        },
        "layers.2",
        "RNN takes a sequence",
    ),
    "batch norm on a sequence": (
        {"data": "sentence", "loss": "cross_entropy", "layers": [{"kind": "embedding"}, {"kind": "batch_norm"}]},
        "layers.1",
        "put Flatten before it",
    ),
    "batch norm on one example": (
        {"layers": [{"kind": "batch_norm"}, LINEAR], "batch_size": 1},
        "batch_size",
        "take 2 or more",
    ),
    "softmax of one number": ({"layers": [LINEAR, {"kind": "softmax"}], "loss": "mse"}, "layers.1", "always 1"),
    "no width in the middle": ({"layers": [LINEAR, {"kind": "relu"}, LINEAR]}, "layers.0.width", "Give a width"),
    "too many outputs": (
        {"layers": [{"kind": "linear", "width": 3}]},
        "layers.0",
        "1 number for an example, this gives 3",
    ),
    "a sequence comes out": (
        {"data": "sentence", "loss": "cross_entropy", "layers": [{"kind": "embedding"}, LINEAR]},
        "layers.1",
        "put Flatten before the last Linear",
    ),
    "bce without a sigmoid": ({"loss": "bce"}, "layers.2", "let the last layer be Sigmoid"),
    "two sigmoids": ({"layers": [LINEAR, {"kind": "sigmoid"}]}, "layers.1", "has its own sigmoid: take Sigmoid away"),
    "two softmaxes": (
        {"layers": [LINEAR, {"kind": "softmax"}], "loss": "cross_entropy"},
        "layers.1",
        "has its own softmax: take Softmax away",
    ),
    "classes on a line": ({"data": "line", "loss": "cross_entropy"}, "loss", "The points on a line: take MSELoss"),
    "more than all examples": ({"batch_size": 5}, "batch_size", "There are 4 examples"),
    "nothing to guess": (
        {
            "data": "sentence",
            "sentence": "aaaaaaaa",
            "loss": "cross_entropy",
            "layers": [{"kind": "embedding"}, {"kind": "flatten"}, LINEAR],
        },
        "sentence",
        "two different characters",
    ),
}


@pytest.mark.parametrize("name", MISFITS)
def test_what_does_not_fit_is_refused_with_its_field_and_the_reason(name: str) -> None:
    fields, field, reason = MISFITS[name]
    with pytest.raises(SpecDoesNotFit) as refused:
        plan_network(spec_of(**fields))
    assert f"body.{field}" in [one.field for one in refused.value.fields]
    assert reason in " ".join(one.message for one in refused.value.fields)
    assert all(one.message.endswith(".") for one in refused.value.fields)


def test_all_that_can_be_told_is_told_at_once() -> None:
    with pytest.raises(SpecDoesNotFit) as refused:
        plan_network(spec_of(data="line", batch_size=9, layers=[{"kind": "conv2d"}]))
    assert [one.field for one in refused.value.fields] == ["body.loss", "body.batch_size", "body.layers.0"]


def test_sizes_follow_from_what_stands_before() -> None:
    planned = plan_network(
        spec_of(
            data="pictures",
            loss="cross_entropy",
            layers=[{"kind": "conv2d", "channels": 3, "stride": 2, "padding": 1}, {"kind": "flatten"}, LINEAR],
        )
    )
    assert [layer.output for layer in planned.layers] == [(3, 3, 3), (27,), (2,)]
    assert [layer.call for layer in planned.layers] == [
        "nn.Conv2d(1, 3, kernel_size=3, stride=2, padding=1)",
        "nn.Flatten()",
        "nn.Linear(27, 2)",
    ]
