"""Whether words of a text that somebody is called mean them, and why."""

from enum import StrEnum

from runtime.text import fold
from scoring.called import Called, Way
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
        self._shouted = first.sentence.is_shouted
        self._capital = first.is_capital and last.is_capital and not self._shouted

    def judged(self) -> tuple[tuple[str, ...], Reason] | None:
        """Whom the words may mean, and why; None if they mean nobody."""
        whole, parts = self._holders()
        if not (whole or parts) or self._reading.is_glued(self._start, self._end):
            return None
        means: list[tuple[tuple[str, ...], Reason]] = []
        for label, why in (("Person", self._why_person), ("Project", self._why_project)):
            ids = tuple(one for one in dict.fromkeys((*whole, *parts)) if self._called[one].label == label)
            if ids and (reason := why(ids, whole=bool(whole))):
                means.append((ids, reason))
        told = [one for one in means if one[1] in {Reason.TITLE, Reason.AT, Reason.PROJECT}]
        means = told if len(told) == 1 else means
        return (tuple(one for ids, _ in means for one in ids), means[0][1]) if means else None

    def _holders(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Whose full name or alias the words are, and of whose name a part."""
        whole = self._called_in(Way.WHOLE)
        if len(self._words) > 1:
            return whole, () if whole else self._called_in(Way.PAIR)
        formal = self._called_in(Way.SURNAME) if self._is_behind(WORDS.formal) else ()
        return whole, (*self._called_in(Way.GIVEN), *formal)

    def _called_in(self, way: Way) -> tuple[str, ...]:
        words = self._reading.phrase(self._start, self._end, letters=self._letters)
        return self._called.holders(way, words, letters=self._letters)

    def _why_person(self, ids: tuple[str, ...], *, whole: bool) -> Reason | None:
        at = self._reading.is_called_by_at(self._start)
        titled = self._is_behind(WORDS.titles) or self._is_behind(WORDS.formal)
        if self._goes_on():
            return None
        if len(self._words) == 1:
            return self._why_single_person(at, titled)
        if not whole:
            return Reason.PAIR if self._capital else None
        ordinary = all(WORDS.is_ordinary(one.letters) for one in self._words)
        if not (self._capital or at or titled or not ordinary or len(self._words) >= _TELLING_LENGTH):
            return None
        return Reason.NAME if self._is_full_name(ids[0]) else Reason.ALIAS

    def _why_single_person(self, at: bool, titled: bool) -> Reason | None:
        [word] = self._words
        ordinary = WORDS.is_ordinary(word.letters)
        if not word.is_capital or (self._shouted and not at):
            return Reason.TITLE if titled and not ordinary else None
        if self._is_ordinary_beside(ordinary) or (self._has(word.letters, WORDS.pronouns) and not (at or titled)):
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

    def _why_project(self, ids: tuple[str, ...], *, whole: bool) -> Reason | None:
        told = self._is_behind(WORDS.before_projects) or self._reading.is_behind(self._end, WORDS.after_projects)
        if self._reading.text[: self._words[0].start].endswith("#"):
            return Reason.PROJECT
        if self._is_numbered() or self._goes_on():
            return None
        if len(self._words) == 1:
            if not self._capital:
                return None
            if told:
                return Reason.PROJECT
            return Reason.CAPITAL if self._tells_capital() and not self._is_ordinary_beside(True) else None
        foreign = any(not WORDS.is_ordinary(one.letters) for one in self._words)
        if self._capital or (foreign and len(self._words) >= _TELLING_LENGTH):
            return Reason.NAME if self._is_full_name(ids[0]) else Reason.ALIAS
        return Reason.PROJECT if told else None

    def _is_full_name(self, known: str) -> bool:
        written = self._reading.phrase(self._start, self._end, letters=True)
        return written.replace(" ", "") == "".join(one for one in fold(self._called[known].full_name) if one.isalnum())

    def _tells_capital(self) -> bool:
        """Whether the capital of the word is one of its own."""
        [word] = self._words
        return not (word.begins or word.is_acronym or word.sentence.is_heading or self._shouted)

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
        return self._has(word.letters, WORDS.places) and self._is_behind(WORDS.prepositions)

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
        if self._has(behind.letters, WORDS.particles):
            after = reading.next_to(self._end + 1)
            return after is not None and after.is_capital
        return behind.is_capital and not behind.is_acronym

    def _goes_on_before(self) -> bool:
        before = self._reading.before(self._start)
        exempt = (WORDS.titles, WORDS.formal, WORDS.addresses, WORDS.before_projects)
        if before is None or any(self._is_behind(phrases) for phrases in exempt):
            return False
        if not self._capital:
            return self._is_of_people(before)
        if before.begins:
            return before.is_capital and self._is_of_people(before)
        return before.is_capital and (not before.is_acronym or len(before.written) == 1)

    def _is_of_people(self, word: Word) -> bool:
        return self._called.is_of_people(word.letters if self._line_letters else word.spelled)

    def _is_behind(self, phrases: Phrases) -> bool:
        return self._reading.is_before(self._start, phrases)

    @staticmethod
    def _has(letters: str, phrases: Phrases) -> bool:
        return phrases.have(letters, letters=True)
