"""``trm dead-letters`` and ``trm events``: what the bridge refused and why, and whether it would accept a file."""

import asyncio
import codecs
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from cli.errors import plain_errors, say
from cli.foreign import plain
from events.attributes import STRUCTURED
from events.dead_letters import DeadLetter, open_letters
from events.dead_letters import replay as replay_letters
from events.registry import SchemaRegistry
from graph.database import GraphDatabase
from runtime.errors import RefusedError, UsageRefusedError
from runtime.settings import settings
from runtime.temporal_client import connect
from workers.intake import Intake, Message
from workflows.runs import TemporalRuns

dead_letters = typer.Typer(no_args_is_help=True, help="Messages the bridge could not accept.")
events = typer.Typer(no_args_is_help=True, help="Events of other systems.")
console = Console()

_SHOWN_BYTES = 4000


@dead_letters.command("list")
def list_letters() -> None:
    """List the letters that were not replayed."""
    with plain_errors():
        letters = asyncio.run(open_letters(settings().events))
    table = Table(box=None, header_style="bold")
    for column in ("id", "failed at", "code", "reason"):
        table.add_column(column, overflow="fold")
    for letter in letters:
        failed = f"{letter.failed_at:%Y-%m-%d %H:%M:%S}"
        table.add_row(plain(letter.id), failed, plain(letter.code), plain(letter.reason))
    console.print(table if letters else "No open dead letters.")


@dead_letters.command()
def show(letter_id: str) -> None:
    """Show one letter whole."""
    with plain_errors():
        letter = _letter(letter_id)
    console.print(plain(f"{letter.code}: {letter.reason}"))
    console.print(plain(f"from {letter.topic}, partition {letter.partition}, offset {letter.offset}"))
    if letter.run:
        console.print(plain(f"refused by the run {letter.run}"))
    for name, value in letter.headers:
        console.print(plain(f"  {name}: {(value or b'').decode(errors='backslashreplace')}"))
    body = letter.value or b""
    console.print(plain(body[:_SHOWN_BYTES].decode(errors="backslashreplace")))


@dead_letters.command()
def replay(
    letter_id: Annotated[str, typer.Argument(help="a letter's id; none with --all")] = "",
    everything: Annotated[bool, typer.Option("--all", help="every open letter")] = False,
) -> None:
    """Send letters to their topics again, as they came."""
    with plain_errors():
        if everything == bool(letter_id):
            raise UsageRefusedError("say the id of one letter, or --all for every open one")
        tree = settings()
        letters = asyncio.run(open_letters(tree.events)) if everything else [_letter(letter_id)]
        asyncio.run(replay_letters(tree.events, letters))
        console.print(f"replayed {len(letters)}")


@events.command("try")
def try_event(file: Annotated[Path, typer.Argument(exists=True, dir_okay=False)]) -> None:
    """Say whether an event would be accepted, and why not.

    The file is an event in structured mode, as JSON: CloudEvents attributes (id, source, type, subject, time) and the
    payload under data.
    """
    with plain_errors():
        try:
            command = asyncio.run(_try(file))
        except RefusedError as error:
            code = f", {error.code}" if error.code != RefusedError.code else ""
            at = f" at {error.pointer}" if error.pointer else ""
            say(f"refused{code}{at}:", error)
            raise typer.Exit(1) from error
    console.print(plain("accepted", style="green").append(f": {command}"))


@events.callback()
def group() -> None:
    """Keep ``try`` a subcommand."""


def _letter(letter_id: str) -> DeadLetter:
    for letter in asyncio.run(open_letters(settings().events)):
        if letter.id == letter_id:
            return letter
    raise RefusedError(f"there is no open dead letter {letter_id!r}; see `trm dead-letters list`")


async def _try(file: Path) -> str:
    tree = settings()
    headers: list[tuple[str, bytes | None]] = [("content-type", STRUCTURED.encode())]
    message = Message(headers, file.read_bytes().removeprefix(codecs.BOM_UTF8))
    async with GraphDatabase(tree.graph) as graph:
        client = await connect(tree.temporal, lazy=True)
        command = await Intake(tree, TemporalRuns(client, tree), graph, SchemaRegistry(tree.events)).command_of(message)
    if command is None:
        return "it is an event of our own and would be skipped"
    return f"it would start a run for {type(command).__name__} {command.id}"
