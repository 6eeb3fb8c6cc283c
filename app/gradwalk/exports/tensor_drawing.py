"""The drawing of a tensor beside a box: a number, a few cells, or a heat map with its shape."""

import math
from collections.abc import Iterator
from typing import Final, Literal

from gradwalk.contract.snapshot import Tensor
from gradwalk.exports.number_text import float_of, format_number, format_shape

Kind = Literal["value", "gradient"]
INK: Final = {"value": "#006DA8", "gradient": "#B94700"}
_NEGATIVE, _ZERO, _POSITIVE, _NOT_A_NUMBER = (0, 84, 140), (247, 247, 245), (193, 78, 0), (210, 0, 120)
_LINE: Final = 20.0
_CELL: Final = 62.0
_MOST_CELLS, _MOST_ROWS, _MOST_COLUMNS = 3, 8, 16


def height_of(tensor: Tensor | None) -> float:
    """Return the height in pixels; 0 without a tensor."""
    if tensor is None:
        return 0.0
    rows, columns = _grid(tensor)
    if tensor.data is None or rows * columns <= 1:
        return _LINE
    return rows * _LINE if _in_cells(tensor) else min(rows, _MOST_ROWS) * _pixel(rows, columns) + _LINE


def width_of(tensor: Tensor | None) -> float:
    """Return the width in pixels; 0 without a tensor."""
    if tensor is None:
        return 0.0
    rows, columns = _grid(tensor)
    if tensor.data is None or rows * columns <= 1:
        return 10.0 * len(_label(tensor))
    if _in_cells(tensor):
        return columns * _CELL
    return max(min(columns, _MOST_COLUMNS) * _pixel(rows, columns), 10.0 * len(format_shape(tensor.shape)))


def draw_tensor(tensor: Tensor, x: float, y: float, kind: Kind) -> Iterator[str]:
    """Yield the SVG of a tensor, centred at x, from y downwards. It has only numbers, no text of the program."""
    rows, columns = _grid(tensor)
    if tensor.data is None or rows * columns <= 1:
        yield _text(x, y + 15, _label(tensor), f'font-size="16" font-weight="700" fill="{INK[kind]}"')
        return
    cells = _in_cells(tensor)
    shown_rows, shown_columns = (rows, columns) if cells else (min(rows, _MOST_ROWS), min(columns, _MOST_COLUMNS))
    wide, high = (_CELL, _LINE) if cells else (_pixel(rows, columns),) * 2
    numbers = [float_of(element) for element in tensor.data]
    scale = max((abs(n) for n in numbers if math.isfinite(n)), default=0.0)
    left = x - shown_columns * wide / 2
    for row in range(shown_rows):
        for column in range(shown_columns):
            # a large tensor is drawn with evenly spaced rows and columns only
            at = row * rows // shown_rows * columns + column * columns // shown_columns
            colour = colour_of(numbers[at], scale)
            box = f'x="{left + column * wide:g}" y="{y + row * high:g}" width="{wide:g}" height="{high:g}"'
            yield f'<rect {box} fill="{_hex(colour)}" stroke="#FFFFFF" stroke-width="0.5"/>'
            if cells:
                middle = left + (column + 0.5) * wide
                look = f'font-size="14" fill="{_ink_on(colour)}"'
                yield _text(middle, y + row * high + 15, format_number(tensor.data[at], 3), look)
    if not cells:
        look = f'font-size="13" font-weight="600" fill="{INK[kind]}"'
        yield _text(x, y + shown_rows * high + 15, format_shape(tensor.shape), look)


def colour_of(x: float, scale: float) -> tuple[int, int, int]:
    """Return the colour on the page's diverging scale, −scale to +scale: blue, almost white, vermilion; NaN is
    magenta.
    """
    if math.isnan(x):
        return _NOT_A_NUMBER
    strength = 1.0 if math.isinf(x) else min(1.0, abs(x) / scale) if scale > 0 else 0.0
    end, share = _NEGATIVE if x < 0 else _POSITIVE, math.sqrt(strength)
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(_ZERO, end, strict=True))
    return red, green, blue


def _grid(tensor: Tensor) -> tuple[int, int]:
    columns = tensor.shape[-1] if tensor.shape else 1
    return (math.prod(tensor.shape) // columns, columns) if columns else (0, 0)


def _in_cells(tensor: Tensor) -> bool:
    return max(_grid(tensor)) <= _MOST_CELLS


def _pixel(rows: int, columns: int) -> float:
    return max(5.0, min(12.0, 96 / min(columns, _MOST_COLUMNS), 48 / min(rows, _MOST_ROWS)))


def _label(tensor: Tensor) -> str:
    return format_number(tensor.data[0]) if tensor.data else f"{format_shape(tensor.shape)} numbers"


def _text(x: float, y: float, text: str, look: str) -> str:
    return f'<text x="{x:g}" y="{y:g}" {look}>{text}</text>'


def _ink_on(colour: tuple[int, int, int]) -> str:
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (v / 255 for v in colour))
    return "#000000" if 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.179 else "#FFFFFF"


def _hex(colour: tuple[int, int, int]) -> str:
    red, green, blue = colour
    return f"#{red:02X}{green:02X}{blue:02X}"
