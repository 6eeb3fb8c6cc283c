"""The explanation of an update: the optimizer's rule with its settings, its state and the gradient."""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from gradwalk.contract.snapshot import GradientChange, Iteration, Tensor, Update
from gradwalk.errors import UpdateNotFound
from gradwalk.explain import latex_numbers
from gradwalk.explain.addressing import element_of, node_of
from gradwalk.explain.chain_rule import without_numbers
from gradwalk.explain.explanation import Changed, Kind, Remembered, Stages, UpdateExplanation
from gradwalk.explain.latex_formulas import fill
from gradwalk.explain.symbols import element as element_symbol
from gradwalk.explain.symbols import raised, slope, symbols_of
from gradwalk.iteration.indexed_iteration import IndexedIteration
from gradwalk.iteration.recorded_numbers import as_real
from gradwalk.operations.call import DOES_NOT_FIT, Array
from gradwalk.operations.optimizers import SYMBOLS, WHOLE, Values, form_of, gradient_seen
from gradwalk.operations.tolerance import agree

_BY_HAND: Final = "The program writes this update itself."
_SHOWN: Final = ("lr", "momentum", "weight_decay", "beta1", "beta2", "eps", "alpha", "lr_decay", "dampening",
                 "rho", "lambd", "momentum_decay")  # fmt: skip


def explain_update(
    iteration: IndexedIteration, node_id: str, number: int = 0, element: Sequence[int] | None = None
) -> UpdateExplanation:
    """Explain why update `number` of a leaf in this iteration changed one element as it did. By default it is the
    element with the largest gradient. Raises NodeNotFound, UpdateNotFound, ElementOutOfRange.
    """
    node = node_of(iteration, node_id)
    update = _update(iteration.body, node_id, number)
    gradient, before, after = map(iteration.array, (update.gradient, update.before, update.after))
    chosen = element_of(update.before, element, gradient, before)
    name = element_symbol(symbols_of(iteration).of(node), update.before.shape, chosen or ())
    values = _values(iteration, update, chosen)
    recorded = _at(after, chosen)
    remembered = _remembered(update, values)
    changed = _changed(iteration, update, chosen, name)
    kind, formula, meaning, numbers_line, computed, source = _ruled(update, values, recorded, name)
    if "initial_lr" in values and values["initial_lr"] != values.get("lr"):
        meaning += (
            f" A scheduler has set the learning rate to {values['lr']:.4g}; it began with {values['initial_lr']:.4g}."
        )
    agrees = None
    if computed is not None and recorded is not None:
        scale = abs(computed) + abs(values.get("w", 0.0)) + abs(computed - values.get("w", 0.0))
        agrees = agree(computed, recorded, scale, update.after.dtype)
    value = recorded if computed is None else computed
    new = rf"{raised(name)}^{{\text{{new}}}}"
    return UpdateExplanation(
        kind=kind,
        node=node.id,
        op=None,
        element=None if chosen is None else list(chosen),
        shape=update.before.shape,
        formula=formula,
        meaning=meaning,
        stages=Stages(
            symbols=f"{new} = {formula}",
            local=_gradient_line(name, values, changed),
            numbers=numbers_line,
            result="" if value is None else f"{new} = {latex_numbers.latex(value, 6)}",
        ),
        computed=None if computed is None else as_real(computed),
        recorded=None if recorded is None else as_real(recorded),
        agrees=agrees,
        note=None if agrees is not False else "The rule gives another number than was recorded: the step was changed.",
        source=source,
        optimizer=update.optimizer,
        settings={key: as_real(values[key]) for key in _SHOWN if key in values},
        remembered=remembered,
        changed=changed,
    )


def _gradient_line(name: str, values: Values, changed: Changed | None) -> str:
    """Return the gradient as the backward pass gave it: `g` is that one unless the program changed it."""
    if changed is not None:
        return f"{slope('L', name)} = {latex_numbers.latex(float(changed.before))}"
    return f"g = {slope('L', name)}" + (f" = {latex_numbers.latex(values['g'])}" if "g" in values else "")


