"""The check that the parts of a spec fit together, and the resulting input and output shape of each layer."""

from collections.abc import Iterator
from typing import Final, NamedTuple, NoReturn

from gradwalk.builder.datasets import DATA_TITLES, DataSet, data_of
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
"""The names of layers and losses in torch.nn."""


class LayerPlan(NamedTuple):
    """A layer: the call that creates it, the shapes of its input and output for one example, and the number of its
    parameters.
    """

    call: str
    input: Shape
    output: Shape
    parameters: int


class NetworkPlan(NamedTuple):
    """A spec whose parts fit together."""

    spec: NetworkSpec
    data: DataSet
    layers: tuple[LayerPlan, ...]


class _Misfit(Exception):
    """The layer does not fit. `field`: the wrong field of the layer, null for the layer itself."""

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


def plan_network(spec: NetworkSpec) -> NetworkPlan:
    """Return the plan of a spec. Raises SpecDoesNotFit with every field that does not fit the others, up to the first
    layer that does not fit.
    """
    data = data_of(spec)
    wrong = [*_wrong_sentence(spec, data), *_wrong_loss(spec, data), *_wrong_batch(spec, data)]
    layers: list[LayerPlan] = []
    shape = data.shape
    for at, layer in enumerate(spec.layers):
        try:
            layers.append(_plan_layer(layer, shape, at, spec, data))
        except _Misfit as misfit:
            wrong.append(_problem(f"layers.{at}{f'.{misfit.field}' if misfit.field else ''}", str(misfit)))
            break  # the input of the layers after it is unknown
        shape = layers[-1].output
    else:
        wrong += _wrong_end(spec, data, shape)
    if wrong:
        raise SpecDoesNotFit(f"Correct {', '.join(problem.field for problem in wrong)}: {wrong[0].message}", wrong)
    return NetworkPlan(spec, data, tuple(layers))


def outputs_of(loss: LossName, data: DataSet) -> int:
    """Return how many numbers the network must output for one example."""
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
            "loss", f"{DATA_TITLES[spec.data]}: take {allowed}, for {LOSS_NAMES[spec.loss]} is made for other targets."
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
    """Check the last layer, whose output has this shape."""
    if spec.loss not in data.losses:
        return
    last = spec.layers[-1]
    at = f"layers.{len(spec.layers) - 1}"
    needed = outputs_of(spec.loss, data)
    if shape != (needed,):
        what = f"{needed} numbers, one for each class" if needed > 1 else "1 number"
        how = "change its width" if len(shape) == 1 else "put Flatten before the last Linear"
        yield _problem(
            at, f"{LOSS_NAMES[spec.loss]} takes {what} for an example, this gives {_describe(shape)}: {how}."
        )
    squashes = last.kind in ("sigmoid", "softmax")
    if spec.loss == "bce" and last.kind != "sigmoid":
        yield _problem(at, _ENDS["bce"])
    elif spec.loss in ("bce_with_logits", "cross_entropy") and squashes:
        yield _problem(at, _ENDS[spec.loss].format(LAYER_NAMES[last.kind]))


def _plan_layer(layer: Layer, input_shape: Shape, at: int, spec: NetworkSpec, data: DataSet) -> LayerPlan:
    """Return the plan of layer number `at`. Raises _Misfit."""
    if data.is_text and at == 0 and layer.kind != "embedding":
        raise _Misfit("Characters are numbers without an order: let Embedding be the first layer.")
    match layer:
        case LinearLayer():
            return _linear(layer, input_shape, at, spec, data)
        case Conv2dLayer():
            return _conv2d(layer, input_shape)
        case FlattenLayer():
            size = 1
            for extent in input_shape:
                size *= extent
            return LayerPlan("nn.Flatten()", input_shape, (size,), 0)
        case EmbeddingLayer():
            if not data.is_text or at > 0:
                raise _Misfit(
                    "Embedding takes characters: it is the first layer for the sentence, and of nothing else."
                )
            letters = data.classes or 1
            return LayerPlan(
                f"nn.Embedding({letters}, {layer.width})",
                input_shape,
                (*input_shape, layer.width),
                letters * layer.width,
            )
        case RecurrentLayer():
            return _recurrent(layer, input_shape)
        case NormLayer():
            return _norm(layer, input_shape)
        case DropoutLayer():
            return LayerPlan(f"nn.Dropout({layer.probability})", input_shape, input_shape, 0)
        case ActivationLayer():
            return _activation(layer, input_shape)


