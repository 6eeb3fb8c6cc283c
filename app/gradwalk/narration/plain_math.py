"""Formulas as plain text, for sentences: `1/4 · (0.5 + 0.25)` instead of LaTeX."""

import re
from typing import Final

from gradwalk.contract.digits import MINUS

_TOKEN: Final = re.compile(r"\\[A-Za-z]+|\\.|[{}^_]|[^\\{}^_]")
_SIGNS: Final = {
    "cdot": "·", "times": "×", "ln": "ln ", "log": "log", "max": "max", "min": "min", "sigma": "σ", "infty": "∞",
    "mu": "μ", "epsilon": "ε", "tanh": "tanh", "sin": "sin", "cos": "cos", "tan": "tan", "sum": "Σ", "le": "≤",
    "ge": "≥", "lt": "<", "gt": ">", "dots": "…", "exp": "exp", "pi": "π", "quad": " ", "left": "", "right": "",
    "Phi": "Φ", "eta": "η", "beta": "β", "lfloor": "⌊", "rfloor": "⌋", "odot": "·", "lambda": "λ",
    ",": " ", ";": " ", "_": "_", "{": "{", "}": "}", "&": "&", "%": "%", "#": "#", "$": "$", "!": "", " ": " ",
}  # fmt: skip
_WORDS: Final = frozenset({"text", "mathrm", "operatorname", "mathbin"})
_POWERS: Final = {"2": "²", "3": "³", "T": "ᵀ"}
_SCIENTIFIC: Final = re.compile(r" · 10\^\(?([−-]?\d+)\)?")
_NUMBER: Final = rf"{MINUS}[\d.]+(?:e{MINUS}?\d+)?"
_TIDIED: Final = [
    (re.compile(pattern), better)
    for pattern, better in (
        (r" {2,}", " "),
        (rf"\(([\d.]+e{MINUS}?\d+)\)", r"\1"),
        (rf"\(\(({_NUMBER})\)\)", r"(\1)"),
        (rf"(\(|, )\(({_NUMBER})\)(?=[,)]| )", r"\1\2"),
        (rf"([·/^] )({_NUMBER})", r"\1(\2)"),
        (rf"\+ {MINUS}(?! )", f"{MINUS} "),
        (rf"\+ \({MINUS}ln ([\d.]+)\)", rf"{MINUS} ln \1"),
        (rf"\(\({MINUS}ln ([\d.]+)\)", rf"({MINUS}ln \1"),
        (rf"{MINUS}0(?![.\d])", "0"),
        (r"log\[(\d+)\]", r"log\1"),
        (r"ln \(", "ln("),
        (rf"e\^\({MINUS}0\)", "e^0"),
        (rf"\({MINUS}\({MINUS}([\d.]+)\)\)", r"(\1)"),
        (r"\b(\d+) / (\d+)\b(?![.e])", r"\1/\2"),
        (r"\^\((\d+) − 1\)", lambda found: f"^{int(found[1]) - 1}".replace("-", MINUS)),
        (r"\^\(([\d.]+)\)", r"^\1"),
        (r"\^2\b(?!\.)", "²"),
        (r"\^1\b(?!\.)", ""),
        (r"(^|[ (])\((\d[\d.]*)\)", r"\1\2"),
    )
]
"""Brackets and signs that a formula needs and a sentence does not."""


class NotPlain(ValueError):
    """An error: a formula has something that is not written in one line."""


def plain(latex: str) -> str | None:
    """Return a formula in one line; null where it needs more than that."""
    try:
        found, rest = _read(_TOKEN.findall(latex.replace(r"\left|", "|").replace(r"\right|", "|")), 0, "")
    except NotPlain:
        return None
    if rest < 0:
        return None
    text = _SCIENTIFIC.sub(r"e\1", found.replace("-", MINUS))
    for pattern, better in _TIDIED:
        text = pattern.sub(better, text)
    return text.strip()


def _read(tokens: list[str], at: int, until: str) -> tuple[str, int]:
    """Return what stands up to a closing brace, and the place behind it."""
    written = ""
    while at < len(tokens):
        token = tokens[at]
        if token == until:
            return written, at + 1
        at += 1
        if token == "{":
            inner, at = _read(tokens, at, "}")
            written += inner
        elif token in ("^", "_"):
            inner, at = _argument(tokens, at)
            written += _power(inner) if token == "^" else _index(inner)
        elif token.startswith("\\"):
            inner, at = _command(token[1:], tokens, at)
            written += inner
        else:
            written += token
    if until:
        raise NotPlain
    return written, at


def _argument(tokens: list[str], at: int) -> tuple[str, int]:
    if at >= len(tokens):
        raise NotPlain
    if tokens[at] == "{":
        return _read(tokens, at + 1, "}")
    if tokens[at].startswith("\\"):
        return _command(tokens[at][1:], tokens, at + 1)
    return tokens[at], at + 1


def _command(name: str, tokens: list[str], at: int) -> tuple[str, int]:
    if name == "frac":
        above, at = _argument(tokens, at)
        below, at = _argument(tokens, at)
        return f"{grouped(above)} / {grouped(below)}", at
    if name == "sqrt":
        inner, at = _argument(tokens, at)
        return f"√{grouped(inner)}", at
    if name in ("underbrace", "underset"):
        first, at = _argument(tokens, at)
        if name == "underset":
            second, at = _argument(tokens, at)
            return second, at
        if tokens[at : at + 1] == ["_"]:
            below, at = _argument(tokens, at + 1)
            return f"{first} ({below})", at
        return first, at
    if name in _WORDS:
        return _argument(tokens, at)
    if name not in _SIGNS:
        raise NotPlain
    return _SIGNS[name], at


def grouped(written: str) -> str:
    """Return a part of a formula in brackets, unless it is one thing."""
    if written.startswith("√") and _enclosed(written[1:]):
        return written
    return f"({written})" if re.search(r"[ ·+/=]|(?<=.)-", written) and not _enclosed(written) else written


def _enclosed(written: str) -> bool:
    if not (written.startswith("(") and written.endswith(")")):
        return False
    depth = 0
    for i, letter in enumerate(written):
        depth += (letter == "(") - (letter == ")")
        if depth == 0 and i < len(written) - 1:
            return False
    return True


def _power(inner: str) -> str:
    return _POWERS.get(inner) or (f"^{inner}" if re.fullmatch(r"\w+", inner) else f"^({inner})")


def _index(inner: str) -> str:
    return f"[{', '.join(part.strip() for part in inner.split(','))}]"
