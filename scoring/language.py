"""Whether a text is in a language that a model was taught: by the small words that it has in common with each.

Stop words are those that come with spaCy.
"""

from collections.abc import Sequence
from functools import lru_cache
from importlib import import_module
from unicodedata import name

from runtime.text import fold
from scoring.words import Word

TAUGHT = ("en", "vi")
"""Languages of the texts that the product's own model learns from."""

_OTHERS = ("cs", "da", "de", "es", "fi", "fr", "hu", "id", "it", "nb", "nl", "pl", "pt", "ro", "sv", "tl", "tr")

_ENOUGH = 2
"""Small words of another language that may be chance."""


def is_foreign(words: Sequence[Word]) -> bool:
    """Whether a text is evidently in no language that was taught; one of a few words hardly ever is."""
    letters = [letter for word in words for letter in word.text if letter.isalpha()]
    if sum(name(letter, "").startswith("LATIN") for letter in letters) < len(letters) / 2:
        return True
    return _share(words, _OTHERS) > max(_share(words, TAUGHT), _ENOUGH)


def is_taught(words: Sequence[Word]) -> bool:
    """Whether a text has a small word of a language that was taught."""
    return _share(words, TAUGHT) > 0


def _share(words: Sequence[Word], languages: Sequence[str]) -> int:
    """How many small words a text has in common with that of some languages which it has most in common with."""
    said = {word.folded for word in words}
    return max(len(said & _small(language)) for language in languages)


@lru_cache(maxsize=32)
def _small(language: str) -> frozenset[str]:
    """The small words of a language, without their accents."""
    phrases = import_module(f"spacy.lang.{language}.stop_words").STOP_WORDS
    return frozenset(word for phrase in phrases for word in fold(phrase).replace("_", " ").split() if len(word) > 1)
