"""``trm openapi``: the gateway's committed contract."""

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from api.app import openapi as document
from cli.foreign import plain

console = Console()


def openapi(
    check: Annotated[bool, typer.Option("--check", help="write nothing; fail when the file differs")] = False,
    path: Annotated[Path, typer.Option(help="the file")] = Path("openapi.json"),
) -> None:
    """Write openapi.json, or check that the committed one fits."""
    text = json.dumps(document(), indent=2, ensure_ascii=False) + "\n"
    if not check:
        path.write_text(text, encoding="utf-8")
        console.print(plain(f"wrote {path}"))
    elif not path.exists() or path.read_text(encoding="utf-8") != text:
        console.print(plain("differs from the gateway:", style="red").append(f" {path} (run `trm openapi`)"))
        raise typer.Exit(1)
