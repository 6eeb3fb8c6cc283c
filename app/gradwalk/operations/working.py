"""Sums and products worked out for one element of a result: LaTeX with places, and the numbers in the places."""

import math
from collections.abc import Callable, Sequence
from typing import Final

from gradwalk.operations.call import Call
from gradwalk.operations.entry import Computed, Read, Worked

MOST_TERMS: Final = 4
"""The number of terms up to which a sum is written out. Of a longer one the largest are, the others as one number."""

Number = Read | Computed | float
Factors = Sequence[Number]


def value_of(number: Number) -> float:
    """Return the number itself."""
    return number.value if isinstance(number, Read | Computed) else number


def read(call: Call, argument: str, flat: int) -> Read:
    """Return element `flat` of an argument."""
    operand = call.operands[argument]
    return Read(argument, operand.output, flat, float(call.array(argument).reshape(-1)[flat]))


class Working:
    """Formulas with places, and the numbers that are put into them. Each number gets a place of its own."""

    def __init__(self) -> None:
        self.reads: dict[str, Number] = {}

    def put(self, number: Number) -> str:
        """Return a new place for a number."""
        name = f"r{len(self.reads)}"
        self.reads[name] = number
        return f"<{name}>"

    def product(self, factors: Factors) -> str:
        """Return a product; a factor of exactly 1 is left out where it is a plain number."""
        kept = [one for one in factors if not (isinstance(one, float) and one == 1 and len(factors) > 1)]
        return r" \cdot ".join(map(self.put, kept or factors[:1]))

    def sum(self, terms: Sequence[Factors], form: Callable[[str], str] = str) -> str:
        """Return a sum of products. `form`: what is made of each product."""
        return self.added(_values(terms), lambda i: form(self.product(terms[i])))

    def added(self, values: Sequence[float], write: Callable[[int], str]) -> str:
        """Return a sum of numbers. `write`: how number i is written."""
        shown = largest(values)
        rest = sum(value for i, value in enumerate(values) if i not in shown)
        return self.joined([write(i) for i in shown], len(values) - len(shown), rest)

    def joined(self, written: Sequence[str], left: int, rest: float) -> str:
        """Return terms as a sum. `left`: how many are not written; `rest`: their sum."""
        if not written:
            return "0"
        more = rf" + \underbrace{{{self.put(float(rest))}}}_{{\text{{{left} more}}}}" if left else ""
        return " + ".join(written) + more

    def divided(self, added: str, divisor: float) -> str:
        """Return a sum divided by a number. Of several terms it can break between them."""
        if " + " not in added:
            return rf"\frac{{{added}}}{{{self.put(divisor)}}}"
        return rf"\frac{{1}}{{{self.put(divisor)}}} \cdot ({added})"

    def worked(self, formula: str, value: float | None, where: Sequence[str] = ()) -> Worked:
        """Return the formula with its numbers. `where`: how numbers in it were computed themselves."""
        return Worked(formula, self.reads, value, tuple(where))


def largest(values: Sequence[float]) -> list[int]:
    """Return the positions of the largest numbers, in their order; all where they are few."""
    if len(values) <= MOST_TERMS:
        return list(range(len(values)))
    size = [math.inf if math.isnan(value) else abs(value) for value in values]
    return sorted(sorted(range(len(values)), key=lambda i: -size[i])[: MOST_TERMS - 1])


def total(terms: Sequence[Factors]) -> float:
    """Return the sum of products."""
    return math.fsum(products) if all(map(math.isfinite, products := _values(terms))) else sum(products)


def _values(terms: Sequence[Factors]) -> list[float]:
    return [math.prod(map(value_of, factors)) for factors in terms]


def sizes(shape: Sequence[int], crossed: int | None = None) -> str:
    """Return a shape in LaTeX, with the size of one dimension crossed out."""
    place = None if crossed is None else crossed % len(shape)
    return r" \times ".join(rf"\cancel{{{size}}}" if i == place else str(size) for i, size in enumerate(shape))


def over_sizes(symbol: str, shape: Sequence[int], crossed: int | None = None) -> str:
    """Return a symbol with its shape below it."""
    return rf"\underset{{{sizes(shape, crossed)}}}{{{symbol}}}" if shape else symbol
