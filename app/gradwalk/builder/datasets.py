"""The data sets. They are tiny, so that a reader can look at every number, and written in plain Python, so that the
graph contains only the network.
"""

from typing import Final, NamedTuple

from gradwalk.builder.spec import DataName, LossName, NetworkSpec

CONTEXT: Final = 3
"""The number of characters from which the next one is predicted."""


class DataSet(NamedTuple):
    """A data set. `shape`: of one example, without the batch. `size`: the number of examples. `classes`: the number of
    classes, null for a regression. `losses`: the losses that fit the targets. `is_text`: the examples are indices of
    characters.
    """

    shape: tuple[int, ...]
    size: int
    classes: int | None
    losses: tuple[LossName, ...]
    is_text: bool = False


_TWO_CLASSES: Final[tuple[LossName, ...]] = ("bce_with_logits", "bce", "mse", "cross_entropy")

_FIXED: Final[dict[DataName, DataSet]] = {
    "xor": DataSet((2,), 4, 2, _TWO_CLASSES),
    "line": DataSet((1,), 5, None, ("mse",)),
    "circles": DataSet((2,), 16, 2, _TWO_CLASSES),
    "moons": DataSet((2,), 16, 2, _TWO_CLASSES),
    "pictures": DataSet((1, 6, 6), 8, 2, _TWO_CLASSES),
}

DATA_TITLES: Final[dict[DataName, str]] = {
    "xor": "XOR",
    "line": "The points on a line",
    "circles": "The two circles",
    "moons": "The two moons",
    "sentence": "The sentence",
    "pictures": "The pictures",
}


def data_of(spec: NetworkSpec) -> DataSet:
    """Return the data set of a spec."""
    if spec.data != "sentence":
        return _FIXED[spec.data]
    letters = len(set(spec.sentence))
    return DataSet((CONTEXT,), len(spec.sentence) - CONTEXT, letters, ("cross_entropy",), is_text=True)


def data_lines(spec: NetworkSpec) -> tuple[list[str], bool]:
    """Return the lines of a program that make `x` and `y`, and true when they need `math`."""
    match spec.data:
        case "xor":
            rows = "[[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]"
            targets = _targets(spec, "[0, 1, 1, 0]", "[[0.0], [1.0], [1.0], [0.0]]")
            return ["# XOR: 1 where exactly one of the two numbers is 1", f"x = torch.tensor({rows})", targets], False
        case "line":
            return [
                "# five points on the line y = 2x + 1",
                "x = torch.tensor([[-1.0], [-0.5], [0.0], [0.5], [1.0]])",
                "y = torch.tensor([[-1.0], [0.0], [1.0], [2.0], [3.0]])",
            ], False
        case "circles":
            return [
                "# two circles around 0: which one a point lies on, the inner (0) or the outer (1)",
                "angles = [2 * math.pi * i / 8 for i in range(8)]",
                "inner = [[math.cos(angle), math.sin(angle)] for angle in angles]",
                "outer = [[2 * math.cos(angle), 2 * math.sin(angle)] for angle in angles]",
                "x = torch.tensor(inner + outer)",
                _halves(spec, 8),
            ], True
        case "moons":
            return [
                "# two half moons, one in the other: which one a point lies on, the upper (0) or the lower (1)",
                "angles = [math.pi * i / 7 for i in range(8)]",
                "upper = [[math.cos(angle), math.sin(angle)] for angle in angles]",
                "lower = [[1 - math.cos(angle), 0.5 - math.sin(angle)] for angle in angles]",
                "x = torch.tensor(upper + lower)",
                _halves(spec, 8),
            ], True
        case "pictures":
            return [
                "# eight pictures of 6 by 6 pixels, each with one line of ones: upright (0) or level (1)",
                "six = range(6)",
                "upright = [[[float(column == place) for column in six] for row in six] for place in range(1, 5)]",
                "level = [[[float(row == place) for column in six] for row in six] for place in range(1, 5)]",
                "x = torch.tensor([[picture] for picture in upright + level])",
                _halves(spec, 4),
            ], False
        case "sentence":
            return [
                "# every character of a sentence is told from the three before it; each has a number",
                f"sentence = {_quoted(spec.sentence)}",
                "letters = sorted(set(sentence))",
                "numbers = [letters.index(letter) for letter in sentence]",
                f"x = torch.tensor([numbers[i : i + {CONTEXT}] for i in range(len(numbers) - {CONTEXT})])",
                f"y = torch.tensor(numbers[{CONTEXT}:])",
            ], False


def _targets(spec: NetworkSpec, classes: str, numbers: str) -> str:
    return f"y = torch.tensor({classes if spec.loss == 'cross_entropy' else numbers})"


def _halves(spec: NetworkSpec, each: int) -> str:
    return _targets(spec, f"[0] * {each} + [1] * {each}", f"[[0.0]] * {each} + [[1.0]] * {each}")


def _quoted(text: str) -> str:
    """Return a Python literal in double quotes, or in single quotes where these need fewer backslashes."""
    plain = text.replace("\\", "\\\\")
    if '"' in text and text.count('"') > text.count("'"):
        return "'" + plain.replace("'", "\\'") + "'"
    return '"' + plain.replace('"', '\\"') + '"'
