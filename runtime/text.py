"""How names and texts are compared: exactly, as they are spelled, or without accents; the same in graph and search."""

import re
import unicodedata

_LETTERS_WITHOUT_DECOMPOSITION = str.maketrans(
    {"đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "ɖ": "d", "Ɖ": "D", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L"}
)
_ONE_D = str.maketrans({"ð": "đ", "Ð": "Đ", "ɖ": "đ", "Ɖ": "Đ"})
"""Letters that look like đ and are typed for it."""

FOLDED_LETTERS = [
    *([chr(mark), ""] for mark in range(0x0300, 0x0337)),
    *([chr(one), str(other)] for one, other in _LETTERS_WITHOUT_DECOMPOSITION.items() if chr(one).islower()),
]
"""What :func:`fold` makes of a lower-case text once it is decomposed (NFKD), for queries that fold what they look at:
letter or mark, and what takes its place."""

_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")
"""Marks of Vietnamese tones: grave, acute, tilde, hook above, dot below. A syllable has one, on one of its vowels."""


_WORD = re.compile(r"\w+")


def fold(text: str) -> str:
    """Fold a text: NFKD, marks removed, đ as d, case folded, spaces collapsed."""
    decomposed = unicodedata.normalize("NFKD", text.translate(_LETTERS_WITHOUT_DECOMPOSITION))
    bare = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return " ".join(bare.casefold().split())


def exact(text: str) -> str:
    """A text as it is written, but for case, spaces and how its letters are composed (NFC); Ð and Ɖ are Đ."""
    return " ".join(unicodedata.normalize("NFC", text.translate(_ONE_D)).casefold().split())


def spelled(text: str) -> str:
    """The spelling of a name: as :func:`exact`, wherever in a syllable its tone is written (hoà, hòa)."""
    return " ".join(_toneless(word) for word in unicodedata.normalize("NFD", exact(text)).split())


def is_bare(text: str) -> bool:
    """Whether a text has no accents, so that somebody may have typed it for want of them."""
    return exact(text) == fold(text)


def stands_in(name: str, text: str) -> bool:
    """Whether a name stands in a text: its words one after another, as they are spelled."""
    wanted, words = _words(name), _words(text)
    starts = range(len(words) - len(wanted) + 1)
    return bool(wanted) and any(words[start : start + len(wanted)] == wanted for start in starts)


def _words(text: str) -> list[str]:
    return [spelled(word) for word in _WORD.findall(unicodedata.normalize("NFC", text))]


def _toneless(word: str) -> str:
    """The word with its tones at its end."""
    return "".join([*(one for one in word if one not in _TONES), *(one for one in word if one in _TONES)])
