"""Which people and projects a text mentions. A wrong link is worse than none: who is not clear is asked about, or left.

Offsets are those of the text as it is given, whether its letters are composed (NFC) or not. A line written with accents
means them; one without fits by its letters. A full name needs no reason; a part of one, or a single word, needs a
capital that tells something, or a neighbour that does, and never counts where a neighbour tells that it is the
ordinary word.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from scoring.called import LABELS, Called, Fit, Known, Label, Way, account
from scoring.reading import Reading, accounts_in
from scoring.reasons import Meaning, Place, Reason

__all__ = ["Entities", "Known", "Mention", "Reason"]


@dataclass(frozen=True, slots=True)
class Mention:
    """Words that mean somebody or something known.

    Parameters
    ----------
    start, end
        Where they stand in the text as it was given; an @ before them is part of them.
    label
        None where people and projects fit.
    ids
        Whom they may mean: one who is linked, or several to ask about, first those whose whole name fits.
    """

    start: int
    end: int
    words: str
    label: Label | None
    ids: tuple[str, ...]
    reason: Reason

    @property
    def linked(self) -> bool:
        """Whether it is clear who is meant; else it is to be asked."""
        return len(self.ids) == 1


class Entities:
    """Everybody and everything known, to be found in texts.

    Parameters
    ----------
    known
        Who is known at first; :meth:`put` and :meth:`remove` change it in place.
    """

    def __init__(self, known: Iterable[Known] = ()) -> None:
        self._called = Called()
        for one in known:
            self.put(one)

    def put(self, known: Known) -> None:
        """Add somebody or something, or let what is known of it be this from now on."""
        self._called.put(known)

    def remove(self, known: str) -> None:
        """Forget whoever has an id; nothing happens if nobody has."""
        self._called.remove(known)

    def mentions(self, text: str) -> list[Mention]:
        """Who is mentioned in a text, in its order; where names overlap, the longest counts."""
        found = [*self._accounts(text), *self._names(Reading(text))]
        found.sort(key=lambda one: (one.reason != Reason.HANDLE, one.start - one.end, one.start))
        taken, chosen = bytearray(len(text)), []
        for one in found:
            if not any(taken[one.start : one.end]):
                taken[one.start : one.end] = b"\1" * (one.end - one.start)
                chosen.append(one)
        return sorted(chosen, key=lambda one: one.start)

    def _accounts(self, text: str) -> Iterator[Mention]:
        for start, end in accounts_in(text):
            words = account(text[start:end])
            handles: tuple[Fit, ...] = tuple((label, Way.HANDLE) for label in LABELS)
            fits = tuple(fit for fit in handles if self._called.holders(fit, words, letters=False))
            if fits:
                meaning = Meaning(fits, words, letters=False, reason=Reason.HANDLE)
                yield _mention(text, start, end, self._ids(meaning), meaning)

    def _names(self, reading: Reading) -> Iterator[Mention]:
        whom: dict[Meaning, tuple[str, ...]] = {}
        for start, word in enumerate(reading.words):
            end, limit = start, min(start + self._called.longest(word.letters), len(reading.words))
            while end < limit and (end == start or reading.is_joined(end)):
                end += 1
                if not self._called.is_called(reading.phrase(start, end, letters=True)):
                    continue
                if meaning := Place(self._called, reading, start, end).judged():
                    ids = whom.get(meaning) or whom.setdefault(meaning, self._ids(meaning))
                    first = word.start - reading.is_called_by_at(start)
                    yield _mention(reading.text, first, reading.words[end - 1].end, ids, meaning)

    def _ids(self, meaning: Meaning) -> tuple[str, ...]:
        held = (self._called.holders(fit, meaning.words, letters=meaning.letters) for fit in meaning.fits)
        return tuple(dict.fromkeys(chain.from_iterable(held)))


def _mention(text: str, start: int, end: int, ids: tuple[str, ...], meaning: Meaning) -> Mention:
    labels = {label for label, _ in meaning.fits}
    return Mention(start, end, text[start:end], labels.pop() if len(labels) == 1 else None, ids, meaning.reason)
