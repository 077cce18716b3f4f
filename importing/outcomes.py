"""What became of the rows of a file, who hears of it meanwhile, and what is remembered of batches."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
from uuid import UUID

from importing.job import ImportJob
from importing.rows import BadRow, GoodRow
from ontology.file_imports import BatchOutcome
from ontology.imports import RowRefusal
from ontology.references import Caller


@dataclass
class Outcome:
    """What became of rows.

    Parameters
    ----------
    what
        They make, where that is not what the file is about.
    written, same, refused
        Rows that were written, that stood there, and that were refused.
    texts
        The runs that make them searchable, each with the number of its rows.
    """

    what: str = ""
    written: int = 0
    same: int = 0
    refused: list[tuple[GoodRow, RowRefusal]] = field(default_factory=list)
    texts: list[tuple[str, int]] = field(default_factory=list)


@dataclass
class Summary:
    """What became of the rows of a file.

    Parameters
    ----------
    written, same, bad
        Rows that were written, that stood there, and that were refused.
    besides
        What became of what rows said of another kind.
    texts
        The runs that make the rows searchable, each with the number of its rows.
    seconds, behind
        Until all rows stood in the graph, and until all could be found.
    """

    written: int = 0
    same: int = 0
    bad: list[BadRow] = field(default_factory=list)
    besides: Outcome | None = None
    texts: list[tuple[str, int]] = field(default_factory=list)
    seconds: float = 0.0
    behind: float = 0.0

    @property
    def rows(self) -> int:
        """Rows that were dealt with."""
        return self.written + self.same + len(self.bad)


class Watcher(Protocol):
    """Hears how far an import is."""

    def rows(self, summary: Summary, seconds: float) -> None:
        """So much of the file is done, after so many seconds."""

    def besides(self, outcome: Outcome, total: int) -> None:
        """So much is done of what the rows say of another kind."""

    def searchable(self, rows: int, total: int) -> None:
        """So many of the rows that were written can be found."""

    def waiting(self, what: str, away: bool) -> None:
        """Temporal has gone away, or is back; what is sent are rows of the file (empty), or of this other kind."""


class BatchMemory:
    """What is known of an import's batches from an earlier try: each is counted once, by the try that sent it.

    This one knows nothing and keeps nothing: an import that is made again finds its rows there.
    """

    since: datetime | None = None
    """When the import began, by Temporal's clock; None where no try was before."""

    def known(self, kind: str, again: int, batch: UUID) -> BatchOutcome | None:
        """What became of a batch that was sent after so many times."""
        return None

    def counted(self, run: str | None) -> bool:
        """Whether what a run wrote is counted already."""
        return False

    async def keep(self, kind: str, again: int, batch: UUID, outcome: BatchOutcome) -> None:
        """Keep what became of a batch."""


class FileSender(Protocol):
    """Carries an import out."""

    async def __call__(
        self, job: ImportJob, *, caller: Caller, watcher: Watcher, memory: BatchMemory, wait: bool
    ) -> Summary:
        """Import the file; ``wait`` also until what the rows say can be found."""
        ...
