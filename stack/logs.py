"""Logs of servers: rotated while they run, and read from the end."""

import os
import shutil
from pathlib import Path

_TAIL_BYTES = 16_384


def rotate(path: Path, limit: int, kept: int) -> None:
    """Begin a log anew once it is larger than a limit; older ones stay as ``.1`` (newest) to ``.<kept>``.

    The server keeps its open file, which appends, so the content is copied and the file cut; what it writes in the
    instant between the two is lost.
    """
    try:
        if path.stat().st_size <= limit:
            return
    except FileNotFoundError:
        return
    for number in range(kept, 1, -1):
        older = _numbered(path, number - 1)
        if older.exists():
            older.replace(_numbered(path, number))
    if kept:
        shutil.copyfile(path, _numbered(path, 1))
    os.truncate(path, 0)


def last_lines(path: Path, count: int) -> list[str]:
    """The last lines of a log, however large it is; none when there is no log."""
    try:
        with path.open("rb") as file:
            file.seek(max(file.seek(0, os.SEEK_END) - _TAIL_BYTES, 0))
            text = file.read().decode(errors="replace")
    except FileNotFoundError:
        return []
    return text.splitlines()[-count:]


def _numbered(path: Path, number: int) -> Path:
    return path.with_name(f"{path.name}.{number}")
