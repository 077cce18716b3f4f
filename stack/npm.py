"""Modules from npm by a committed lock, installed with the Node of its wheel."""

import hashlib
import os
import shutil
from pathlib import Path

from runtime.settings import home
from stack.processes import finish, node_executable


async def install(source: Path, target: Path) -> None:
    """Install ``package-lock.json`` of ``source`` into ``target``, once per lock.

    Raises
    ------
    PartError
        npm failed; its integrity check is part of that.
    """
    stamp, digest = target / ".verified", _digest(source)
    if _says(stamp, digest):
        return
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(source / name, target / name)
    await _ci(target)
    stamp.write_text(digest, encoding="utf-8")


async def install_within(folder: Path) -> None:
    """Install ``package-lock.json`` of a folder into its own ``node_modules``, once per lock.

    Raises
    ------
    PartError
        npm failed; its integrity check is part of that.
    """
    stamp, digest = folder / "node_modules" / ".verified", _digest(folder)
    if _says(stamp, digest):
        return
    await _ci(folder)
    stamp.write_text(digest, encoding="utf-8")


def command(*arguments: str) -> list[str]:
    """The command line of npm, run by the Node of its wheel."""
    node = node_executable()
    return [str(node), str(node.parent.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"), *arguments]


def environment() -> dict[str, str]:
    """What npm needs beside the environment: the same Node for what it runs, and a cache unless one is chosen."""
    path = f"{node_executable().parent}{os.pathsep}{os.environ.get('PATH', '')}"
    chosen = any(name.lower() == "npm_config_cache" for name in os.environ)
    cache = {} if chosen else {"NPM_CONFIG_CACHE": str(home() / "cache" / "npm")}
    return {"PATH": path, **cache}


async def _ci(folder: Path) -> None:
    await finish(command("ci", "--no-audit", "--no-fund"), cwd=folder, env=environment())


def _digest(folder: Path) -> str:
    return hashlib.sha256((folder / "package-lock.json").read_bytes()).hexdigest()


def _says(stamp: Path, digest: str) -> bool:
    return stamp.exists() and stamp.read_text(encoding="utf-8") == digest
