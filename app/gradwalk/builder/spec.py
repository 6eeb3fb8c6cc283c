"""The choices for a network: its data, layers, loss, optimizer and training. Input sizes are not chosen, because they
follow from the layer before.
"""

from typing import Annotated, Final, Literal

from pydantic import Field

from gradwalk.contract.models import Model

MOST_LAYERS: Final = 20
MOST_ITERATIONS: Final = 100

Width = Annotated[int, Field(ge=1, le=64)]
DataName = Literal["xor", "line", "circles", "moons", "sentence", "pictures"]
LossName = Literal["mse", "bce", "bce_with_logits", "cross_entropy"]


class LinearLayer(Model):
    """`nn.Linear`. `width`: the number of outputs, null in the last layer, where the data and the loss determine it."""

    kind: Literal["linear"]
    width: Width | None = None
    bias: bool = True


class Conv2dLayer(Model):
    """`nn.Conv2d`. `kernel`, `stride` and `padding` are in pixels, the same in both directions."""

    kind: Literal["conv2d"]
    channels: int = Field(2, ge=1, le=16)
    kernel: int = Field(3, ge=1, le=6)
    stride: int = Field(1, ge=1, le=4)
    padding: int = Field(0, ge=0, le=3)


class FlattenLayer(Model):
    """`nn.Flatten`: all numbers of an example in one row."""

    kind: Literal["flatten"]


class EmbeddingLayer(Model):
    """`nn.Embedding`: a row of `width` numbers for each character."""

    kind: Literal["embedding"]
    width: Width = 4


class RecurrentLayer(Model):
    """`nn.RNN` or `nn.LSTM` over a sequence. The next layer receives the last output, of `width` numbers."""

    kind: Literal["rnn", "lstm"]
    width: Width = 8


class NormLayer(Model):
    """`nn.LayerNorm` over the numbers of each example, `nn.BatchNorm1d` over the batch for each number."""

    kind: Literal["layer_norm", "batch_norm"]


class DropoutLayer(Model):
    """`nn.Dropout`. `probability`: the probability of each number to become 0."""

    kind: Literal["dropout"]
    probability: float = Field(0.2, ge=0, le=0.9)


class ActivationLayer(Model):
    """An activation without settings. `softmax` works over the numbers of each example."""

    kind: Literal["relu", "leaky_relu", "tanh", "sigmoid", "gelu", "softmax"]


Layer = Annotated[
    LinearLayer
    | Conv2dLayer
    | FlattenLayer
    | EmbeddingLayer
    | RecurrentLayer
    | NormLayer
    | DropoutLayer
    | ActivationLayer,
    Field(discriminator="kind"),
]


class OptimizerSpec(Model):
    """An optimizer of `torch.optim`; `momentum` is SGD with a momentum of 0.9."""

    kind: Literal["sgd", "momentum", "adam", "adamw"] = "sgd"
    learning_rate: float = Field(0.1, gt=0, le=1)


class NetworkSpec(Model):
    """A network and its training. `sentence`: the text of the data set with this name. `batch_size`: the number of
    examples in an iteration, null for all of them.
    """

    data: DataName
    sentence: str = Field("to be or not to be", min_length=6, max_length=40, pattern=r"^[ -~]+$")
    layers: list[Layer] = Field(min_length=1, max_length=MOST_LAYERS)
    loss: LossName
    optimizer: OptimizerSpec = OptimizerSpec()
    iterations: int = Field(20, ge=1, le=MOST_ITERATIONS)
    batch_size: int | None = Field(None, ge=1)
    seed: int = Field(0, ge=0, lt=2**63)
