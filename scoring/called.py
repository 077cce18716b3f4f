"""What people and projects are called, kept so that whoever is called something is found at once.

Plain dictionaries from what is written to whom it may mean, once as it is spelled and once by its letters; that is as
fast as a trie, and what somebody is called can change in place.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import product
from typing import Literal

import regex

from runtime.text import exact, fold, spelled
from scoring.ordinary_words import WORDS

Label = Literal["Person", "Project"]
LABELS: tuple[Label, ...] = ("Person", "Project")

_WORD = regex.compile(r"[\p{L}\p{M}\p{N}]+")
_LONGEST_WORD = 64
"""Characters; what is longer is nobody's name, and folding many marks at once takes the square of their number."""
_MOST_WORDS = 12


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody or something that a text may mention.

    Parameters
    ----------
    id
        Of its node.
    handles
        Names of accounts without their @, and addresses.
    """

    id: str
    label: Label
    full_name: str
    aliases: tuple[str, ...] = ()
    handles: tuple[str, ...] = ()


class Way(StrEnum):
    """In which way something is what somebody is called."""

    WHOLE = "whole"
    """A full name or an alias."""
    PAIR = "pair"
    """A given name with the surname, in either order, or with the name before it."""
    GIVEN = "given"
    SURNAME = "surname"
    HANDLE = "handle"


Fit = tuple[Label, Way]
Holders = dict[str, None]
"""Ids in the order in which they came; a set that keeps its order."""
Tables = Mapping[Fit, dict[str, str | Holders]]
"""What is written → the one id, or several."""


class Called:
    """Who is called what; see :class:`~scoring.entities.Entities` for what is made of it."""

    def __init__(self) -> None:
        self._known: dict[str, Known] = {}
        self._spelled: Tables = {fit: {} for fit in product(LABELS, Way)}
        self._letters: Tables = {fit: {} for fit in product(LABELS, Way)}
        self._longest: dict[str, int] = {}
        self._of_people: Counter[str] = Counter()

    def __getitem__(self, known: str) -> Known:
        return self._known[known]

    def put(self, known: Known) -> None:
        """Add somebody or something, or let what is known of it be this from now on."""
        self.remove(known.id)
        self._known[known.id] = known
        for way, name in _ways(known):
            _hold(self._spelled[known.label, way], name.spelled, known.id)
            _hold(self._letters[known.label, way], name.letters, known.id)
            if name.count > self._longest.get(name.first, 0):
                self._longest[name.first] = name.count
        self._of_people.update(_words_of(known))

    def remove(self, known: str) -> None:
        """Forget somebody or something; nothing happens if it is not known."""
        if (before := self._known.pop(known, None)) is None:
            return
        for way, name in _ways(before):
            _let_go(self._spelled[before.label, way], name.spelled, known)
            _let_go(self._letters[before.label, way], name.letters, known)
        for word in _words_of(before):
            self._of_people[word] -= 1
            if not self._of_people[word]:
                del self._of_people[word]

    def holders(self, fit: Fit, words: str, *, letters: bool) -> Collection[str]:
        """Whom words mean in a way, as they are spelled or by their letters; not to be kept, since it changes."""
        found = (self._letters if letters else self._spelled)[fit].get(words, ())
        return (found,) if isinstance(found, str) else found

    def is_called(self, letters: str) -> bool:
        """Whether words are by their letters what anybody or anything is called."""
        return any(letters in table for (_, way), table in self._letters.items() if way != Way.HANDLE)

    def longest(self, first: str) -> int:
        """How many words the longest name can have that begins with these letters."""
        return self._longest.get(first, 0)

    def is_of_people(self, word: str) -> bool:
        """Whether a word is part of somebody's full name, as it is spelled or by its letters."""
        return word in self._of_people


@dataclass(frozen=True, slots=True)
class _Name:
    spelled: str
    letters: str
    first: str
    count: int


def words_in(text: str) -> Iterator[tuple[int, int]]:
    """Where words stand in a text: letters with their marks, and digits."""
    return (found.span() for found in _WORD.finditer(text))


@lru_cache(maxsize=1 << 14)
def forms(word: str) -> tuple[str, str]:
    """A word as it is spelled, and its letters; nothing of what is too long for a name."""
    if len(word) > _LONGEST_WORD:
        return "", ""
    letters, spelling = fold(word), spelled(word)
    return (letters, letters) if letters == spelling else (spelling, letters)


def letters_of(name: str) -> str:
    """The letters of a name's words."""
    return " ".join(forms(word)[1] for word in _split(name))


def account(handle: str) -> str:
    """How handles are compared."""
    return exact(handle.removeprefix("@"))


def _ways(known: Known) -> Iterator[tuple[Way, _Name]]:
    for handle in known.handles:
        yield Way.HANDLE, _Name(account(handle), account(handle), "", 0)
    for name in {known.full_name, *known.aliases}:
        yield from _named(Way.WHOLE, _split(name))
    if known.label == "Person":
        yield from _parts(known.full_name)


def _parts(name: str) -> Iterator[tuple[Way, _Name]]:
    """Parts of a person's name; behind a Vietnamese surname the given name is last."""
    words = name.split()
    if len(words) < 2:
        return
    first, last = words[0], words[-1]
    begins, ends = (fold(word) in WORDS.surnames for word in (first, last))
    called = {(Way.GIVEN, last), (Way.SURNAME, first)} if begins else set()
    if ends or not begins:
        called |= {(Way.GIVEN, first), (Way.SURNAME, last)}
    pairs = {f"{first} {last}", f"{last} {first}", *([" ".join(words[-2:])] if begins else [])}
    called |= {(Way.PAIR, pair) for pair in pairs - {" ".join(words)}}
    for way, part in called:
        cut = _split(part)
        if way == Way.GIVEN and len(cut) > 1:
            yield from _named(Way.PAIR, cut)
        elif way == Way.PAIR or len(cut) == 1:
            yield from _named(way, cut)


def _named(way: Way, words: list[str]) -> Iterator[tuple[Way, _Name]]:
    written = [forms(word) for word in words]
    if written and len(written) <= _MOST_WORDS and all(letters for _, letters in written):
        spelling, letters = " ".join(one for one, _ in written), " ".join(one for _, one in written)
        yield way, _Name(spelling, spelling if spelling == letters else letters, written[0][1], len(written))


def _split(name: str) -> list[str]:
    return [name[start:end] for start, end in words_in(name)]


def _words_of(known: Known) -> set[str]:
    return {form for word in _split(known.full_name) for form in forms(word)} if known.label == "Person" else set()


def _hold(table: dict[str, str | Holders], key: str, known: str) -> None:
    held = table.get(key)
    if held is None:
        table[key] = known
    elif isinstance(held, dict):
        held[known] = None
    elif held != known:
        table[key] = {held: None, known: None}


def _let_go(table: dict[str, str | Holders], key: str, known: str) -> None:
    held = table.get(key)
    if held == known:
        del table[key]
    elif isinstance(held, dict):
        held.pop(known, None)
        if not held:
            del table[key]
