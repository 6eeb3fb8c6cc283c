"""Whether the parts of a spec go together, and the sizes that follow: what goes into each layer and what comes out."""

from collections.abc import Iterator
from typing import Final, NamedTuple, NoReturn

from gradwalk.builder.datasets import CALLED, DataSet, data_of
from gradwalk.builder.spec import (
    ActivationLayer,
    Conv2dLayer,
    DropoutLayer,
    EmbeddingLayer,
    FlattenLayer,
    Layer,
    LinearLayer,
    LossName,
    NetworkSpec,
    NormLayer,
    RecurrentLayer,
)
from gradwalk.contract.problem import FieldProblem
from gradwalk.errors import SpecDoesNotFit

Shape = tuple[int, ...]

LAYER_NAMES: Final = {
    "linear": "Linear",
    "conv2d": "Conv2d",
    "flatten": "Flatten",
    "embedding": "Embedding",
    "rnn": "RNN",
    "lstm": "LSTM",
    "layer_norm": "LayerNorm",
    "batch_norm": "BatchNorm1d",
    "dropout": "Dropout",
    "relu": "ReLU",
    "leaky_relu": "LeakyReLU",
    "tanh": "Tanh",
    "sigmoid": "Sigmoid",
    "gelu": "GELU",
    "softmax": "Softmax",
}
LOSS_NAMES: Final[dict[LossName, str]] = {
    "mse": "MSELoss",
    "bce": "BCELoss",
    "bce_with_logits": "BCEWithLogitsLoss",
    "cross_entropy": "CrossEntropyLoss",
}
"""What they are called in torch.nn."""


class Planned(NamedTuple):
    """A layer with what goes in and what comes out of it for one example, and the call that makes it."""

    call: str
    enters: Shape
    leaves: Shape
    parameters: int


class Plan(NamedTuple):
    """A spec that fits."""

    spec: NetworkSpec
    data: DataSet
    layers: tuple[Planned, ...]


class _Misfit(Exception):
    """`field`: of the layer, null for the layer itself."""

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


def plan(spec: NetworkSpec) -> Plan:
    """Raises SpecDoesNotFit with every field that does not go with the others, as far as that can be told."""
    data = data_of(spec)
    wrong = [*_wrong_sentence(spec, data), *_wrong_loss(spec, data), *_wrong_batch(spec, data)]
    layers: list[Planned] = []
    shape = data.shape
    for at, layer in enumerate(spec.layers):
        try:
            layers.append(_planned(layer, shape, at, spec, data))
        except _Misfit as misfit:
            wrong.append(_problem(f"layers.{at}{f'.{misfit.field}' if misfit.field else ''}", str(misfit)))
            break  # what comes after it is not known
        shape = layers[-1].leaves
    else:
        wrong += _wrong_end(spec, data, shape)
    if wrong:
        raise SpecDoesNotFit(f"Correct {', '.join(one.field for one in wrong)}: {wrong[0].message}", wrong)
    return Plan(spec, data, tuple(layers))


def outputs_of(loss: LossName, data: DataSet) -> int:
    """How many numbers the network must give for one example."""
    return data.classes if loss == "cross_entropy" and data.classes else 1


def _problem(field: str, message: str) -> FieldProblem:
    return FieldProblem(field=f"body.{field}", message=message)


def _wrong_sentence(spec: NetworkSpec, data: DataSet) -> Iterator[FieldProblem]:
    if data.classes == 1:
        yield _problem("sentence", "There is nothing to guess: write two different characters or more.")


def _wrong_loss(spec: NetworkSpec, data: DataSet) -> Iterator[FieldProblem]:
    if spec.loss not in data.losses:
        names = [LOSS_NAMES[name] for name in data.losses]
        allowed = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"
        yield _problem(
            "loss", f"{CALLED[spec.data]}: take {allowed}, for {LOSS_NAMES[spec.loss]} is made for other targets."
        )


def _wrong_batch(spec: NetworkSpec, data: DataSet) -> Iterator[FieldProblem]:
    if spec.batch_size is None:
        return
    if spec.batch_size > data.size:
        yield _problem("batch_size", f"There are {data.size} examples: take as many or fewer.")
    if spec.batch_size == 1 and any(layer.kind == "batch_norm" for layer in spec.layers):
        yield _problem("batch_size", "BatchNorm1d compares the examples of a batch: take 2 or more.")


_ENDS: Final = {
    "bce": "BCELoss takes probabilities: let the last layer be Sigmoid.",
    "bce_with_logits": "BCEWithLogitsLoss has its own sigmoid: take {} away, or take BCELoss.",
    "cross_entropy": "CrossEntropyLoss has its own softmax: take {} away.",
}


def _wrong_end(spec: NetworkSpec, data: DataSet, shape: Shape) -> Iterator[FieldProblem]:
    """`shape`: what the last layer gives."""
    if spec.loss not in data.losses:
        return
    last = spec.layers[-1]
    at = f"layers.{len(spec.layers) - 1}"
    wanted = outputs_of(spec.loss, data)
    if shape != (wanted,):
        what = f"{wanted} numbers, one for each class" if wanted > 1 else "1 number"
        how = "change its width" if len(shape) == 1 else "put Flatten before the last Linear"
        yield _problem(at, f"{LOSS_NAMES[spec.loss]} takes {what} for an example, this gives {_said(shape)}: {how}.")
    squashes = last.kind in ("sigmoid", "softmax")
    if spec.loss == "bce" and last.kind != "sigmoid":
        yield _problem(at, _ENDS["bce"])
    elif spec.loss in ("bce_with_logits", "cross_entropy") and squashes:
        yield _problem(at, _ENDS[spec.loss].format(LAYER_NAMES[last.kind]))


