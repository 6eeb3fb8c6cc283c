"""A graph in the languages of other programs that draw."""

from app.exports.dot import dot
from app.exports.mermaid import mermaid
from app.exports.svg import svg

__all__ = ["dot", "mermaid", "svg"]
