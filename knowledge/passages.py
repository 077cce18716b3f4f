"""Which part of a long text answers a query: the sentences that have most of its words."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from knowledge.text import words

LONG = 400
"""Characters above which a text has a passage."""

_WIDE = 300
_SENTENCE = re.compile(r"[^.!?…。！？\n]+(?:[.!?…。！？]+|\n|$)\s*")


@dataclass(frozen=True)
class Passage:
    """A part of a text.

    Parameters
    ----------
    start, end
        Where it stands, in characters; the end is not part of it.
    text
        The part.
    """

    start: int
    end: int
    text: str


def passage(content: str, terms: Collection[str]) -> Passage | None:
    """The part of a long text with most of some search terms, of equals the first; its beginning where none has any.

    None of a text that is short, or has no words.
    """
    if len(content) <= LONG:
        return None
    parts = list(_parts(content))
    if not parts:
        return None
    has = [set(terms) & set(words(content[start:end])) for start, end in parts]
    best = max(range(len(parts)), key=lambda at: (len(set().union(*has[at : _after(parts, at)])), -at))
    start = parts[best][0]
    text = content[start : parts[_after(parts, best) - 1][1]].rstrip()
    return Passage(start, start + len(text), text)


def _after(parts: list[tuple[int, int]], first: int) -> int:
    """The sentence after those that fit from the given one on."""
    start, after = parts[first][0], first + 1
    while after < len(parts) and parts[after][1] - start <= _WIDE:
        after += 1
    return after


def _parts(content: str) -> Iterator[tuple[int, int]]:
    """Where sentences begin and end; one that is too long is cut."""
    for found in _SENTENCE.finditer(content):
        for start in range(found.start(), found.end(), _WIDE):
            if content[start : (end := min(start + _WIDE, found.end()))].strip():
                yield start, end
