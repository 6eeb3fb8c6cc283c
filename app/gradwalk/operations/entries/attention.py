"""Scaled dot-product attention: each query takes the mean of the values, weighted by how well their keys fit."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from gradwalk.operations.call import Array, Call
from gradwalk.operations.entry import Computed, Formula, Local, Operation, Read, Reads, Rule, Worked
from gradwalk.operations.windows import flat, place_of
from gradwalk.operations.working import Number, Working, total

_SOURCE = "PyTorch, torch.nn.functional.scaled_dot_product_attention; Vaswani et al., Attention Is All You Need, 3.2.1"


@dataclass(frozen=True)
class _Attention:
    """The numbers of one call.

    `weights` (..., L, S) is the softmax of the scores; `heads` counts the queries that share a key.
    """

    query: Array
    key: Array
    value: Array
    weights: Array
    scale: float
    batch: tuple[int, ...]
    heads: int

    def rows(self, argument_shape: tuple[int, ...], front: tuple[int, ...], shared: bool) -> list[tuple[int, ...]]:
        """Return the places in the batch that an argument's place `front` is part of.

        There are several when the argument is broadcast, or when several heads share it.
        """
        spread = np.arange(math.prod(argument_shape)).reshape(argument_shape)
        if shared and self.heads > 1:
            spread = spread.repeat(self.heads, -1)
        spread = np.broadcast_to(spread, self.batch)
        return [tuple(map(int, place)) for place in np.argwhere(spread == flat(front, argument_shape))]


def _attention(call: Call) -> _Attention:
    query, key, value = (call.array(name) for name in ("query", "key", "value"))
    heads = query.shape[-3] // key.shape[-3] if call.arguments.get("enable_gqa") else 1
    shown_key, shown_value = (array.repeat(heads, -3) if heads > 1 else array for array in (key, value))
    scale = call.real("scale", 1 / math.sqrt(query.shape[-1]))
    scores = scale * query @ np.swapaxes(shown_key, -1, -2)
    if call.arguments.get("is_causal"):
        scores = np.where(np.tril(np.ones(scores.shape[-2:], dtype=bool)), scores, -np.inf)
    if "attn_mask" in call.operands:
        mask = call.array("attn_mask")
        scores = np.where(mask, scores, -np.inf) if mask.dtype == bool else scores + mask
    batch = np.broadcast_shapes(scores.shape[:-2], shown_value.shape[:-2])
    scores = np.broadcast_to(scores, batch + scores.shape[-2:])
    raised = np.exp(scores - scores.max(-1, keepdims=True))
    shown_query, shown_key, shown_value = (
        np.broadcast_to(array, batch + array.shape[-2:]) for array in (query, shown_key, shown_value)
    )
    weights = raised / raised.sum(-1, keepdims=True)
    return _Attention(shown_query, shown_key, shown_value, weights, scale, batch, heads)


def _column(call: Call, argument: str, index: int) -> Iterator[Local]:
    found = _attention(call)
    shape = call.array(argument).shape
    *front, first, second = place_of(index, shape)
    by = {"query": _by_query, "key": _by_key, "value": _by_value, "attn_mask": _by_mask}[argument]
    for row in found.rows(shape[:-2], tuple(front), argument in ("key", "value")):
        yield from by(call, found, row, first, second)


def _by_value(call: Call, a: _Attention, row: tuple[int, ...], s: int, e: int) -> Iterator[Local]:
    for query in range(a.query.shape[-2]):
        weight = float(a.weights[(*row, query, s)])
        if weight:
            yield Local(_out(call, row, query, e), weight, reads={"p": _weight(query, s, weight)}, formula="<p>")


def _by_query(call: Call, a: _Attention, row: tuple[int, ...], query: int, d: int) -> Iterator[Local]:
    weights, keys = a.weights[(*row, query)], a.key[row][:, d]
    apart = weights * (keys - weights @ keys)
    for e in range(a.value.shape[-1]):
        together = float(apart @ a.value[row][:, e])
        reads: Reads = {
            "c": a.scale,
            "cov": Computed(
                rf"\operatorname{{cov}}_{{p_{{{query}}}}}(\text{{key}}_{{{d}}}, \text{{value}}_{{{e}}})", together
            ),
        }
        yield Local(_out(call, row, query, e), a.scale * together, reads=reads, formula=r"<c> \cdot <cov>")


def _by_key(call: Call, a: _Attention, row: tuple[int, ...], s: int, d: int) -> Iterator[Local]:
    for query in range(a.query.shape[-2]):
        weight, asked = float(a.weights[(*row, query, s)]), float(a.query[(*row, query, d)])
        if weight:
            for e, local in enumerate(_pulled(call, a, row, query, s)):
                reads: Reads = {**local.reads, "c": a.scale, "q": asked}
                formula = r"<c> \cdot <q> \cdot <p> \cdot (<v> - <o>)"
                yield Local(_out(call, row, query, e), a.scale * asked * local.value, reads=reads, formula=formula)


def _by_mask(call: Call, a: _Attention, row: tuple[int, ...], query: int, s: int) -> Iterator[Local]:
    if a.weights[(*row, query, s)]:
        yield from _pulled(call, a, row, query, s)


def _pulled(call: Call, a: _Attention, row: tuple[int, ...], query: int, s: int) -> Iterator[Local]:
    """Yield the derivatives of a query's results by the score of one key: each moves towards that key's value."""
    weight = float(a.weights[(*row, query, s)])
    for e in range(a.value.shape[-1]):
        out = _out(call, row, query, e)
        value, result = float(a.value[(*row, s, e)]), float(call.result().reshape(-1)[out])
        reads: Reads = {
            "p": _weight(query, s, weight), "v": value, "o": Read(None, 0, out, result),
        }  # fmt: skip
        yield Local(out, weight * (value - result), reads=reads, formula=r"<p> \cdot (<v> - <o>)")


def _weight(query: int, s: int, weight: float) -> Computed:
    return Computed(f"p_{{{query},{s}}}", weight)


def _out(call: Call, row: tuple[int, ...], query: int, e: int) -> int:
    return flat((*row, query, e), call.result().shape)


def _mixed(call: Call, out: int, _output: int) -> Worked:
    """Work out one number of an attention: the query's weights times the values."""
    a, working = _attention(call), Working()
    *row, query, e = place_of(out, call.result().shape)
    weights, values = a.weights[(*row, query)], a.value[tuple(row)][:, e]
    terms: list[list[Number]] = [
        [_weight(query, s, float(weight)), float(value)]
        for s, (weight, value) in enumerate(zip(weights, values, strict=True))
        if weight
    ]
    return working.worked(working.sum(terms), total(terms))


