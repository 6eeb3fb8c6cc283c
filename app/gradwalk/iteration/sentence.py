"""The model of a sentence, which tells one step in words."""

from typing import Literal

from gradwalk.contract.fields import Count
from gradwalk.contract.models import Model

PartKind = Literal["plain", "strong", "value", "gradient", "update", "error"]


class SentencePart(Model):
    """A stretch of a sentence. `kind`: what it is, so that a page can give it a colour."""

    text: str
    kind: PartKind


class Sentence(Model):
    """The account of one step in words: a sentence or several. The parts follow each other without a gap."""

    step: Count
    parts: list[SentencePart]

    @property
    def text(self) -> str:
        """Return the sentence as plain text."""
        return "".join(part.text for part in self.parts)
