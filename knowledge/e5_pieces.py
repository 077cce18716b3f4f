"""Cuts texts into the pieces of a unigram vocabulary: the likeliest cut, by Viterbi; Kudo 2018, arXiv:1804.10959.

Written out because the usual library holds 270 MB for this vocabulary, in every process that embeds; this, 50.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from math import inf
from sys import maxsize

SPACE = "\u2581"
"""What stands for a space within pieces: only at their beginning, so that words are cut apart."""

_SPACES = re.compile(" {2,}")
_WORD = re.compile(f"{SPACE}?[^{SPACE}]+|{SPACE}")
_UNKNOWN_PENALTY = 10.0  # below the unlikeliest piece
_CACHED_WORDS, _LONGEST_CACHED = 20_000, 32


class Pieces:
    """A vocabulary.

    Parameters
    ----------
    pieces, scores
        The pieces and their log probabilities, by id.
    letters
        What code points are normalised to.
    unknown
        Id of a run of letters that no piece holds.
    """

    def __init__(self, pieces: list[str], scores: Sequence[float], letters: dict[int, str], unknown: int) -> None:
        self._ids = {piece: number for number, piece in enumerate(pieces)}
        self._scores = scores
        self._letters = letters
        self._unknown = unknown
        self._unknown_score = min(scores) - _UNKNOWN_PENALTY
        self._longest = max(map(len, pieces))
        self._cut_cached = lru_cache(_CACHED_WORDS)(self._cut)

    def cut(self, text: str, most: int = maxsize) -> list[int]:
        """Ids of a text's pieces, the first ``most`` of them; a word's are the same behind any other."""
        spaced = _SPACES.sub(" ", " " + text.translate(self._letters)).replace(" ", SPACE)
        found: list[int] = []
        for word in _WORD.finditer(spaced):
            found += self._of_word(word[0])
            if len(found) >= most:
                break
        return found[:most]

    def _of_word(self, word: str) -> tuple[int, ...]:
        return self._cut_cached(word) if len(word) <= _LONGEST_CACHED else self._cut(word)

    def _cut(self, word: str) -> tuple[int, ...]:
        best = [inf] * (len(word) + 1)  # costs of the likeliest cut up to each letter
        best[0] = 0.0
        last = [(0, self._unknown)] * len(best)  # where its last piece begins, and which it is
        for begin in range(len(word)):
            for end, piece, cost in self._from(word, begin):
                if best[begin] + cost < best[end]:
                    best[end], last[end] = best[begin] + cost, (begin, piece)
        backwards: list[int] = []
        end = len(word)
        while end:
            end, piece = last[end]
            if not (backwards and piece == backwards[-1] == self._unknown):  # a run is unknown once
                backwards.append(piece)
        return tuple(reversed(backwards))

    def _from(self, word: str, begin: int) -> Iterator[tuple[int, int, float]]:
        """Pieces that begin at a letter: end, id, cost; a letter that is no piece of its own may be unknown."""
        for end in range(begin + 1, min(len(word), begin + self._longest) + 1):
            piece = self._ids.get(word[begin:end])
            if piece is not None:
                yield end, piece, -self._scores[piece]
            elif end == begin + 1:
                yield end, self._unknown, -self._unknown_score
