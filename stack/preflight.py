"""What keeps a stack from starting is told before anything starts, as what it is."""

import contextlib
import errno
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from runtime.settings import HOME_VARIABLE, Settings, home
from stack import memory, passwords
from stack.accounts import postgres_account
from stack.addresses import check_free
from stack.bootstrap import why_unusable
from stack.data import data_folder
from stack.parts import missing, parts_directory
from stack.processes import PartError

MEMORY = {
    "postgres": 100,
    "temporal": 190,
    "kafka": 340,
    "neo4j": 530,
    "registry": 190,
    "zipkin": 155,
    "issuer": 90,
    "agents": 280,
    "judgement": 400,
    "bridge": 140,
    "gateway": 140,
    "dashboard": 70,
}
"""Server → resident megabytes at rest, as measured."""


_NEO4J_SHORTEST = 8


def check_servers(tree: Settings, names: Sequence[str]) -> None:
    """Pass when nothing foreseeable keeps the named servers from starting.

    Raises
    ------
    PartError
        The memory is too small, a password or PostgreSQL's user does not fit.
    PortTakenError
        A port is taken.
    """
    if "postgres" in names:
        postgres_account()
    check_free(tree, names)
    secrets = {"postgres": tree.knowledge.password, "neo4j": tree.graph.password}
    for server, password in secrets.items():
        if server in names:
            if server == "neo4j" and len(password.get_secret_value()) < _NEO4J_SHORTEST:
                raise PartError(f"Neo4j wants a password of at least {_NEO4J_SHORTEST} characters: TRM_GRAPH__PASSWORD")
            passwords.check(data_folder(tree), server, password)
    _check_memory(tree, names)


@contextlib.contextmanager
def plain_disk_errors(about: Path) -> Iterator[None]:
    """Tell a full disk and a folder that cannot be written as what they are.

    Parameters
    ----------
    about
        The folder to name when the system's error names no file.

    Raises
    ------
    PartError
        In place of the system's error.
    """
    try:
        yield
    except OSError as error:
        text = _disk_trouble(error, Path(error.filename) if isinstance(error.filename, str) else about)
        if text is None:
            raise
        raise PartError(text) from error


def check_folders(tree: Settings) -> None:
    """Pass when a stack's folders can be written and have room.

    Raises
    ------
    PartError
        One cannot, or its disk is too small; the message names the setting that moves it.
    """
    parts = parts_directory(tree.stack)
    wanted = {home(): (HOME_VARIABLE, 1), data_folder(tree): ("TRM_STACK__DATA", tree.stack.data_space)}
    if missing(parts):
        wanted[parts] = ("TRM_STACK__PARTS", tree.stack.parts_space)
    for folder, (setting, space) in wanted.items():
        reason = why_unusable(folder)
        if reason:
            raise PartError(f"{reason} with {setting}")
        _check_writable(folder, setting)
        free = shutil.disk_usage(folder).free >> 20
        if free < space:
            raise PartError(
                f"the disk of {folder} has {free} MB left and {space} MB are needed: free some, or choose another "
                f"folder with {setting}"
            )


def _check_writable(folder: Path, setting: str) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        text = _disk_trouble(error, folder)
        if text is None:
            raise
        raise PartError(f"{text}, or choose another folder with {setting}") from error


def _disk_trouble(error: OSError, path: Path) -> str | None:
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return f"the disk of {path} is full: free some space"
    if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
        return f"{path} cannot be written ({os.strerror(error.errno)}): make it writable"
    if error.errno == errno.ENOENT:
        return f"{path} cannot be made ({os.strerror(error.errno)}): make the folder above it"
    if error.errno in {errno.ENOTDIR, errno.EEXIST}:
        return f"{path} cannot be a folder, a file is in its place: move that"
    return None


def _check_memory(tree: Settings, names: Sequence[str]) -> None:
    needed = round(sum(MEMORY.get(name, 0) for name in names) * tree.stack.memory_share)
    free = memory.available() >> 20
    if free < needed:
        raise PartError(
            f"{needed} MB of memory are needed and {free} MB are free: end other programs, leave servers out "
            "(`trm run --without zipkin`), or start all the same with TRM_STACK__MEMORY_SHARE=0"
        )
