"""The explanation of an update: the optimizer's rule with its settings, its state and the gradient."""

from collections.abc import Sequence
from typing import Any, Final

from gradwalk.contract.snapshot import Iteration, Tensor, Update
from gradwalk.errors import UpdateNotFound
from gradwalk.explain import latex_numbers
from gradwalk.explain.addressing import element_of, node_of
from gradwalk.explain.chain_rule import without_numbers
from gradwalk.explain.explanation import Kind, Stages, UpdateExplanation
from gradwalk.explain.latex_formulas import fill
from gradwalk.explain.symbols import Symbols, raised, slope
from gradwalk.explain.symbols import element as element_symbol
from gradwalk.iteration.indexed_iteration import IndexedIteration
from gradwalk.iteration.recorded_numbers import as_real
from gradwalk.operations.call import DOES_NOT_FIT, Array
from gradwalk.operations.optimizers import SYMBOLS, Values, form_of, gradient_seen
from gradwalk.operations.tolerance import agree

_BY_HAND: Final = "The program writes this update itself."
_SHOWN: Final = ("lr", "momentum", "weight_decay", "beta1", "beta2", "eps", "alpha", "lr_decay", "dampening")


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
    name = element_symbol(Symbols(iteration).of(node), update.before.shape, chosen or ())
    values = _values(iteration, update, chosen)
    recorded = _at(after, chosen)
    kind, formula, meaning, numbers_line, computed, source = _ruled(update, values, recorded)
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
            local=f"g = {slope('L', name)}" + (f" = {latex_numbers.latex(values['g'])}" if "g" in values else ""),
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
    )


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


def _ruled(update: Update, values: Values, recorded: float | None) -> tuple[Kind, str, str, str, float | None, str]:
    """Return kind, formula, meaning, the line with numbers, the result, the source."""
    if update.optimizer == "AdamW":
        values["adamw"] = 1.0
    known = form_of(update.optimizer or "", values)
    if known is None:
        return _unruled(update, values, recorded)
    optimizer, form = known
    formula = fill(form.latex, lambda name: SYMBOLS.get(name, name))
    source = optimizer.source
    try:
        computed = float(form.value(values))
        seen = latex_numbers.factor(gradient_seen(values))
    except DOES_NOT_FIT:
        return "hand-written", formula, form.meaning, "", None, source
    written = fill(form.latex, lambda name: latex_numbers.factor(values.get(name, 0.0))).replace(r"\tilde{g}", seen)
    return "hand-written", formula, form.meaning, f"= {written}", computed, source


def _unruled(update: Update, values: Values, recorded: float | None) -> tuple[Kind, str, str, str, float | None, str]:
    meaning = _BY_HAND if update.optimizer is None else f"The rule of {update.optimizer} is not written down here."
    line, source = "", "The program" if update.line is None else f"The program, line {update.line}"
    if recorded is not None and "w" in values:
        change = recorded - values["w"]
        line = f"= {latex_numbers.latex(values['w'])} + {latex_numbers.factor(change)}"
        if values.get("g"):
            meaning += f" It changed the number by {change / values['g']:.4g} times its gradient."
    return "unknown", r"w + \Delta", meaning, line, None, source


def _at(array: Array | None, chosen: tuple[int, ...] | None) -> float | None:
    """Return one element; null where it is not known, or where a tensor of this shape has none."""
    try:
        return None if array is None or chosen is None or len(chosen) != array.ndim else float(array[chosen])
    except IndexError:
        return None
