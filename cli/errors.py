"""How a command says what went wrong: in one line, with the stable code, and exit code 1."""

import contextlib
from collections.abc import Iterator

import typer
from rich.console import Console

from runtime.errors import TrmError

_console = Console(stderr=True)


@contextlib.contextmanager
def plain_errors() -> Iterator[None]:
    """Turn an error of ours into one plain line."""
    try:
        yield
    except TrmError as error:
        _console.print(f"[red]{error.code}:[/] {error}", highlight=False)
        raise typer.Exit(1) from error
