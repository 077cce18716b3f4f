"""An import with bars that show how far it is."""

from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from cli.operator import operator
from cli.temporal import connected
from importing.job import ImportJob
from importing.outcomes import BatchMemory, Outcome, Summary
from runtime.settings import Settings
from workflows import import_files

_AWAY = "[yellow]Temporal is away, waiting[/]"
_FILE, _TEXTS = "importing", "searchable"


async def carry_out(job: ImportJob, tree: Settings, console: Console, *, wait: bool = True) -> Summary:
    """Import the file, showing how far it is; ``wait`` also until what the rows say can be found.

    Raises
    ------
    TemporalAwayError
        Temporal cannot be reached, or stayed away too long.
    """
    client = await connected(tree.temporal)
    with Bars(console, job.total) as bars:
        return await import_files.carry_out(
            job, client=client, tree=tree, caller=operator(), watcher=bars, memory=BatchMemory(), wait=wait
        )


class Bars:
    """A bar for the rows of the file, and one for each thing that follows them.

    Parameters
    ----------
    console
        Where they are drawn.
    total
        Rows of the file.
    """

    def __init__(self, console: Console, total: int) -> None:
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rate]}"),
            TimeElapsedColumn(),
            console=console,
        )
        self._bars = {_FILE: self._progress.add_task(_FILE, total=total, rate="")}

    def __enter__(self) -> Self:
        """Begin to draw."""
        self._progress.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Draw the last time."""
        self._progress.stop()

    def rows(self, summary: Summary, seconds: float) -> None:
        """So much of the file is done."""
        rate = f"{summary.rows / max(seconds, 0.001):.0f} rows/s"
        self._progress.update(self._bars[_FILE], completed=summary.rows, rate=rate)

    def besides(self, outcome: Outcome, total: int) -> None:
        """So much is done of what the rows say of another kind."""
        done = outcome.written + outcome.same + len(outcome.refused)
        self._progress.update(self._bar(outcome.what, total), completed=done)

    def searchable(self, rows: int, total: int) -> None:
        """So many of the rows can be found."""
        self._progress.update(self._bar(_TEXTS, total), completed=rows)

    def waiting(self, what: str, away: bool) -> None:
        """Temporal has gone away, or is back."""
        name = what or _FILE
        self._progress.update(self._bars[name], description=_AWAY if away else name)

    def _bar(self, name: str, total: int) -> TaskID:
        if name not in self._bars:
            self._bars[name] = self._progress.add_task(name, total=total, rate="")
        return self._bars[name]
