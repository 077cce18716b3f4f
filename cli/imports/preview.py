"""What an import would do: the mapping, the first rows as they would be written, and what would be refused."""

from collections import Counter
from dataclasses import dataclass, field
from itertools import islice

import orjson
from rich.console import Console
from rich.table import Table
from rich.text import Text

from cli.foreign import plain
from cli.imports.batches import command_of
from cli.imports.columns import EXTERNAL_ID, fields_of
from cli.imports.job import ImportJob
from cli.imports.rows import BadRow, GoodRow, RepeatedRow
from cli.imports.table import NOTES
from graph.database import GraphDatabase
from graph.errors import GraphUnavailableError
from graph.imports import rehearse_rows
from graph.recorders import recorder_of
from runtime.clock import now
from runtime.settings import Settings

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


async def preview(job: ImportJob, tree: Settings, shown: int) -> Preview:
    """Read the whole file, and rehearse its first rows in the graph; nothing is written anywhere."""
    good: list[GoodRow] = []
    result = Preview(first=[])
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
    result.first = list(islice(good, shown))
    if good:
        await _rehearse(job, tree, good, result)
    return result


async def _rehearse(job: ImportJob, tree: Settings, rows: list[GoodRow], result: Preview) -> None:
    kind = job.chosen.kind
    commands = kind.commands(command_of(kind, rows, tree.events.source, now()), run_id="")
    try:
        async with GraphDatabase(tree.graph) as graph:
            answer = await rehearse_rows(graph, recorder_of(kind.kind), commands)
    except GraphUnavailableError:
        return
    result.asked, result.new = len(rows), answer.written
    result.bad += job.refused((rows[one.row], one) for one in answer.refusals)


def show(job: ImportJob, found: Preview, console: Console, errors: int = 10) -> None:
    """Print the preview."""
    console.print(_mapping(job))
    for row in found.first:
        said = orjson.dumps(row.row.content, option=orjson.OPT_INDENT_2).decode()
        console.print(f"line {row.line.number} → {job.chosen.kind.kind.label} {row.row.id}", highlight=False)
        console.print(plain(said), highlight=False)
    if found.bad:
        console.print(_errors(found, errors))
        codes = Counter(row.code for row in found.bad)
        console.print("refused: " + ", ".join(f"{count} {code}" for code, count in codes.most_common()), style="red")
    console.print(_counts(job, found), highlight=False)


def _mapping(job: ImportJob) -> Table:
    table = Table("column", "is", "of", box=None, header_style="bold", title_justify="left")
    targets = {place: target for target, places in job.mapped.items() for place in places}
    for place, name in enumerate(job.table.labels):
        if not name.startswith(NOTES):
            target = Text(targets[place]) if place in targets else Text("left out", style="dim")
            table.add_row(plain(name), target, job.chosen.kind.name)
    used = {target.partition(".")[0] for target in job.mapped}
    missing = [name for name in (EXTERNAL_ID, *fields_of(job.chosen.kind.content)) if name not in used]
    if missing:
        table.caption = f"without a column: {', '.join(missing)}"
    return table


def _errors(found: Preview, shown: int) -> Table:
    table = Table("line", "column", "code", "message", box=None, header_style="bold red")
    for row in sorted(found.bad, key=lambda row: row.line.number)[:shown]:
        table.add_row(str(row.line.number), plain(row.column), row.code, plain(row.message))
    return table


def _counts(job: ImportJob, found: Preview) -> str:
    told = f"{job.total} rows: {job.total - len(found.bad)} good, {len(found.bad)} refused"
    if found.repeated:
        told += f", {found.repeated} said twice"
    if found.besides:
        told += f", {found.besides} {job.chosen.kind.besides}"
    if found.new is None:
        return f"{told}. The graph was not asked. Nothing was written."
    part = "" if found.asked == found.good else f" of the first {found.asked}"
    return f"{told}; {found.new}{part} are new to the graph. Nothing was written."
