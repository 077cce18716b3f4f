"""Which people and projects a text mentions. A wrong link is worse than none: who is not clear is asked about, or left.

Offsets are those of the text as it is given, whether its letters are composed (NFC) or not. A line written with accents
means them; one without fits by its letters. A full name needs no reason; a part of one, or a single word, needs a
capital that tells something, or a neighbour that does, and never counts where a neighbour tells that it is the
ordinary word.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from scoring.called import Called, Known, Label, Way, account
from scoring.reading import Reading, accounts_in
from scoring.reasons import Place, Reason

__all__ = ["Entities", "Known", "Mention", "Reason"]

_SHORTEST_BARE_ACCOUNT = 5


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
        Whom they may mean: one who is linked, or several to ask about, in the order in which they became known.
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
            written = text[start:end]
            telling = "@" in written or (len(written) >= _SHORTEST_BARE_ACCOUNT and not written.isalpha())
            if telling and "-" in written and "@" not in written:
                continue
            if telling and (ids := self._called.holders(Way.HANDLE, account(written), letters=False)):
                yield self._mention(text, start, end, ids, Reason.HANDLE)

    def _names(self, reading: Reading) -> Iterator[Mention]:
        for start, word in enumerate(reading.words):
            longest, end = self._called.longest(word.letters), start
            while end < min(start + longest, len(reading.words)) and (end == start or reading.is_joined(end)):
                end += 1
                if found := Place(self._called, reading, start, end).judged():
                    ids, reason = found
                    at = reading.is_called_by_at(start)
                    first, last = word.start - at, reading.words[end - 1].end
                    yield self._mention(reading.text, first, last, ids, Reason.AT if at else reason)

    def _mention(self, text: str, start: int, end: int, ids: tuple[str, ...], reason: Reason) -> Mention:
        labels = {self._called[one].label for one in ids}
        return Mention(start, end, text[start:end], labels.pop() if len(labels) == 1 else None, ids, reason)
