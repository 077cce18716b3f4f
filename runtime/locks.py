"""File locks: they say whether a stack lives, and are gone with the process that held them, however it ended."""

import contextlib
import fcntl
import time
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

_PATIENCE = 1.0  # a look by `held` keeps the lock for an instant
_LOOK_EVERY = 0.05


class LockHeldError(Exception):
    """Another process holds the lock."""


@contextlib.contextmanager
def exclusive(path: Path) -> Iterator[None]:
    """Hold a lock alone while the block runs.

    Raises
    ------
    LockHeldError
        Somebody else holds it.
    """
    with _locked(path, fcntl.LOCK_EX):
        yield


@contextlib.contextmanager
def shared(path: Path) -> Iterator[None]:
    """Hold a lock that others may share while the block runs.

    Raises
    ------
    LockHeldError
        Somebody holds it alone.
    """
    with _locked(path, fcntl.LOCK_SH):
        yield


def held(path: Path) -> bool:
    """Whether a process holds the lock alone."""
    try:
        with path.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False


def _opened(path: Path) -> BinaryIO:
    """The lock's file; one of another user, which cannot be written, can be locked all the same."""
    try:
        return path.open("ab")
    except PermissionError:
        return path.open("rb")


@contextlib.contextmanager
def _locked(path: Path, kind: int) -> Iterator[None]:
    path.parent.mkdir(parents=True, exist_ok=True)
    with _opened(path) as file:
        deadline = time.monotonic() + _PATIENCE
        while True:
            try:
                fcntl.flock(file, kind | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise LockHeldError(str(path)) from None
                time.sleep(_LOOK_EVERY)
        yield
