"""The dashboard's page: built for the stack; ``python -m stack.dashboard`` checks, tests and builds it in place."""

import asyncio
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

from stack import npm
from stack.processes import PartError, finish

CHECKOUT = Path(str(files("stack"))).parent
FOLDER = CHECKOUT / "ui"

_SOURCES = ("ui", "clients/typescript/src")
_MADE = {"node_modules", "dist", "config.json"}
_STEPS = ("check", "test", "build")


def digest() -> str:
    """Of everything that the page is made of."""
    found = hashlib.sha256()
    for path in _sources():
        found.update(f"{path.relative_to(CHECKOUT).as_posix()}\0{path.stat().st_size}\0".encode())
        found.update(path.read_bytes())
    return found.hexdigest()


async def build(target: Path) -> None:
    """Build the page into a folder, if it is not there; a half-built one is never used.

    Raises
    ------
    PartError
        Its modules cannot be had, or it cannot be built.
    """
    if (target / "index.html").exists():
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="dashboard-", dir=target.parent) as place:
        for path in _sources():
            copied = Path(place) / path.relative_to(CHECKOUT)
            copied.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copied)
        folder = Path(place) / FOLDER.name
        await npm.install_within(folder)
        await finish(npm.command("run", "--silent", "build"), cwd=folder, env=npm.environment())
        shutil.rmtree(target, ignore_errors=True)
        (folder / "dist").rename(target)


def _sources() -> Iterator[Path]:
    for name in _SOURCES:
        for folder, folders, names in os.walk(CHECKOUT / name):
            folders[:] = sorted(set(folders) - _MADE)
            yield from (Path(folder) / one for one in sorted(set(names) - _MADE))


def main() -> int:
    """Run each step until one fails; its exit code."""
    try:
        asyncio.run(npm.install_within(FOLDER))
    except PartError as error:
        print(error, file=sys.stderr)
        return 1
    environment = {**os.environ, **npm.environment()}
    for step in _STEPS:
        command = npm.command("run", "--silent", step)
        if code := subprocess.run(command, cwd=FOLDER, env=environment, check=False).returncode:
            return code
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
