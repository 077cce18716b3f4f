"""How a command says what went wrong: in one line, with the stable code, and exit code 1."""

import contextlib
from collections.abc import Iterator

import typer
from rich.console import Console

from cli.foreign import plain
from runtime.errors import TrmError

_console = Console(stderr=True)


def say(console: Console, what: str, error: BaseException) -> None:
    """Print what went wrong on one line; the error's text is foreign and never markup."""
    sentence = " ".join(str(error).split())
    if isinstance(error, TrmError) and error.transient and "stack up" not in sentence:
        sentence += "; is the stack up?"
    console.print(plain(what, style="red").append(" ").append_text(plain(sentence)), soft_wrap=True)


@contextlib.contextmanager
def plain_errors() -> Iterator[None]:
    """Turn an error of ours into one plain line."""
    try:
        yield
    except TrmError as error:
        say(_console, f"{error.code}:", error)
        raise typer.Exit(1) from error
