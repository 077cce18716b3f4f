"""How a text becomes search terms and a fingerprint: folded for matching, not stemmed.

Measured with ``tests/load/search.py``: English stemming gains nothing there and spoils Vietnamese syllables; leaving
out English stop words helps, and so do the parts of camelCase names beside the whole. Stop words are left out of
queries, not of texts: An is a name, and somebody looks for "The Who".
"""

import hashlib
import re
import unicodedata
from collections import Counter
from functools import lru_cache

from knowledge.tokens import Token, ideographs, pairs, tokens
from runtime.text import fold, is_bare, spelled

_WORD = re.compile(r"[^\W_]+")
_VIETNAMESE_LETTER = re.compile(r"[ăâđêôơư\u1ea0-\u1ef9]")
_FEWEST_WORDS = 3
_VIETNAMESE_SHARE = 0.3

LONGEST_WORD = 64
FORM = 3
"""Which of their forms the terms are in (decision 18): to be raised when another text gives another term."""

MARK = "="
"""Begins the term of a word as it is written; no folded word has it."""

STOP_WORDS = frozenset(
    """
    a an and are as at be been but by for from had has have he her his i in is it its of on or our she so that the
    their them they this to was we were what when which who will with you your
    """.split()  # noqa: SIM905 - a list of words reads best as a list of words
)
"""English words that tell nothing in company, matched before folding: ``tổ`` is a word, ``to`` is not."""

_VIETNAMESE_WORDS = frozenset(
    """
    anh ban cac cam chi chung cho cua da de duoc khong la nhom nhung toi trong va voi
    """.split()  # noqa: SIM905 - as above
)


def normalise(text: str) -> str:
    """Text as it is hashed and embedded: NFC, white space collapsed, without what PostgreSQL refuses."""
    return " ".join(unicodedata.normalize("NFC", storable(text)).split())


def storable(text: str) -> str:
    """Text without what PostgreSQL cannot hold: U+0000, and halves of surrogate pairs, which no encoding has."""
    return text.replace("\x00", " ").encode(errors="replace").decode()


def content_hash(text: str) -> str:
    """SHA-256 of the normalised text, hexadecimal."""
    return hashlib.sha256(normalise(text).encode()).hexdigest()


def words(text: str) -> list[str]:
    """Terms a text is found by, in order: every word folded, and beside it as it is written where that tells more.

    The written form follows :data:`MARK`: of a word with accents, and of a stop word that is written like a name. The
    parts of a camelCase name follow it. A run of letters without spaces gives every two neighbours, and its ideographs
    alone.
    """
    text = normalise(text)
    shouted = text.isupper()
    return [term for token in tokens(text) for term in _terms(token, shouted)]


def frequencies(text: str) -> Counter[str]:
    """How often each search term stands in a text."""
    return Counter(words(text))


def is_stop_word(token: Token) -> bool:
    """Whether a word tells nothing in company: as it is written, since ``tổ`` is a word and ``to`` is not."""
    return token.kind == "word" and token.written.casefold() in STOP_WORDS


def forms(word: str) -> tuple[str, str | None]:
    """A word folded, and the term of how it is written: with accents, or a stop word as if it were a name (An, IT)."""
    folded, spelling = _forms(word)
    if spelling is None and word.casefold() in STOP_WORDS and word != "I" and (word.istitle() or word.isupper()):
        return folded, MARK + word
    return folded, spelling


def _terms(token: Token, shouted: bool) -> list[str]:
    match token.kind:
        case "word":
            written = [token.written.lower()] if shouted else [token.written, *token.parts]
            return [term for word in written for term in forms(word) if term]
        case "run":
            found = pairs(token.written)
            return found if len(token.written) == 1 else [*found, *ideographs(token.written)]
        case "sign":
            return [token.written.casefold()]
        case "emoji":
            return [token.written]


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
def _forms(word: str) -> tuple[str, str | None]:
    word = word[:LONGEST_WORD]
    folded = fold(word).replace(" ", "")  # a ligature of several words is one
    accented = None if is_bare(word) else MARK + unicodedata.normalize("NFC", spelled(word))[:LONGEST_WORD]
    return folded[:LONGEST_WORD], accented
