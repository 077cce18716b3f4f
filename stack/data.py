"""The folder of the servers' data: ours alone while a stack runs, and cleaned only of what a stack made."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

from runtime import locks
from runtime.settings import Settings, home
from stack import accounts
from stack.processes import PartError, StackRunsError

FOLDERS = ("postgres", "temporal", "kafka", "neo4j", "registry", "zipkin", "issuer", "logs")
"""What a stack makes in it."""

MARKER = ".trm-stack"
"""File that says a folder is a stack's; its lock is held while one runs on it."""

_MADE_BEFORE = (
    "postgres/cluster/PG_VERSION",
    "temporal/temporal.db",
    "kafka/server.properties",
    "neo4j/conf/neo4j.conf",
    "registry/registry.mv.db",
    "issuer/keys.json",
)
"""Files by which the data of a version that left no mark are known."""

_FILES = (MARKER, "passwords.json")


def data_folder(tree: Settings) -> Path:
    """Where this stack's data stand."""
    return (tree.stack.data or home() / "data").absolute()


@contextlib.contextmanager
def claimed(folder: Path) -> Iterator[None]:
    """Hold a data folder for one stack while the block runs.

    Raises
    ------
    PartError
        It holds files of something else.
    StackRunsError
        Another stack runs on it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    _check_ours(folder)
    try:
        with locks.exclusive(folder / MARKER):
            yield
    except locks.LockHeldError:
        raise StackRunsError(
            f"another stack runs on {folder}; stop it, or choose a folder with TRM_STACK__DATA"
        ) from None


def clear(folder: Path) -> None:
    """Remove what a stack made in a data folder, and the folder when nothing else is in it.

    Raises
    ------
    PartError
        It holds files of something else and was never a stack's.
    StackRunsError
        A stack runs on it.
    """
    if not folder.is_dir() or not any(folder.iterdir()):
        return
    with claimed(folder):
        for name in FOLDERS:
            accounts.remove(folder / name)
        for name in _FILES:
            (folder / name).unlink(missing_ok=True)
    with contextlib.suppress(OSError):  # somebody else's files stay, and the folder with them
        folder.rmdir()


def _check_ours(folder: Path) -> None:
    """A folder is ours when it is empty, marked, or holds nothing but what earlier versions made without a mark."""
    if (folder / MARKER).exists():
        return
    present = sorted(path.name for path in folder.iterdir())
    foreign = [name for name in present if name not in {*FOLDERS, *_FILES}]
    if not foreign and not any((folder / file).exists() for file in _MADE_BEFORE):
        foreign = present
    if foreign:
        raise PartError(
            f"{folder} holds files that no stack made ({', '.join(foreign[:3])}); choose an empty one "
            "with TRM_STACK__DATA"
        )
