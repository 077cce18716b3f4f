"""One import from its file to its summary: what is read, what is sent, what became of it."""

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from temporalio.client import Client

from activities.import_kinds import ImportKind, import_kind
from cli.imports.batches import Outcome, Sender
from cli.imports.cells import CellReader, zone_of
from cli.imports.columns import Mapped, map_columns
from cli.imports.rows import BadRow, GoodRow, RepeatedRow, RowReader
from cli.imports.table import CsvTable
from cli.imports.vocabulary import WORDS
from cli.temporal import connected
from ontology.imports import RowRefusal
from ontology.moments import DateOrder
from runtime.settings import Settings


@dataclass(frozen=True)
class Chosen:
    """What the user asked for; the defaults suit most files.

    Parameters
    ----------
    kind, path
        What is imported, and from where.
    told
        Field → its columns, beside what is found by name.
    source
        Names the system the rows come from.
    delimiter, encoding, separator, time_zone, dates
        How the file is written; empty where that is found out.
    """

    kind: ImportKind
    path: Path
    told: Mapping[str, Sequence[str]]
    source: str
    delimiter: str | None
    encoding: str
    separator: str
    time_zone: str
    dates: DateOrder = ""


class ImportJob:
    """A file opened for import.

    Raises
    ------
    FileRefusedError, MappingRefusedError
        The file cannot be read, or its columns are not understood.
    """

    def __init__(self, chosen: Chosen) -> None:
        self.chosen = chosen
        self.table = CsvTable(chosen.path, chosen.delimiter, chosen.encoding)
        self.mapped: Mapped = map_columns(chosen.kind, self.table.header, chosen.told)
        self.total = self.table.count()
        words = WORDS.get(chosen.kind.name, {})
        cells = CellReader(zone_of(chosen.time_zone), chosen.separator, chosen.dates, words)
        self._reader = RowReader(chosen.kind, self.table.labels, self.mapped, chosen.source, cells)

    def read(self) -> Iterator[GoodRow | BadRow | RepeatedRow]:
        """Every row of the file; to be called once, since a row's id depends on those before it."""
        return (self._reader.read(line) for line in self.table.rows())

    def refused(self, rows: Iterable[tuple[GoodRow, RowRefusal]]) -> list[BadRow]:
        """Rows the graph refused, as the error file has them."""
        return [self._reader.refused(row, refusal) for row, refusal in rows]


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


async def carry_out(job: ImportJob, tree: Settings, console: Console, *, wait: bool = True) -> Summary:
    """Import the file, showing how far it is; ``wait`` also until what the rows say can be found.

    Raises
    ------
    TemporalAwayError
        Temporal cannot be reached, or stayed away too long.
    """
    client = await connected(tree.temporal)
    summary, began = Summary(), time.monotonic()
    texts: list[tuple[str, int]] = []
    with _progress(console) as bars:
        bar = bars.add_task("importing", total=job.total, rate="")

        def show() -> None:
            seconds = time.monotonic() - began
            bars.update(bar, completed=summary.rows, rate=f"{summary.rows / max(seconds, 0.001):.0f} rows/s")

        def waiting(away: bool) -> None:
            _say_waiting(bars, bar, away)

        def done(outcome: Outcome) -> None:
            summary.written += outcome.written
            summary.same += outcome.same
            summary.bad += job.refused(outcome.refused)
            texts.extend(outcome.texts)
            show()

        further: list[GoodRow] = []
        sender = Sender(client, job.chosen.kind, tree, waiting)
        await sender.send(_sendable(job, summary, further), done)
        show()
        summary.seconds = time.monotonic() - began
        if further:
            await _send_besides(job, client, tree, further, summary, bars)
        if texts and wait:
            following = bars.add_task("searchable", total=sum(rows for _, rows in texts), rate="")
            await sender.searchable(texts, lambda rows: bars.advance(following, rows))
            summary.behind = time.monotonic() - began
    return summary


async def _send_besides(
    job: ImportJob, client: Client, tree: Settings, rows: Sequence[GoodRow], summary: Summary, bars: Progress
) -> None:
    """Send what the rows that were written say of another kind."""
    kind = import_kind(str(job.chosen.kind.besides))
    left_out = {row.line.number for row in summary.bad}
    going = [row for row in rows if row.line.number not in left_out]
    bar = bars.add_task(kind.name, total=len(going), rate="")
    besides = summary.besides = Outcome(what=kind.name)

    def done(outcome: Outcome) -> None:
        besides.written += outcome.written
        besides.same += outcome.same
        besides.refused += outcome.refused
        bars.update(bar, completed=besides.written + besides.same + len(besides.refused))

    await Sender(client, kind, tree, lambda away: _say_waiting(bars, bar, away, kind.name)).send(going, done)


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


def _progress(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeElapsedColumn(),
        console=console,
    )


def _say_waiting(bars: Progress, bar: TaskID, away: bool, what: str = "importing") -> None:
    bars.update(bar, description="[yellow]Temporal is away, waiting[/]" if away else what)
