"""The glossary: the words of the course, each with its definition, a stop of a lesson that shows it, and related words.

`words.md` holds the words.
"""

from gradwalk.glossary.word_list import Glossary, Word

__all__ = ["Glossary", "Word"]