def _planned(layer: Layer, enters: Shape, at: int, spec: NetworkSpec, data: DataSet) -> Planned:
    """Raises _Misfit."""
    if data.whole and at == 0 and layer.kind != "embedding":
        raise _Misfit("Characters are numbers without an order: let Embedding be the first layer.")
    match layer:
        case LinearLayer():
            return _linear(layer, enters, at, spec, data)
        case Conv2dLayer():
            return _conv2d(layer, enters)
        case FlattenLayer():
            size = 1
            for extent in enters:
                size *= extent
            return Planned("nn.Flatten()", enters, (size,), 0)
        case EmbeddingLayer():
            if not data.whole or at > 0:
                raise _Misfit(
                    "Embedding takes characters: it is the first layer for the sentence, and of nothing else."
                )
            letters = data.classes or 1
            return Planned(
                f"nn.Embedding({letters}, {layer.width})", enters, (*enters, layer.width), letters * layer.width
            )
        case RecurrentLayer():
            return _recurrent(layer, enters)
        case NormLayer():
            return _norm(layer, enters)
        case DropoutLayer():
            return Planned(f"nn.Dropout({layer.probability})", enters, enters, 0)
        case ActivationLayer():
            return _activation(layer, enters)


def _linear(layer: LinearLayer, enters: Shape, at: int, spec: NetworkSpec, data: DataSet) -> Planned:
    if len(enters) == 3:
        _needs_flatten("Linear", enters)
    width = layer.width
    if width is None:
        if any(later.kind in ("linear", "conv2d", "rnn", "lstm") for later in spec.layers[at + 1 :]):
            raise _Misfit("Give a width: only the last Linear gets it from the data and the loss.", "width")
        width = outputs_of(spec.loss, data)
    bias = "" if layer.bias else ", bias=False"
    parameters = enters[-1] * width + (width if layer.bias else 0)
    return Planned(f"nn.Linear({enters[-1]}, {width}{bias})", enters, (*enters[:-1], width), parameters)


def _conv2d(layer: Conv2dLayer, enters: Shape) -> Planned:
    if len(enters) != 3:
        raise _Misfit(f"Conv2d takes pictures (channels, height, width), and gets {_said(enters)}.")
    channels, *sides = enters
    height, width = ((side + 2 * layer.padding - layer.kernel) // layer.stride + 1 for side in sides)
    if min(height, width) < 1:
        padded = min(sides) + 2 * layer.padding
        raise _Misfit(f"The kernel is larger than the picture, {padded} pixels with its padding.", "kernel")
    settings = [("stride", layer.stride, 1), ("padding", layer.padding, 0)]
    given = "".join(f", {name}={value}" for name, value, usual in settings if value != usual)
    call = f"nn.Conv2d({channels}, {layer.channels}, kernel_size={layer.kernel}{given})"
    return Planned(call, enters, (layer.channels, height, width), layer.channels * (channels * layer.kernel**2 + 1))


def _recurrent(layer: RecurrentLayer, enters: Shape) -> Planned:
    name = LAYER_NAMES[layer.kind]
    if len(enters) != 2:
        raise _Misfit(f"{name} takes a sequence of rows, as Embedding gives it, and gets {_said(enters)}.")
    gates = 4 if layer.kind == "lstm" else 1
    parameters = gates * layer.width * (enters[-1] + layer.width + 2)
    call = f"nn.{name}({enters[-1]}, {layer.width}, batch_first=True)"
    return Planned(call, enters, (layer.width,), parameters)


def _norm(layer: NormLayer, enters: Shape) -> Planned:
    name = LAYER_NAMES[layer.kind]
    if len(enters) == 3:
        _needs_flatten(name, enters)
    if layer.kind == "batch_norm" and len(enters) != 1:
        raise _Misfit(f"BatchNorm1d takes one row for an example, and gets {_said(enters)}: put Flatten before it.")
    return Planned(f"nn.{name}({enters[-1]})", enters, enters, 2 * enters[-1])


def _activation(layer: ActivationLayer, enters: Shape) -> Planned:
    name = LAYER_NAMES[layer.kind]
    if layer.kind != "softmax":
        return Planned(f"nn.{name}()", enters, enters, 0)
    if len(enters) == 3:
        _needs_flatten(name, enters)
    if enters[-1] == 1:
        raise _Misfit("Softmax of a single number is always 1: give the layer before it more outputs, or take Sigmoid.")
    return Planned("nn.Softmax(dim=-1)", enters, enters, 0)


def _needs_flatten(name: str, enters: Shape) -> NoReturn:
    raise _Misfit(f"{name} takes a row of numbers, and gets {_said(enters)}: put Flatten before it.")


def _said(shape: Shape) -> str:
    """`1 number`, `4 numbers`, `2 × 4 × 4 numbers`."""
    count = " × ".join(map(str, shape))
    return "1 number" if count == "1" else f"{count} numbers"
