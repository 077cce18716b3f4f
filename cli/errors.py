"""How a command says what went wrong: in one line, with the stable code, and an exit code that tells the kind."""

import contextlib
from collections.abc import Iterator
from enum import IntEnum

import typer
from rich.console import Console

from cli.foreign import plain
from runtime.errors import TrmError, UsageRefusedError

_console = Console(stderr=True)


class Exit(IntEnum):
    """What a command's exit code says; documented in ``docs/import.md``."""

    DONE = 0
    REFUSED = 1
    USAGE = 2
    UNFORESEEN = 70
    INTERRUPTED = 130


def exit_of(error: TrmError) -> Exit:
    """The exit code of a command that ends with an error of ours."""
    return Exit.USAGE if isinstance(error, UsageRefusedError) else Exit.REFUSED


def say(what: str, error: BaseException) -> None:
    """Print what went wrong on one line of the error stream; the error's text is foreign and never markup."""
    sentence = " ".join(str(error).split())
    if isinstance(error, TrmError) and error.transient and "stack up" not in sentence:
        sentence += "; is the stack up?"
    _console.print(plain(what, style="red").append(" ").append_text(plain(sentence)), soft_wrap=True)


@contextlib.contextmanager
def plain_errors() -> Iterator[None]:
    """Turn an error of ours into one plain line."""
    try:
        yield
    except TrmError as error:
        say(f"{error.code}:", error)
        raise typer.Exit(exit_of(error)) from error
