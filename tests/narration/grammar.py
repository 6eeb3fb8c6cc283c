"""Faults of language and arithmetic in sentences, and the values that they tell."""

import math
import re
from collections.abc import Iterator
from typing import Final

from gradwalk.iteration.sentence import Sentence, SentencePart

_FAULTS: Final = {
    "double blank": r"  ",
    "wrong article": r"\ba (?=[aeiou]|8\d*×|1[18]×)|\ban (?!LSTM|RNN|SVD|MLP|L\d)(?=[^aeiou81]|1[^18])",
    "singular with a plural": r"\b(?:1|one) (?:gradients|numbers|rows|places|kernels|sums|tensors)\b",
    "name of an operation": r"__\w+__|\b(?:mul|gt|lt|ge|le|eq|ne|rsub|addmm|getitem|setitem)\b|Backward\d|takes T\b",
    "LaTeX": r"\\|\$|[_^]\{|[{}]",
    "negative zero": r"−0(?![.\d])",
    "hyphen for a minus": r"(?<![\w\])])-\d",
    "two signs": r"[+−·/] −",
    "needless brackets": r"\(\(−?[\d.]+\)\)|\(\)|(?<![\w])\((?:[\d.]+)\)",
    "something empty": r" [,.:;](?= |$)|\bNone\b(?! of)|\bnan\b|<\w+>|, ,|: \.",
}
_NAME: Final = "N"
_MOST_DIGITS: Final = 4
_DECIMAL: Final = re.compile(r"(?<![\w.])\d*\.\d+")
_CODE: Final = re.compile(r"\[[^\]]*\]|\w+\([^()]*\)")
_EQUATION: Final = re.compile(
    r"(?:(?<=: )|(?<== )|(?<=\] ))([(−√\d][\d.e−()√²³^·/+ ]*?(?: \(\d+ more\)[\d.e−()^·/+ ]*)*)"
    r" = (−?\d+(?:\.\d+)?(?:e−?\d+)?)(?![\w(]|\.\d| [·+/−(])"
)
_TAUTOLOGY: Final = re.compile(r"^(\S+)(?:, an? [^,]+,)? (?:is|becomes) \1\.$")


def faults(sentence: Sentence) -> list[str]:
    """Return what is wrong with the language of a sentence. Names that the program gives are not looked at."""
    text = sentence.text
    words = _CODE.sub(_NAME, "".join(_NAME if _is_name(part) else part.text for part in sentence.parts))
    found = [fault for fault, pattern in _FAULTS.items() if re.search(pattern, words)]
    if any(_significant(number) > _MOST_DIGITS for number in _DECIMAL.findall(text)):
        found.append("too many digits")
    if _TAUTOLOGY.match(text):
        found.append("tautology")
    first = sentence.parts[0]
    if not (text[:1].isupper() or text[:1].isdigit() or first.kind == "strong"):
        found.append("begins small")
    if not text.endswith("."):
        found.append("no full stop")
    return found


def _is_name(part: SentencePart) -> bool:
    """Return whether a part is a name that the program gives, and not words that stand for one."""
    return part.kind == "strong" and not part.text.startswith(("the ", "part of ", " No ", "The old "))


def _significant(number: str) -> int:
    return len(number.replace(".", "").lstrip("0"))


def has_value(sentence: Sentence) -> bool:
    """Return whether a sentence tells at least one number of the run."""
    told = (part.text for part in sentence.parts if part.kind in ("value", "gradient", "update"))
    return any(re.search(r"\d|∞|NaN|True|False", text) for text in told)


def wrong_sums(sentence: Sentence) -> Iterator[str]:
    """Yield the equations of a sentence whose sides are further apart than rounding can explain."""
    for found in _EQUATION.finditer(sentence.text):
        left, right = found[1], float(found[2].replace("−", "-"))
        written = re.sub(r" \(\d+ more\)", "", left).replace("−", "-").replace("·", "*").replace("²", "**2")
        written = re.sub(r"√([\d.]+(?:e-?\d+)?)", r"sqrt(\1)", written.replace("³", "**3").replace("^", "**"))
        written = re.sub(r"√\(", "sqrt(", written)
        try:
            # only digits and signs are left: the pattern lets nothing else through
            value = eval(written, {"__builtins__": {}}, {"sqrt": math.sqrt})
        except (SyntaxError, ZeroDivisionError, ValueError, OverflowError, TypeError, NameError):
            continue
        numbers = [abs(float(one)) for one in re.findall(r"[\d.]+(?:e-?\d+)?", written) if one.strip(".")]
        size = max([abs(right), *numbers])
        if math.isfinite(value) and abs(value - right) > 0.02 * abs(right) + 0.002 * size:
            yield f"{left} = {found[2]}, but it is {value:.4g}"
