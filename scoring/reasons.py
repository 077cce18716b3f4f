"""Whether words of a text that somebody is called mean them, and why."""

from collections.abc import Collection
from enum import StrEnum
from typing import NamedTuple

from scoring.called import LABELS, Called, Fit, Label, Way, letters_of
from scoring.ordinary_words import WORDS, Phrases
from scoring.reading import Reading, Word

_ROMAN = frozenset({"ii", "iii", "iv", "vi", "vii", "viii", "ix"})
_TELLING_LENGTH = 3
"""Words of a name that is enough without capitals."""


class Reason(StrEnum):
    """Why words are taken for a mention; may be shown."""

    NAME = "full name"
    ALIAS = "alias"
    HANDLE = "handle"
    AT = "@"
    TITLE = "form of address"
    ADDRESS = "addressed"
    POSSESSIVE = "possessive"
    SPEECH = "verb of speech"
    PROJECT = "called a project"
    PAIR = "part of the name"
    CAPITAL = "capital"
    RARE = "no other word"


_TELLING = frozenset({Reason.TITLE, Reason.AT, Reason.ADDRESS, Reason.SPEECH, Reason.PROJECT})
"""Reasons that tell a person from a project."""


class Meaning(NamedTuple):
    """In which ways words may mean somebody, the words as they are compared, and why."""

    fits: tuple[Fit, ...]
    words: str
    letters: bool
    reason: Reason


