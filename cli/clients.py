"""``trm clients``: the TypeScript client, generated from the committed contracts and type-checked.

The tools run on a copy beside their installed modules, so a check writes nothing into the checkout.
"""

import asyncio
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from cli.foreign import plain
from runtime.settings import settings
from stack import npm
from stack.parts import parts_directory
from stack.processes import PartError, finish, node_executable

console = Console()

CLIENT = Path("clients/typescript")
GENERATED = (CLIENT / "src" / "openapi.ts", CLIENT / "src" / "events.ts")


def clients(
    check: Annotated[bool, typer.Option("--check", help="write nothing; fail when a file differs")] = False,
    root: Annotated[Path, typer.Option(help="the checkout")] = Path(),
) -> None:
    """Write the clients' generated types, or check that the committed ones fit; then type-check."""
    with workshop(root) as copy:
        differing = generate(root, copy)
        for path in differing:
            if check:
                console.print(plain("differs from the contracts:", style="red").append(f" {path} (run `trm clients`)"))
            else:
                shutil.copy(copy / path, root / path)
                console.print(plain(f"wrote {path}"))
        if check and differing:
            raise typer.Exit(1)
        try:
            type_check(copy)
        except PartError as error:
            console.print(str(error), markup=False)
            raise typer.Exit(1) from error


@contextmanager
def workshop(root: Path) -> Iterator[Path]:
    """A copy of contracts and client in which the client's modules are installed."""
    modules = parts_directory(settings().stack) / "clients"
    asyncio.run(npm.install(root / CLIENT, modules))
    with tempfile.TemporaryDirectory(prefix="trm-clients-") as folder:
        copy = Path(folder)
        shutil.copy(root / "openapi.json", copy)
        shutil.copytree(root / "schemas", copy / "schemas")
        shutil.copytree(root / CLIENT, copy / CLIENT, ignore=shutil.ignore_patterns("node_modules"))
        (copy / CLIENT / "node_modules").symlink_to(modules / "node_modules")
        yield copy


def generate(root: Path, copy: Path) -> list[Path]:
    """Generate the types in the copy; returns which differ from the checkout's."""
    _node(copy, "generate.mjs", "../../openapi.json", "../../schemas", "src")
    return [path for path in GENERATED if not (root / path).exists() or not _same(root / path, copy / path)]


def type_check(copy: Path) -> None:
    """Type-check client and example.

    Raises
    ------
    PartError
        They do not; the message says where.
    """
    _node(copy, "node_modules/typescript/bin/tsc", "--noEmit", "--strict", "--project", ".")


def _node(copy: Path, *argv: str) -> None:
    asyncio.run(finish([str(node_executable()), *argv], cwd=copy / CLIENT))


def _same(one: Path, other: Path) -> bool:
    return one.read_text(encoding="utf-8") == other.read_text(encoding="utf-8")
