"""A file's rows from the first batch to the last text, and what became of them; who watches hears how far it is."""

import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from functools import partial

from temporalio.client import Client

from importing.job import ImportJob
from importing.kinds import ImportKind, import_kind
from importing.outcomes import BatchMemory, Outcome, Summary, Watcher
from importing.rows import BadRow, GoodRow, RepeatedRow
from ontology.references import Caller
from runtime.settings import Settings
from workflows.import_batches import Sender


async def carry_out(
    job: ImportJob,
    *,
    client: Client,
    tree: Settings,
    caller: Caller,
    watcher: Watcher,
    memory: BatchMemory,
    wait: bool,
) -> Summary:
    """Import the file; ``wait`` also until what the rows say can be found.

    Parameters
    ----------
    job
        The file, not yet read.
    client, tree
        Connected client, and settings.
    caller
        Who imports.
    watcher
        Hears how far it is.
    memory
        What is known of its batches from an earlier try.
    wait
        Whether the texts that follow are waited for.

    Raises
    ------
    TemporalAwayError
        Temporal cannot be reached, or stayed away too long.
    """
    summary, began = Summary(), time.monotonic()

    passed_over = deque[BadRow | RepeatedRow]()

    def take() -> None:
        while passed_over:
            row = passed_over.popleft()
            if isinstance(row, BadRow):
                summary.bad.append(row)
            else:
                summary.same += 1

    def done(outcome: Outcome) -> None:
        take()
        summary.written += outcome.written
        summary.same += outcome.same
        summary.bad += job.refused(outcome.refused)
        summary.texts += outcome.texts
        watcher.rows(summary, time.monotonic() - began)

    further: list[GoodRow] = []
    sender = Sender(client, job.chosen.kind, tree, caller, partial(watcher.waiting, ""), memory)

    def sender_of(kind: ImportKind) -> Sender:
        return Sender(client, kind, tree, caller, partial(watcher.waiting, kind.name), memory)

    await sender.send(_sendable(job, passed_over, further), done)
    take()
    summary.seconds = time.monotonic() - began
    watcher.rows(summary, summary.seconds)
    if further:
        await _send_besides(job, sender_of, further, summary, watcher)
    if summary.texts and wait:
        total, found = sum(rows for _, rows in summary.texts), 0
        watcher.searchable(0, total)

        def following(rows: int) -> None:
            nonlocal found
            found += rows
            watcher.searchable(found, total)

        await sender.searchable(summary.texts, following)
        summary.behind = time.monotonic() - began
    return summary


async def _send_besides(
    job: ImportJob, sender: Callable[[ImportKind], Sender], rows: Sequence[GoodRow], summary: Summary, watcher: Watcher
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

    await sender(kind).send(going, done)


def _sendable(job: ImportJob, passed_over: deque[BadRow | RepeatedRow], further: list[GoodRow]) -> Iterator[GoodRow]:
    """The good rows, read in a thread of their own; the others, and what rows say of another kind, are handed over."""
    for row in job.read():
        if isinstance(row, GoodRow):
            further += row.besides
            yield row
        else:
            passed_over.append(row)
