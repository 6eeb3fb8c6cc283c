"""A graph in the languages of other programs that draw."""

from gradwalk.exports.dot import dot
from gradwalk.exports.mermaid import mermaid
from gradwalk.exports.svg import svg

__all__ = ["dot", "mermaid", "svg"]