class Place:
    """Words of a text that may be somebody's name.

    Parameters
    ----------
    start, end
        Places of the first word and behind the last.
    """

    def __init__(self, called: Called, reading: Reading, start: int, end: int) -> None:
        self._called, self._reading, self._start, self._end = called, reading, start, end
        self._words = reading.words[start:end]
        first, last = self._words[0], self._words[-1]
        self._line_letters = not first.line.is_accented
        self._letters = self._line_letters and all(one.is_bare for one in self._words)
        self._written = reading.phrase(start, end, letters=self._letters)
        self._shouted = first.sentence.is_shouted
        self._capital = first.is_capital and last.is_capital and not self._shouted

    def judged(self) -> Meaning | None:
        """Whom the words may mean, and why; None if they mean nobody."""
        if not (fits := self._fits()) or self._reading.is_glued(self._start, self._end):
            return None
        why = {"Person": self._why_person, "Project": self._why_project}
        reasons = {label: why[label](fits) for label in dict.fromkeys(label for label, _ in fits)}
        means = {label: reason for label, reason in reasons.items() if reason}
        told = {label: reason for label, reason in means.items() if reason in _TELLING}
        means = told if len(told) == 1 else means
        if not means:
            return None
        meant = tuple(fit for fit in fits if fit[0] in means)
        return Meaning(meant, self._written, self._letters, next(iter(means.values())))

    def _fits(self) -> list[Fit]:
        """In which ways the words are what people and projects are called."""
        whole: list[Fit] = [(label, Way.WHOLE) for label in LABELS if self._holders((label, Way.WHOLE))]
        if len(self._words) > 1:
            parts = [] if whole else [Way.PAIR]
        else:
            parts = [Way.GIVEN, Way.SURNAME] if self._is_behind(WORDS.formal) else [Way.GIVEN]
        return [*whole, *(("Person", way) for way in parts if self._holders(("Person", way)))]

    def _holders(self, fit: Fit) -> Collection[str]:
        return self._called.holders(fit, self._written, letters=self._letters)

    def _why_person(self, fits: list[Fit]) -> Reason | None:
        at = self._reading.is_called_by_at(self._start)
        titled = self._is_titled()
        if self._goes_on() or self._is_behind(WORDS.things):
            return None
        if len(self._words) == 1:
            return self._why_single_person(at, titled)
        if ("Person", Way.WHOLE) not in fits:
            return Reason.PAIR if self._capital else None
        ordinary = all(WORDS.is_ordinary(one.letters) for one in self._words)
        if not (self._capital or at or titled or not ordinary or len(self._words) >= _TELLING_LENGTH):
            return None
        return self._name_or_alias("Person")

    def _why_single_person(self, at: bool, titled: bool) -> Reason | None:
        [word] = self._words
        ordinary = WORDS.is_ordinary(word.letters)
        if not word.is_capital or (self._shouted and not at):
            return Reason.TITLE if titled and not ordinary else None
        if self._is_ordinary_beside(ordinary) or (self._has(word, WORDS.pronouns) and not (at or titled)):
            return None
        reasons = {
            Reason.AT: at,
            Reason.TITLE: titled,
            Reason.ADDRESS: self._is_behind(WORDS.addresses) or self._reading.is_behind(self._end, WORDS.calls),
            Reason.POSSESSIVE: self._reading.is_possessive(self._end),
            Reason.SPEECH: self._reading.is_behind(self._end, WORDS.speech),
            Reason.CAPITAL: self._tells_capital(),
            Reason.RARE: not ordinary and not word.is_acronym,
        }
        return next((reason for reason, holds in reasons.items() if holds), None)

    def _why_project(self, _: list[Fit]) -> Reason | None:
        told = self._is_behind(WORDS.before_projects) or self._reading.is_behind(self._end, WORDS.after_projects)
        if self._reading.is_tagged(self._start):
            return Reason.PROJECT
        if self._is_numbered() or self._goes_on():
            return None
        if len(self._words) == 1:
            tells = self._tells_capital() and not self._is_ordinary_beside(True)
            return (Reason.PROJECT if told else Reason.CAPITAL if tells else None) if self._capital else None
        foreign = any(not WORDS.is_ordinary(one.letters) for one in self._words)
        if self._capital or (foreign and len(self._words) >= _TELLING_LENGTH):
            return self._name_or_alias("Project")
        return Reason.PROJECT if told else None

    def _name_or_alias(self, label: Label) -> Reason:
        first = next(iter(self._holders((label, Way.WHOLE))))
        written = self._reading.phrase(self._start, self._end, letters=True)
        return Reason.NAME if written == letters_of(self._called[first].full_name) else Reason.ALIAS

    def _tells_capital(self) -> bool:
        """Whether the capital of the word is one of its own."""
        [word] = self._words
        return not (word.begins or word.is_acronym or word.sentence.is_heading)

    def _is_ordinary_beside(self, ordinary: bool) -> bool:
        """Whether a neighbour tells that the word is none of ours."""
        [word], reading = self._words, self._reading
        if self._is_numbered() or self._is_behind(WORDS.things):
            return True
        before, behind = reading.before(self._start), reading.next_to(self._end)
        if behind is None and reading.is_possessive(self._end):
            behind = reading.words[self._end]
        if behind and self._is_never(word, behind):
            return True
        if self._is_behind(WORDS.addresses):
            return False
        if before and (self._is_never(before, word) or (ordinary and before.written.isdigit())):
            return True
        return self._has(word, WORDS.places) and self._is_behind(WORDS.prepositions)

    def _is_never(self, *words: Word) -> bool:
        letters = self._line_letters
        return WORDS.never.have(" ".join(one.letters if letters else one.spelled for one in words), letters=letters)

    def _is_numbered(self) -> bool:
        """Whether a number stands behind, so that it is a day, or another project."""
        behind = self._reading.next_to(self._end)
        return behind is not None and (behind.written[0].isdigit() or behind.letters in _ROMAN)

    def _goes_on(self) -> bool:
        """Whether the words are a part of a longer name of somebody else."""
        return self._goes_on_behind() or self._goes_on_before()

    def _goes_on_behind(self) -> bool:
        reading, behind = self._reading, self._reading.next_to(self._end)
        if behind is None or reading.is_behind(self._end, WORDS.after_projects):
            return False
        if not self._capital:
            return self._is_of_people(behind)
        place: int = self._end
        while behind and not behind.is_capital and self._has(behind, WORDS.particles):
            place += 1
            behind = reading.next_to(place)
        return behind is not None and behind.is_capital and not behind.is_acronym

    def _goes_on_before(self) -> bool:
        before = self._reading.before(self._start)
        exempt = (WORDS.addresses, WORDS.before_projects)
        if before is None or self._is_titled() or any(self._is_behind(phrases) for phrases in exempt):
            return False
        if not self._capital:
            return self._is_of_people(before)
        return before.is_capital and not before.is_acronym and self._may_be_a_name(before)

    def _is_titled(self) -> bool:
        """Whether a form of address stands before the words; in "Bùi Anh Tuấn" there is none."""
        if self._is_behind(WORDS.formal):
            return True
        if not self._is_behind(WORDS.titles):
            return False
        title, before = self._reading.words[self._start - 1], self._reading.before(self._start - 1)
        return not (title.is_capital and before and before.is_capital and self._may_be_a_name(before))

    def _may_be_a_name(self, word: Word) -> bool:
        """Whether a word with a capital may be a name of people."""
        return not word.begins or len(word.written) == 1 or word.letters in WORDS.surnames or self._is_of_people(word)

    def _is_of_people(self, word: Word) -> bool:
        """Whether a word is a name of people, and is not known to be something else as well."""
        if WORDS.ordinary.have(word.letters, letters=True):
            return False
        return self._called.is_of_people(word.letters if self._line_letters else word.spelled)

    def _is_behind(self, phrases: Phrases) -> bool:
        return self._reading.is_before(self._start, phrases)

    def _has(self, word: Word, phrases: Phrases) -> bool:
        return phrases.have(word.letters if self._line_letters else word.spelled, letters=self._line_letters)
