"""A file's rows from the first batch to the last text, and what became of them; who watches hears how far it is."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Protocol

from temporalio.client import Client

from importing.job import ImportJob
from importing.kinds import import_kind
from importing.rows import BadRow, GoodRow
from ontology.references import Caller
from runtime.settings import Settings
from workflows.import_batches import Outcome, Sender


@dataclass
class Summary:
    """What became of the rows of a file.

    Parameters
    ----------
    written, same, bad
        Rows that were written, that stood there, and that were refused.
    besides
        What became of what rows said of another kind.
    seconds, behind
        Until all rows stood in the graph, and until all could be found.
    """

    written: int = 0
    same: int = 0
    bad: list[BadRow] = field(default_factory=list)
    besides: Outcome | None = None
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


async def carry_out(
    job: ImportJob, client: Client, tree: Settings, caller: Caller, watcher: Watcher, *, wait: bool = True
) -> Summary:
    """Import the file; ``wait`` also until what the rows say can be found.

    Raises
    ------
    TemporalAwayError
        Temporal cannot be reached, or stayed away too long.
    """
    summary, began = Summary(), time.monotonic()
    texts: list[tuple[str, int]] = []

    def done(outcome: Outcome) -> None:
        summary.written += outcome.written
        summary.same += outcome.same
        summary.bad += job.refused(outcome.refused)
        texts.extend(outcome.texts)
        watcher.rows(summary, time.monotonic() - began)

    further: list[GoodRow] = []
    sender = Sender(client, job.chosen.kind, tree, caller, partial(watcher.waiting, ""))
    await sender.send(_sendable(job, summary, further), done)
    summary.seconds = time.monotonic() - began
    watcher.rows(summary, summary.seconds)
    if further:
        await _send_besides(job, client, tree, caller, further, summary, watcher)
    if texts and wait:
        total, found = sum(rows for _, rows in texts), 0
        watcher.searchable(0, total)

        def following(rows: int) -> None:
            nonlocal found
            found += rows
            watcher.searchable(found, total)

        await sender.searchable(texts, following)
        summary.behind = time.monotonic() - began
    return summary


async def _send_besides(
    job: ImportJob,
    client: Client,
    tree: Settings,
    caller: Caller,
    rows: Sequence[GoodRow],
    summary: Summary,
    watcher: Watcher,
) -> None:
    """Send what the rows that were written say of another kind."""
    kind = import_kind(str(job.chosen.kind.besides))
    left_out = {row.line.number for row in summary.bad}
    going = [row for row in rows if row.line.number not in left_out]
    besides = summary.besides = Outcome(what=kind.name)
    watcher.besides(besides, len(going))

    def done(outcome: Outcome) -> None:
        besides.written += outcome.written
        besides.same += outcome.same
        besides.refused += outcome.refused
        watcher.besides(besides, len(going))

    await Sender(client, kind, tree, caller, partial(watcher.waiting, kind.name)).send(going, done)


def _sendable(job: ImportJob, summary: Summary, further: list[GoodRow]) -> Iterator[GoodRow]:
    """The good rows; the others go straight to the summary, and what rows say of another kind to ``further``."""
    for row in job.read():
        if isinstance(row, GoodRow):
            further += row.besides
            yield row
        elif isinstance(row, BadRow):
            summary.bad.append(row)
        else:
            summary.same += 1