def _remembered(update: Update, values: Values) -> list[Remembered]:
    """Return what the optimizer computes before the update, and put these numbers to the others."""
    if update.optimizer == "AdamW":
        values["adamw"] = 1.0
    known = form_of(update.optimizer or "", values)
    lines: list[Remembered] = []
    if known is None or "g" not in values or "w" not in values:
        return lines
    values["seen"] = values["g"]
    for one in known[0].memory:
        try:
            value = float(one.value(values)) if one.fits(values) else None
        except DOES_NOT_FIT:
            value = None
        if value is None:
            continue
        if one.latex:
            lines.append(
                Remembered(
                    symbol=r"\tilde{g}" if one.key == "seen" else SYMBOLS[one.key],
                    formula=fill(one.latex, lambda name: _symbol(name, values)),
                    numbers=fill(one.latex, lambda name: latex_numbers.factor(values.get(name, 0.0))),
                    value=as_real(value),
                )
            )
        if one.key == "seen":
            values["decayed"] = 1.0
        values[one.key] = value
    return lines


def _symbol(name: str, values: Values) -> str:
    return r"\tilde{g}" if name == "seen" and "decayed" in values else SYMBOLS.get(name, name)


def _changed(iteration: IndexedIteration, update: Update, chosen: tuple[int, ...] | None, name: str) -> Changed | None:
    """Return what the program made of the gradient between the last backward pass and the update."""
    passes = [one.accumulated[update.node] for one in iteration.body.backward if update.node in one.accumulated]
    arrived, used = iteration.array(passes[-1]) if passes else None, iteration.array(update.gradient)
    before, after = _at(arrived, chosen), _at(used, chosen)
    if arrived is None or used is None or before is None or after is None or np.array_equal(arrived, used):
        return None
    known = _recorded_changes(iteration, update)
    with np.errstate(all="ignore"):
        factors = (used / arrived)[arrived != 0]
    once = factors.size > 0 and bool(np.isclose(factors, factors[0], rtol=1e-4).all())
    numbers = latex_numbers.latex(before)
    if once:
        factor = float(factors[0])
        line = rf"g = {latex_numbers.latex(factor)} \cdot {latex_numbers.factor(before)} = {latex_numbers.latex(after)}"
        line = r", \; ".join([*(_norm_line(change) for change in known if "factor" in change.settings), line])
        meaning = (
            f"Between backward and step the whole gradient was multiplied by {factor:.4g}, as clipping to a norm does: "
            "its direction stays."
        )
    else:
        line = rf"{slope('L', name)} = {numbers}, \; g = {latex_numbers.latex(after)}"
        bound = next((change.settings.get("clip_value") for change in known if len(known) == 1), None)
        if bound is not None:
            limit, written = latex_numbers.latex(float(bound)), latex_numbers.latex(before)
            line = rf"g = \min({limit}, \max(-{limit}, {written})) = {latex_numbers.latex(after)}"
        meaning = "Between backward and step the gradient was changed number by number, as clipping to a value does."
    if known:
        meaning += f" {_doers(known)}"
    return Changed(before=as_real(before), after=as_real(after), line=line, meaning=meaning)


def _recorded_changes(iteration: IndexedIteration, update: Update) -> list[GradientChange]:
    """Return the changes of a leaf's gradient that were recorded between its last backward pass and an update."""
    body, found, updates = iteration.body, list[GradientChange](), 0
    changes = iter(body.changes)
    number = next((i for i, one in enumerate(body.updates) if one is update), -1)
    for step in body.steps:
        if step.kind == "change":
            change = next(changes, None)
            if change is not None and change.node == update.node:
                found.append(change)
        elif step.kind == "accumulate" and step.node == update.node:
            found = []
        elif step.kind == "update":
            if updates == number:
                return found
            updates += 1
    return []


def _norm_line(change: GradientChange) -> str:
    """Return how the factor follows from the norm of all gradients."""
    norm, largest, factor = (float(change.settings.get(key, 0.0)) for key in ("norm", "max_norm", "factor"))
    size = rf"\|\nabla L\| = {latex_numbers.latex(norm)}"
    if factor == 1:
        return rf"{size} \le {latex_numbers.latex(largest)}"
    return rf"{size}, \; \frac{{{latex_numbers.latex(largest)}}}{{\|\nabla L\|}} = {latex_numbers.latex(factor)}"


