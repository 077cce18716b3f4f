"""``trm import``: the command."""

import asyncio
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from cli.errors import Exit, plain_errors
from cli.foreign import plain
from cli.imports.preview import previewed, show
from cli.imports.progress import carry_out
from importing.error_file import check_error_file, error_file_of, write_errors
from importing.errors import OptionRefusedError
from importing.job import Chosen, ImportJob
from importing.kinds import import_kind, import_kinds
from importing.outcomes import Summary
from importing.table import delimiter_named
from runtime.errors import UsageRefusedError
from runtime.settings import Settings, settings

console = Console()

_SHOWN = 3
"""Refused rows of another kind that are shown; the same command tries all of them again."""


class Dates(StrEnum):
    """Order of dates in figures whose year stands behind."""

    DAY_FIRST = "day-first"
    MONTH_FIRST = "month-first"


def import_file(
    what: Annotated[str, typer.Argument(help=f"what the rows are: {', '.join(import_kinds())}")],
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True, help="a CSV file with a header")],
    mapping: Annotated[
        list[str] | None,
        typer.Option("--map", metavar="FIELD=COLUMN", help="which column says what; of one field: joined"),
    ] = None,
    source: Annotated[str, typer.Option(help="names the system the rows come from")] = "csv",
    only_preview: Annotated[bool, typer.Option("--preview", help="show what would happen, write nothing")] = False,
    errors: Annotated[Path | None, typer.Option(help="where refused rows go; default: FILE.errors.csv")] = None,
    batch: Annotated[int, typer.Option(min=0, max=2000, help="rows of one run; 0: the setting")] = 0,
    delimiter: Annotated[str, typer.Option(help="between cells; default: the one that fits")] = "",
    separator: Annotated[str, typer.Option(help="between several values in a cell; default: ; | or a line break")] = "",
    time_zone: Annotated[str, typer.Option(help="of dates without an offset; default: the setting")] = "",
    dates: Annotated[Dates | None, typer.Option(help="what 02/03/2026 means; default: refused as ambiguous")] = None,
    encoding: Annotated[str, typer.Option(help="of the file; default: recognised")] = "",
    wait: Annotated[bool, typer.Option("--wait/--no-wait", help="until what the rows say can be found, too")] = True,
) -> None:
    """Import a CSV file; run it again to go on where it was stopped: no row is ever written twice."""
    with plain_errors():
        if what not in import_kinds():
            raise UsageRefusedError(f"{what!r} cannot be imported; {', '.join(import_kinds())} can")
        tree = settings()
        tree = tree.model_copy(
            update={"imports": tree.imports.model_copy(update={"batch_rows": batch})} if batch else {}
        )
        chosen = Chosen(
            kind=import_kind(what),
            file=file,
            told=_told(mapping or []),
            source=source,
            delimiter=delimiter_named(delimiter),
            encoding=encoding,
            separator=separator.replace("\\n", "\n"),
            time_zone=time_zone or tree.imports.time_zone,
            dates=dates.value if dates else "",
        )
        target = errors or error_file_of(file)
        check_error_file(target, file)
        job = ImportJob(chosen)
        if only_preview:
            show(job, asyncio.run(previewed(job, tree, shown=3)), console)
            return
        refused = _import(job, tree, target, wait=wait)
        raise typer.Exit(Exit.REFUSED if refused else Exit.DONE)


def _import(job: ImportJob, tree: Settings, errors: Path, *, wait: bool) -> int:
    try:
        summary = asyncio.run(carry_out(job, tree, console, wait=wait))
    except KeyboardInterrupt:
        console.print(
            "Stopped. What was sent is carried out and becomes searchable; the same command goes on from here."
        )
        raise typer.Exit(Exit.INTERRUPTED) from None
    _tell(summary)
    write_errors(errors, job.table, summary.bad)
    if summary.bad:
        console.print(plain(f"Refused rows with reasons: {errors}. Mend them there and import that file."))
    return len(summary.bad) + len(summary.besides.refused if summary.besides else [])


def _tell(summary: Summary) -> None:
    rate = summary.rows / max(summary.seconds, 0.001)
    console.print(
        f"{summary.written} written, {summary.same} already there, {len(summary.bad)} refused; "
        f"{summary.seconds:.1f} s, {rate:.0f} rows/s",
        highlight=False,
    )
    if summary.behind:
        console.print(f"searchable after {summary.behind:.1f} s", highlight=False)
    if besides := summary.besides:
        counts = f"{besides.written} written, {besides.same} already there, {len(besides.refused)} refused"
        console.print(f"{besides.what}: {counts}", highlight=False)
        for row, refusal in besides.refused[:_SHOWN]:
            console.print(plain(f"line {row.line.number}: {refusal.message} ({refusal.code})"), soft_wrap=True)
    if summary.bad:
        first = min(summary.bad, key=lambda row: row.line.number)
        where = f"line {first.line.number}" + (f", {first.column}" if first.column else "")
        said = plain(f"{where}: {first.message} ({first.code})")
        console.print(plain("refused ", style="red").append_text(said), soft_wrap=True)


def _told(mapping: list[str]) -> dict[str, list[str]]:
    told: dict[str, list[str]] = {}
    for each in mapping:
        target, equals, column = each.partition("=")
        if not equals:
            raise OptionRefusedError(f"--map {each}: say FIELD=COLUMN, or FIELD= to leave a field out")
        told.setdefault(target.strip(), []).extend([column] if column else [])
    return told
