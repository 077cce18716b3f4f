"""How a text becomes words and a fingerprint: folded for matching, stemmed where it is English."""

import hashlib
import re
import unicodedata
from collections import Counter
from functools import lru_cache

from snowballstemmer import stemmer

from runtime.text import fold

_WORD = re.compile(r"[a-z0-9]+")
_VIETNAMESE = re.compile(r"[ăâđêôơưĂÂĐÊÔƠƯ]|[\u1ea0-\u1ef9]")
_ENGLISH = stemmer("english")
_LONGEST_WORD = 64

STOP_WORDS = frozenset(
    """
    a an and are as at be been but by for from had has have he her his i in is it its of on or our she so that the
    their them they this to was we were what when which who will with you your
    """.split()  # noqa: SIM905 - a list of words reads best as a list of words
)
"""English words that tell nothing; Vietnamese ones fold onto words that do."""


def normalise(text: str) -> str:
    """Text as it is hashed and embedded: NFC, white space collapsed."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def content_hash(text: str) -> str:
    """SHA-256 of the normalised text, hexadecimal."""
    return hashlib.sha256(normalise(text).encode()).hexdigest()


def words(text: str) -> list[str]:
    """Search terms of a text, in order: folded, without English stop words, English stems."""
    return [_stem(word[:_LONGEST_WORD]) for word in _WORD.findall(fold(text)) if word not in STOP_WORDS]


def frequencies(text: str) -> Counter[str]:
    """How often each search term stands in a text."""
    return Counter(words(text))


def language_of(text: str) -> str:
    """``vi`` when the letters say so, ``en`` for longer texts in plain letters, else ``und`` (undetermined)."""
    composed = unicodedata.normalize("NFC", text)
    if len(_VIETNAMESE.findall(composed)) >= 2:
        return "vi"
    return "en" if len(_WORD.findall(fold(text))) >= 3 else "und"


@lru_cache(maxsize=50_000)
def _stem(word: str) -> str:
    stem: str = _ENGLISH.stemWord(word)
    return stem
