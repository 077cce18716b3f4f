"""A text cut into words, with what each place of it tells about capitals and accents.

Words are cut by one pattern: it keeps marks with their letters, so that offsets are those of the text as it is given,
however it is composed.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import regex

from scoring.called import forms, words_in
from scoring.ordinary_words import LONGEST_PHRASE, Phrases

_ENDS = regex.compile(r"[.!?…;:。？！][\p{P}\s]*\s|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_LINE_ENDS = regex.compile(r"[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_OPENS = regex.compile(r"""["“”„«‹(\[{–—•*>|]|(?<!\w)['‘]\s*$""")
_ABBREVIATIONS = frozenset({"mr", "mrs", "ms", "dr", "prof", "st", "mx"})
_HYPHENS = "-\u2010\u2011"
_APOSTROPHES = "'’ʼ"
_GLUE = frozenset(f"{_HYPHENS}{_APOSTROPHES}_./\\@&=#~+")
_ACCOUNT = regex.compile(r"[\p{L}\p{M}\p{N}_@.+\-]+")
_SHORTEST_BARE_ACCOUNT, _LONGEST_ACCOUNT = 5, 254
_MOSTLY_CAPITALS, _ACCENTED = 0.6, 0.4


@dataclass(slots=True, eq=False)
class Word:
    """A word of a text.

    Parameters
    ----------
    start, end
        Where it stands.
    spelled, letters
        How it is compared.
    begins
        Whether a sentence, a line or a quotation begins with it, so that its capital tells nothing.
    """

    start: int
    end: int
    written: str
    spelled: str
    letters: str
    begins: bool
    sentence: "Sentence"
    line: "Line"

    @property
    def is_bare(self) -> bool:
        """Whether it has no accents."""
        return self.spelled == self.letters

    @property
    def is_capital(self) -> bool:
        """Whether it begins with a capital."""
        return self.written[0].isupper() or self.written[0].istitle()

    @property
    def is_acronym(self) -> bool:
        """Whether it is all capitals, at least two."""
        return len(self.written) > 1 and self.written.isupper()


class Sentence:
    """What the capitals of a sentence tell."""

    def __init__(self) -> None:
        self.words: list[Word] = []
        self.has_comma = False

    @cached_property
    def is_shouted(self) -> bool:
        """Whether it is written in capitals."""
        cased = [word for word in self.words if word.written.upper() != word.written.lower()]
        shouted = sum(word.written.isupper() for word in cased)
        return shouted > _MOSTLY_CAPITALS * len(cased)

    @cached_property
    def is_heading(self) -> bool:
        """Whether most of its words begin with a capital, as in a title."""
        capitals = sum(word.is_capital for word in self.words[1:])
        return not self.has_comma and capitals > 2 and capitals > _MOSTLY_CAPITALS * (len(self.words) - 1)


class Line:
    """What the accents of a line tell."""

    def __init__(self) -> None:
        self.words: list[Word] = []

    @cached_property
    def is_accented(self) -> bool:
        """Whether whoever wrote it writes accents, so that what has none is meant to have none."""
        return sum(not word.is_bare for word in self.words) >= _ACCENTED * len(self.words)


