"""Which offset of a partition may be committed: everything before it is accepted, whatever order that happened in."""


class ContiguousOffsets:
    """Offsets of one partition under way and done.

    Parameters
    ----------
    position
        First offset that is not committed.
    """

    def __init__(self, position: int) -> None:
        self.position = position
        self._open: set[int] = set()
        self._next = position

    def begin(self, offset: int) -> None:
        """Take a record in hand; offsets come in growing order, with gaps where a topic was compacted."""
        self._open.add(offset)
        self._next = max(self._next, offset + 1)

    def done(self, offset: int) -> None:
        """A record was accepted or dead-lettered."""
        self._open.discard(offset)

    def passed(self, position: int) -> None:
        """Everything before a position was taken in hand; what is not there (marks of transactions) is done."""
        self._next = max(self._next, position)

    def reached(self) -> int:
        """The first offset that is not done."""
        return min(self._open, default=self._next)

    def committable(self) -> int | None:
        """The offset to commit, the first that is not done; None when nothing new is done."""
        reached = self.reached()
        return reached if reached > self.position else None

    def committed(self, offset: int) -> None:
        """The offset was committed."""
        self.position = max(self.position, offset)
