"""Rows on disk for as long as a comparison takes, so that memory does not grow with their number."""

import contextlib
import json
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from runtime.errors import RefusedError

_CACHE_KIB = 16_384

_SETTINGS = f"""
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
PRAGMA temp_store = FILE;
PRAGMA cache_size = -{_CACHE_KIB};
"""


class SpoolError(RefusedError):
    """The folder for temporary files (``TMPDIR``) is full, or cannot be written."""

    code = "spoolFailed"


class Spool:
    """A database of its own in the folder for temporary files, gone when it is closed.

    Parameters
    ----------
    schema
        Statements that make its tables.

    Raises
    ------
    SpoolError
        From any method: there is no room, or no right to write.
    """

    def __init__(self, schema: str) -> None:
        with _translated():
            self._folder = tempfile.TemporaryDirectory(prefix="trm-spool-")
            path = Path(self._folder.name) / "rows.sqlite"
            self._database = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
            self._database.executescript(f"{_SETTINGS}{schema}BEGIN;")

    def __enter__(self) -> Self:
        """Open."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Delete everything."""
        self.close()

    def close(self) -> None:
        """Delete everything."""
        self._database.close()
        self._folder.cleanup()

    def execute(self, statement: str, values: Sequence[Any] = ()) -> None:
        """Run one statement."""
        with _translated():
            self._database.execute(statement, values)

    def insert(self, statement: str, rows: Iterable[Sequence[Any]]) -> None:
        """Run one statement for each of some rows."""
        with _translated():
            self._database.executemany(statement, rows)

    def rows(self, query: str, values: Sequence[Any] = ()) -> Iterator[tuple[Any, ...]]:
        """The rows of a query, as they are read; other tables may be written meanwhile."""
        with _translated():
            yield from self._database.execute(query, values)

    def one(self, query: str) -> Any:
        """The only value of a query of one row."""
        [(value,)] = self.rows(query)
        return value


class KeySpool(Spool):
    """Keys with a text each, of which some are taken: what is left over stands on one side only."""

    def __init__(self) -> None:
        super().__init__(
            "CREATE TABLE keys (key TEXT PRIMARY KEY, said TEXT NOT NULL, taken INTEGER NOT NULL DEFAULT 0);"
        )

    def put(self, rows: Iterable[tuple[str, str]]) -> None:
        """Add keys; of one that is there the text is replaced."""
        self.insert("INSERT OR REPLACE INTO keys (key, said) VALUES (?, ?)", rows)

    def take(self, keys: Sequence[str]) -> set[str]:
        """Take some keys; gives those that are there."""
        taking = "UPDATE keys SET taken = 1 WHERE key IN (SELECT value FROM json_each(?)) RETURNING key"
        return {key for (key,) in self.rows(taking, [json.dumps(keys)])}

    def left(self) -> Iterator[tuple[Any, ...]]:
        """What nobody took, in the order of the keys."""
        yield from self.rows("SELECT key, said FROM keys WHERE NOT taken ORDER BY key")

    def __len__(self) -> int:
        """Number of keys, taken ones too."""
        return int(self.one("SELECT count(*) FROM keys"))


@contextlib.contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except (sqlite3.OperationalError, OSError) as error:
        folder = tempfile.gettempdir()
        raise SpoolError(f"{folder} (TMPDIR) takes no temporary file of the comparison: {error}") from error
