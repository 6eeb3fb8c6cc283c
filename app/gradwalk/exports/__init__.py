"""The exports: a graph as DOT, Mermaid and SVG, tensors as NumPy files, and the page that plays a snapshot."""

from gradwalk.exports.dot import dot
from gradwalk.exports.mermaid import mermaid
from gradwalk.exports.svg import svg

__all__ = ["dot", "mermaid", "svg"]
