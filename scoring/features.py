"""What a text's severity is read from: its words and pairs of words, and pieces of words without their accents.

Pieces are what texts that were typed without accents, or in another form of a word, have in common with others.
"""

from collections import Counter
from itertools import pairwise

from scoring.words import words

_SHORTEST, _LONGEST = 3, 5


def words_in(text: str) -> list[str]:
    """Words and pairs of words, in small letters."""
    found = [word.exact for word in words(text)]
    return [*found, *(f"{one} {two}" for one, two in pairwise(found))]


def pieces_in(text: str) -> list[str]:
    """Pieces of three to five letters of each word, its edges marked by spaces."""
    return [piece for word in words(text) for piece in pieces_of(word.folded)]


def pieces_of(folded: str) -> list[str]:
    """Pieces of one word; a word that is shorter than a piece is one by itself."""
    marked = f" {folded} "
    lengths = range(_SHORTEST, min(_LONGEST, len(marked)) + 1)
    return [marked[start : start + size] for size in lengths for start in range(len(marked) - size + 1)]


def by_word(text: str) -> dict[str, Counter[str]]:
    """Which features each word has a part in, and how often: a pair belongs to both of its words by half."""
    shares: dict[str, Counter[str]] = {}
    found = words(text)
    for word in found:
        own = shares.setdefault(word.exact, Counter())
        own[f"w:{word.exact}"] += 2
        own.update({f"p:{piece}": 2 * times for piece, times in Counter(pieces_of(word.folded)).items()})
    for one, two in pairwise(found):
        for word in (one, two):
            shares[word.exact][f"w:{one.exact} {two.exact}"] += 1
    return shares