def _written(call: Call) -> str:
    size = call.operands["query"].shape[-1:]
    scale = call.real("scale", 0.0)
    under = (
        rf"{scale:g} \cdot <query> <key>^{{T}}"
        if scale
        else rf"\frac{{<query> <key>^{{T}}}}{{\sqrt{{{(*size, 1)[0]}}}}}"
    )
    mask = " + <attn_mask>" if "attn_mask" in call.operands else ""
    causal = r" + \text{causal mask}" if call.arguments.get("is_causal") else ""
    return rf"\operatorname{{softmax}}({under}{mask}{causal}) \cdot <value>"


OPERATIONS: tuple[Operation, ...] = (
    Operation(("scaled_dot_product_attention",), "other",
              says="a mixture of the rows of <value> for each query, weighted by how well <query> and <key> fit",
              formulas=(
        Formula(r"\operatorname{softmax}(c \cdot <query> <key>^{T} + \text{mask}) \, <value>", {
            "query": Rule(r"c \cdot \operatorname{cov}_{p}(<key>, <value>)",
                          "A query matters as far as keys that fit it better have other values: where one key has all "
                          "the weight, or all values are equal, nothing comes back."),
            "key": Rule(r"c \cdot <query> \cdot p \cdot (<value> - <result>)",
                        "A key that fits better pulls the result towards its own value, with the weight it has."),
            "value": Rule("p", "A value counts with the weight that its key has for the query."),
            "attn_mask": Rule(r"p \cdot (<value> - <result>)", "The mask is added to the scores, before the softmax."),
        }, _column, _SOURCE, fits=lambda call: not call.real("dropout_p", 0.0), written=_written, worked=_mixed),
    )),
)  # fmt: skip
