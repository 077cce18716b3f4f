"""The words of a text, cut by spaCy's pipeline for any language; as they are spelled, and by their letters alone."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from unicodedata import normalize

import spacy
from spacy.language import Language
from spacy.tokens import Doc

from runtime.text import exact, fold


@dataclass(frozen=True)
class Word:
    """A word of a text.

    Parameters
    ----------
    text
        As it is written.
    exact, folded
        In small letters; without accents too.
    """

    text: str
    exact: str
    folded: str


@lru_cache(maxsize=1)
def pipeline() -> Language:
    """What cuts texts of any language."""
    return spacy.blank("xx")


def read(text: str, norm: Callable[[str], str] = exact) -> Doc:
    """A text as spaCy has it, composed (NFC), with what a function makes of each token as its norm."""
    document = pipeline()("\n".join(" ".join(line.split()) for line in normalize("NFC", text).splitlines()))
    for token in document:
        token.norm_ = norm(token.text) or token.text
    return document


@lru_cache(maxsize=64)
def words(text: str) -> tuple[Word, ...]:
    """The words of a text, in order, without punctuation; kept for whoever looks at the same text next."""
    said = [token.text for token in read(text) if any(letter.isalnum() for letter in token.text)]
    return tuple(Word(one, exact(one), fold(one)) for one in said)
