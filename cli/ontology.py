"""``trm ontology``: the contracts generated from the ontology."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from cli.foreign import plain
from ontology.compile import compile_all, drift

app = typer.Typer(no_args_is_help=True, help="The ontology and what is generated from it.")
console = Console()


@app.command("compile")
def compile_contracts(
    check: Annotated[bool, typer.Option("--check", help="write nothing; fail when a file differs")] = False,
    root: Annotated[Path, typer.Option(help="the checkout")] = Path(),
) -> None:
    """Write every generated contract, or check that the committed ones fit."""
    if not check:
        for path in compile_all(root):
            console.print(plain(f"wrote {path}"))
        return
    differing = drift(root)
    for path in differing:
        console.print(plain("differs from the ontology:", style="red").append(f" {path} (run `trm ontology compile`)"))
    raise typer.Exit(1 if differing else 0)


@app.callback()
def group() -> None:
    """Keep ``compile`` a subcommand."""