def _doers(changes: Sequence[GradientChange]) -> str:
    told = [f"{one.function} in line {one.line}" if one.line is not None else one.function for one in changes]
    return f"That is what {' and '.join(dict.fromkeys(told))} did."


def update_needed(iteration: IndexedIteration, node_id: str, number: int) -> list[Tensor]:
    """Return the tensors that `explain_update` needs and whose numbers are not stored inside the iteration."""
    update = _update(iteration.body, node_id, number)
    state = [value for value in update.state.values() if isinstance(value, Tensor)]
    return without_numbers([update.gradient, update.before, update.after, *state])


def _update(iteration: Iteration, node_id: str, number: int) -> Update:
    updates = [update for update in iteration.updates if update.node == node_id]
    if not 0 <= number < len(updates):
        raise UpdateNotFound(f"This iteration has {len(updates)} updates of this node: there is no number {number}.")
    return updates[number]


def _values(iteration: IndexedIteration, update: Update, chosen: tuple[int, ...] | None) -> Values:
    """Return settings, state, weight and gradient of one element, as far as they are numbers."""
    values: Values = {}
    for key, setting in update.settings.items():
        values.update(_numbers(key, setting))
    for key, kept in update.state.items():
        array = iteration.array(kept) if isinstance(kept, Tensor) else None
        if array is not None:
            found = _at(array, chosen if array.ndim or not chosen else ())
            if found is not None:
                values[key] = found
        elif isinstance(kept, int | float):
            values[key] = float(kept)
    for key, tensor in (("w", update.before), ("g", update.gradient)):
        found = _at(iteration.array(tensor), chosen)
        if found is not None:
            values[key] = found
    return values


def _numbers(key: str, setting: Any) -> Values:
    if isinstance(setting, int | float):
        return {key: float(setting)}
    if key == "betas" and isinstance(setting, list):
        return {f"beta{i + 1}": float(beta) for i, beta in enumerate(setting) if isinstance(beta, int | float)}
    return {}


def _ruled(
    update: Update, values: Values, recorded: float | None, leaf: str
) -> tuple[Kind, str, str, str, float | None, str]:
    """Return kind, formula, meaning, the line with numbers, the result, the source."""
    known = form_of(update.optimizer or "", values)
    if known is None:
        return _unruled(update, values, recorded, leaf)
    optimizer, form = known
    formula = fill(form.latex, lambda name: leaf if name == "w" else SYMBOLS.get(name, name))
    source = optimizer.source
    try:
        computed = float(form.value(values))
        seen = latex_numbers.factor(gradient_seen(values))
    except DOES_NOT_FIT:
        return "hand-written", formula, form.meaning, "", None, source
    written = fill(form.latex, lambda name: latex_numbers.factor(values.get(name, 0.0))).replace(r"\tilde{g}", seen)
    return "hand-written", formula, form.meaning, f"= {written}", computed, source


def _unruled(
    update: Update, values: Values, recorded: float | None, leaf: str
) -> tuple[Kind, str, str, str, float | None, str]:
    optimizer = update.optimizer
    meaning = _BY_HAND
    if optimizer is not None:
        meaning = WHOLE.get(optimizer, f"The rule of {optimizer} is not written down here.")
    line, source = "", "The program" if update.line is None else f"The program, line {update.line}"
    if recorded is not None and "w" in values:
        change = recorded - values["w"]
        line = f"= {latex_numbers.latex(values['w'])} + {latex_numbers.factor(change)}"
        if values.get("g"):
            meaning += f" It changed the number by {change / values['g']:.4g} times its gradient."
    return "unknown", rf"{leaf} + \Delta", meaning, line, None, source


def _at(array: Array | None, chosen: tuple[int, ...] | None) -> float | None:
    """Return one element; null where it is not known, or where a tensor of this shape has none."""
    try:
        return None if array is None or chosen is None or len(chosen) != array.ndim else float(array[chosen])
    except IndexError:
        return None
