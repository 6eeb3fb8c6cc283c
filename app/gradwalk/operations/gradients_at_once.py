"""Gradients of whole tensors in one line: the Jacobian times the gradient that arrived, without the Jacobian itself."""

from collections.abc import Callable

from gradwalk.operations.call import Call

AT_ONCE = " Of all numbers at once it is the Jacobian times the gradient that arrived, without building the Jacobian."
"""The end of a sentence about an operation whose results depend on many elements each."""

_UPSTREAM = r"\frac{\partial L}{\partial <result>}"
_ASKED = r"\frac{\partial L}{\partial <self>}"


def of_all(latex: str) -> Callable[[Call, str | None], str]:
    """Return the writer of the gradient of `self`. In the LaTeX `g` is the gradient that arrived."""

    def whole(_call: Call, argument: str | None) -> str:
        return rf"{_ASKED} = {latex}, \; g = {_UPSTREAM}" if argument == "self" else ""

    return whole


def of_norm(centred: bool) -> Callable[[Call, str | None], str]:
    """Return the writer of a norm's gradient: an element's own part, without the mean's part and the spread's part."""

    def whole(call: Call, argument: str | None) -> str:
        if argument != "self":
            return ""
        scaled = "weight" in call.operands
        g = "h" if scaled else "g"
        mean = rf" - \underbrace{{\operatorname{{mean}}({g})}}_{{\text{{mean}}}}" if centred else ""
        spread = rf"\underbrace{{\hat{{x}} \odot \operatorname{{mean}}({g} \odot \hat{{x}})}}_{{\text{{spread}}}}"
        inner = rf"\underbrace{{{g}}}_{{\text{{own}}}}{mean} - {spread}"
        added = r", \; h = <weight> \odot g" if scaled else ""
        return rf"{_ASKED} = \frac{{1}}{{\sigma}} \cdot ({inner}){added}, \; g = {_UPSTREAM}"

    return whole


def of_error(probabilities: str, fits: Callable[[Call], bool]) -> Callable[[Call, str | None], str]:
    """Return the writer of a loss's gradient that is p − y. `probabilities`: how p is computed."""

    def whole(call: Call, argument: str | None) -> str:
        if argument != "self" or not fits(call):
            return ""
        reduction = call.arguments.get("reduction", "mean")
        error = r"\frac{p - y}{n}" if reduction == "mean" and call.operands["self"].shape else "(p - y)"
        sign = r"\odot" if reduction == "none" else r"\cdot"
        return rf"{_ASKED} = {_UPSTREAM} {sign} {error}, \; p = {probabilities}, \; y = <target>"

    return whole
