"""Cutting texts into pieces: always the likeliest cut, and nothing of a text is lost."""

from itertools import combinations, pairwise

from hypothesis import given
from hypothesis import strategies as st

from knowledge.e5_pieces import SPACE, Pieces

VOCABULARY = {
    "?": 0.0,
    SPACE: -3.0,
    "a": -4.0,
    "b": -4.5,
    "ab": -6.0,
    f"{SPACE}a": -5.5,
    "bab": -7.0,
    f"{SPACE}ba": -8.0,
}
NAMES, UNKNOWN = list(VOCABULARY), 0
PIECES = Pieces(NAMES, list(VOCABULARY.values()), {ord("A"): "a", ord("\t"): " ", ord("\u200b"): ""}, UNKNOWN)
UNLIKELY = min(VOCABULARY.values()) - 10


def score(cut: tuple[str, ...]) -> float | None:
    """Log probability of a cut; None where a part of several letters is no piece."""
    if any(part not in VOCABULARY and len(part) > 1 for part in cut):
        return None
    return sum(VOCABULARY.get(part, UNLIKELY) for part in cut)


def cuts(word: str) -> list[tuple[str, ...]]:
    """Every way to cut a word."""
    inner = range(1, len(word))
    bounds = [(0, *chosen, len(word)) for n in range(len(word)) for chosen in combinations(inner, n)]
    return [tuple(word[begin:end] for begin, end in pairwise(at)) for at in bounds]


@given(st.text("abx", min_size=1, max_size=7))
def test_the_likeliest_of_all_cuts_is_chosen(word: str) -> None:
    best = max(found for cut in cuts(SPACE + word) if (found := score(cut)) is not None)
    chosen = PIECES.cut(word)
    known = sum(VOCABULARY[NAMES[piece]] for piece in chosen if piece != UNKNOWN)
    assert known + word.count("x") * UNLIKELY == best


@given(st.lists(st.text("abx", min_size=1, max_size=5), min_size=1, max_size=5))
def test_words_are_cut_apart_and_spaces_collapse(words: list[str]) -> None:
    apart = [piece for word in words for piece in PIECES.cut(word)]
    assert PIECES.cut("  ".join(words)) == PIECES.cut("\t ".join(words)) == apart
    assert PIECES.cut(" ".join(words), 3) == apart[:3]


def test_letters_are_normalised_and_what_is_unknown_stands_once() -> None:
    assert [NAMES[piece] for piece in PIECES.cut("Ab\u200bxxxa")] == [SPACE, "ab", "?", "a"]
    assert PIECES.cut("") == [NAMES.index(SPACE)]