class Reading:
    """The words of a text, and what stands between them."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.words: list[Word] = []
        sentence, line, place = Sentence(), Line(), 0
        for start, end in words_in(text):
            gap, last = text[place:start], self.words[-1] if self.words else None
            if last is None or _LINE_ENDS.search(gap):
                line = Line()
            abbreviated = last is not None and gap.startswith(".") and _is_abbreviation(last)
            ends = last is None or line is not last.line or (not abbreviated and _ENDS.match(gap) is not None)
            if ends:
                sentence = Sentence()
            sentence.has_comma |= "," in gap and not ends
            written = text[start:end]
            begins = ends or _OPENS.search(gap) is not None
            word = Word(start, end, written, *forms(written), begins, sentence, line)
            for whole in (sentence, line, self):
                whole.words.append(word)
            place = end

    def gap(self, place: int) -> str:
        """What stands before a word, back to the word before it."""
        return self.text[self.words[place - 1].end if place else 0 : self.words[place].start]

    def is_joined(self, place: int) -> bool:
        """Whether a word may belong to one name with the word before it."""
        gap = self.gap(place)
        if gap.startswith(".") and len(self.words[place - 1].written) == 1:
            gap = gap[1:]
        return gap in {"", *_HYPHENS, *_APOSTROPHES} or self._is_space(gap)

    def next_to(self, place: int) -> Word | None:
        """The word at a place, if only spaces part it from the word before it."""
        return self.words[place] if 0 < place < len(self.words) and self._is_space(self.gap(place)) else None

    def before(self, place: int) -> Word | None:
        """The word before a place, if only spaces part it from the one there, or the stop of an abbreviation."""
        if not place:
            return None
        gap, last = self.gap(place), self.words[place - 1]
        if gap.startswith(".") and (_is_abbreviation(last) or len(last.written) == 1):
            gap = gap[1:]
        return last if self._is_space(gap) else None

    def phrase(self, start: int, end: int, *, letters: bool) -> str:
        """Words from one place to another, as they are compared."""
        return " ".join(word.letters if letters else word.spelled for word in self.words[start:end])

    def is_before(self, place: int, phrases: Phrases) -> bool:
        """Whether one of some phrases stands right before a word."""
        start, letters = place, not self.words[place].line.is_accented
        while start and place - start < LONGEST_PHRASE and self.before(start):
            start -= 1
            if phrases.have(self.phrase(start, place, letters=letters), letters=letters):
                return True
        return False

    def is_behind(self, place: int, phrases: Phrases) -> bool:
        """Whether one of some phrases begins at a place, right behind the word before it."""
        end, letters = place, not self.words[place - 1].line.is_accented
        while end - place < LONGEST_PHRASE and self.next_to(end):
            end += 1
            if phrases.have(self.phrase(place, end, letters=letters), letters=letters):
                return True
        return False

    def is_possessive(self, end: int) -> bool:
        """Whether an English ``'s`` stands behind the word before a place."""
        return end < len(self.words) and self.words[end].letters == "s" and self.gap(end) in _APOSTROPHES

    def is_called_by_at(self, place: int) -> bool:
        """Whether an @ stands at a word that is not the one of an address."""
        start = self.words[place].start
        return self.text[max(start - 1, 0) : start] == "@" and not self.text[max(start - 2, 0) : start - 1].strip(
            " \t\n\r(,;:/"
        )

    def is_tagged(self, place: int) -> bool:
        """Whether a # stands at a word."""
        start = self.words[place].start
        return self.text[max(start - 1, 0) : start] == "#"

    def is_glued(self, start: int, end: int) -> bool:
        """Whether words are a piece of a longer word, of an address, a path or a file's name."""
        first, last = self.words[start].start, self.words[end - 1].end
        around = self.text[max(first - 2, 0) : first], self.text[last : last + 2]
        before, behind = around[0][-1:], around[1][:1]
        if before in "/\\_=~&" and before:
            return True
        if before == "@":
            return not self.is_called_by_at(start)
        if before in _GLUE and len(around[0]) > 1 and _is_inside(around[0][0]):
            return True
        if behind in {"/", "\\", "_", "@", "=", "~"}:
            return True
        return behind in _GLUE - set(_APOSTROPHES) and len(around[1]) > 1 and _is_inside(around[1][1])

    @staticmethod
    def _is_space(gap: str) -> bool:
        return 0 < len(gap) < 4 and all(one == " " or (one.isspace() and one >= "\xa0") for one in gap)


def _is_inside(letter: str) -> bool:
    return letter.isalnum() or letter in _GLUE


def _is_abbreviation(word: Word) -> bool:
    return word.letters in _ABBREVIATIONS or (len(word.written) == 1 and word.is_capital)


def accounts_in(text: str) -> Iterator[tuple[int, int]]:
    """Where accounts and addresses may stand: ``@somebody``, ``some_body2``, ``some.body@where.example``."""
    for found in _ACCOUNT.finditer(text):
        written = found[0].strip(".+-").rstrip("@")
        if len(written) <= _LONGEST_ACCOUNT and _is_like_an_account(written):
            start = found.start() + found[0].index(written)
            yield start, start + len(written)


def _is_like_an_account(written: str) -> bool:
    """Whether an account can be told from a word: by an @, or by a letter beside a stop, a line or a digit."""
    if "@" in written:
        return True
    told = any(letter in "._" or letter.isdigit() for letter in written)
    return told and len(written) >= _SHORTEST_BARE_ACCOUNT and any(letter.isalpha() for letter in written)
