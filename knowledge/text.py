"""How a text becomes words and a fingerprint: folded for matching, not stemmed.

Measured with ``tests/load/search.py``: English stemming gains nothing there and spoils Vietnamese syllables;
leaving out English stop words and splitting camelCase names both help.
"""

import hashlib
import re
import unicodedata
from collections import Counter
from functools import lru_cache

from runtime.text import fold

_WORD = re.compile(r"[^\W_]+")
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
_VIETNAMESE_LETTER = re.compile(r"[ăâđêôơư\u1ea0-\u1ef9]")
_LONGEST_WORD = 64
_FEWEST_WORDS = 3
_VIETNAMESE_SHARE = 0.3

STOP_WORDS = frozenset(
    """
    a an and are as at be been but by for from had has have he her his i in is it its of on or our she so that the
    their them they this to was we were what when which who will with you your
    """.split()  # noqa: SIM905 - a list of words reads best as a list of words
)
"""English words that tell nothing, matched before folding: ``tổ`` is a word, ``to`` is not."""

_VIETNAMESE_WORDS = frozenset(
    """
    anh ban cac cam chi chung cho cua da de duoc khong la nhom nhung toi trong va voi
    """.split()  # noqa: SIM905 - as above
)


def normalise(text: str) -> str:
    """Text as it is hashed and embedded: NFC, white space collapsed, without the one character PostgreSQL refuses."""
    return " ".join(unicodedata.normalize("NFC", storable(text)).split())


def storable(text: str) -> str:
    """Text without U+0000, which PostgreSQL cannot hold."""
    return text.replace("\x00", " ")


def content_hash(text: str) -> str:
    """SHA-256 of the normalised text, hexadecimal."""
    return hashlib.sha256(normalise(text).encode()).hexdigest()


def words(text: str) -> list[str]:
    """Search terms of a text, in order: without English stop words, camelCase split, folded."""
    spoken = _WORD.findall(_HUMP.sub(" ", normalise(text)))
    terms = (_folded(word) for word in spoken if word.casefold() not in STOP_WORDS)
    return [term for term in terms if term]


def frequencies(text: str) -> Counter[str]:
    """How often each search term stands in a text."""
    return Counter(words(text))


def language_of(text: str) -> str:
    """``vi`` or ``en`` by letters and small words, ``und`` (undetermined) where they do not tell.

    A few Vietnamese names do not make a text Vietnamese: the share of words with Vietnamese letters counts.
    """
    spoken = [word.casefold() for word in _WORD.findall(normalise(text))]
    if len(spoken) < _FEWEST_WORDS:
        return "und"
    lettered = sum(bool(_VIETNAMESE_LETTER.search(word)) for word in spoken)
    if lettered / len(spoken) >= _VIETNAMESE_SHARE:
        return "vi"
    english = sum(word in STOP_WORDS for word in spoken)
    vietnamese = sum(word in _VIETNAMESE_WORDS for word in spoken)
    if english == vietnamese:
        return "und"
    return "en" if english > vietnamese else "vi"


@lru_cache(maxsize=50_000)
def _folded(word: str) -> str:
    return fold(word)[:_LONGEST_WORD]
