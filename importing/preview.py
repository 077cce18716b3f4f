"""What an import would do: the first rows as they would be written, and what would be refused."""

import asyncio
from dataclasses import dataclass, field

from graph.database import GraphDatabase
from graph.errors import GraphUnavailableError
from graph.imports import rehearse_rows
from graph.recorders import recorder_of
from importing.batches import command_of
from importing.job import ImportJob
from importing.rows import BadRow, GoodRow, RepeatedRow
from ontology.imports import ImportRows
from ontology.references import Caller
from runtime.clock import now

_REHEARSED = 1000
"""Rows the graph is asked about: enough to see what is wrong with a file, in one short transaction."""


@dataclass
class Preview:
    """What an import would do.

    Parameters
    ----------
    first
        The first good rows.
    bad
        Rows that would be refused; by the graph only among those it was asked about.
    good, repeated, besides
        Rows that can be sent, rows that say again what a row before them said, and things of another kind that the
        good ones say as well.
    asked, new
        Rows the graph was asked about, and how many of them it does not have; None when it is away.
    """

    first: list[GoodRow]
    bad: list[BadRow] = field(default_factory=list)
    good: int = 0
    repeated: int = 0
    besides: int = 0
    asked: int = 0
    new: int | None = None


async def preview(job: ImportJob, graph: GraphDatabase, source: str, caller: Caller, shown: int) -> Preview:
    """Read the whole file, and rehearse its first rows in the graph; nothing is written anywhere.

    Parameters
    ----------
    job
        The file, not yet read.
    graph
        Where rows are rehearsed; one that is away is not asked.
    source, caller
        Origin of what is rehearsed: this system, as a URN, and who imports.
    shown
        How many of the first good rows are kept.
    """
    result, good = await asyncio.to_thread(_read, job)
    result.first = good[:shown]
    if good:
        await _rehearse(job, graph, command_of(job.chosen.kind, good, source, now(), caller), good, result)
    return result


def _read(job: ImportJob) -> tuple[Preview, list[GoodRow]]:
    """All rows counted, and the first good ones; a large file takes seconds, which others need not wait for."""
    result = Preview(first=[])
    good: list[GoodRow] = []
    for row in job.read():
        if isinstance(row, GoodRow):
            result.good += 1
            result.besides += len(row.besides)
            if len(good) < _REHEARSED:
                good.append(row)
        elif isinstance(row, BadRow):
            result.bad.append(row)
        elif isinstance(row, RepeatedRow):
            result.repeated += 1
    return result, good


async def _rehearse(
    job: ImportJob, graph: GraphDatabase, batch: ImportRows, rows: list[GoodRow], result: Preview
) -> None:
    kind = job.chosen.kind
    try:
        answer = await rehearse_rows(graph, recorder_of(kind.kind), kind.commands(batch, run_id=""))
    except GraphUnavailableError:
        return
    result.asked, result.new = len(rows), answer.written
    result.bad += job.refused((rows[one.row], one) for one in answer.refusals)