def _linear(layer: LinearLayer, input_shape: Shape, at: int, spec: NetworkSpec, data: DataSet) -> LayerPlan:
    if len(input_shape) == 3:
        _needs_flatten("Linear", input_shape)
    width = layer.width
    if width is None:
        if any(later.kind in ("linear", "conv2d", "rnn", "lstm") for later in spec.layers[at + 1 :]):
            raise _Misfit("Give a width: only the last Linear gets it from the data and the loss.", "width")
        width = outputs_of(spec.loss, data)
    bias = "" if layer.bias else ", bias=False"
    parameters = input_shape[-1] * width + (width if layer.bias else 0)
    return LayerPlan(
        f"nn.Linear({input_shape[-1]}, {width}{bias})", input_shape, (*input_shape[:-1], width), parameters
    )


def _conv2d(layer: Conv2dLayer, input_shape: Shape) -> LayerPlan:
    if len(input_shape) != 3:
        raise _Misfit(f"Conv2d takes pictures (channels, height, width), and gets {_describe(input_shape)}.")
    channels, *sides = input_shape
    height, width = ((side + 2 * layer.padding - layer.kernel) // layer.stride + 1 for side in sides)
    if min(height, width) < 1:
        padded = min(sides) + 2 * layer.padding
        raise _Misfit(f"The kernel is larger than the picture, {padded} pixels with its padding.", "kernel")
    settings = [("stride", layer.stride, 1), ("padding", layer.padding, 0)]
    given = "".join(f", {name}={value}" for name, value, usual in settings if value != usual)
    call = f"nn.Conv2d({channels}, {layer.channels}, kernel_size={layer.kernel}{given})"
    return LayerPlan(
        call, input_shape, (layer.channels, height, width), layer.channels * (channels * layer.kernel**2 + 1)
    )


def _recurrent(layer: RecurrentLayer, input_shape: Shape) -> LayerPlan:
    name = LAYER_NAMES[layer.kind]
    if len(input_shape) != 2:
        raise _Misfit(f"{name} takes a sequence of rows, as Embedding gives it, and gets {_describe(input_shape)}.")
    gates = 4 if layer.kind == "lstm" else 1
    parameters = gates * layer.width * (input_shape[-1] + layer.width + 2)
    call = f"nn.{name}({input_shape[-1]}, {layer.width}, batch_first=True)"
    return LayerPlan(call, input_shape, (layer.width,), parameters)


def _norm(layer: NormLayer, input_shape: Shape) -> LayerPlan:
    name = LAYER_NAMES[layer.kind]
    if len(input_shape) == 3:
        _needs_flatten(name, input_shape)
    if layer.kind == "batch_norm" and len(input_shape) != 1:
        raise _Misfit(
            f"BatchNorm1d takes one row for an example, and gets {_describe(input_shape)}: put Flatten before it."
        )
    return LayerPlan(f"nn.{name}({input_shape[-1]})", input_shape, input_shape, 2 * input_shape[-1])


def _activation(layer: ActivationLayer, input_shape: Shape) -> LayerPlan:
    name = LAYER_NAMES[layer.kind]
    if layer.kind != "softmax":
        return LayerPlan(f"nn.{name}()", input_shape, input_shape, 0)
    if len(input_shape) == 3:
        _needs_flatten(name, input_shape)
    if input_shape[-1] == 1:
        raise _Misfit("Softmax of a single number is always 1: give the layer before it more outputs, or take Sigmoid.")
    return LayerPlan("nn.Softmax(dim=-1)", input_shape, input_shape, 0)


def _needs_flatten(name: str, input_shape: Shape) -> NoReturn:
    raise _Misfit(f"{name} takes a row of numbers, and gets {_describe(input_shape)}: put Flatten before it.")


def _describe(shape: Shape) -> str:
    """Describe a shape in words: `1 number`, `4 numbers`, `2 × 4 × 4 numbers`."""
    count = " × ".join(map(str, shape))
    return "1 number" if count == "1" else f"{count} numbers"
