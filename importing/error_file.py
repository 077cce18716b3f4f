"""The error file: refused rows as they came, each with where, which column, a stable code and what is wrong.

The notes stand in front, in columns the import leaves alone: the corrected file can be imported as it is. Cells that
a spreadsheet would run are guarded, and read back without the guard.
"""

import csv
import io
import os
from collections.abc import Sequence
from pathlib import Path

from importing.errors import ErrorFileRefusedError, FileRefusedError
from importing.formulas import guarded
from importing.rows import BadRow
from importing.table import NOTES, CsvTable

_COLUMNS = tuple(f"{NOTES}{name}" for name in ("line", "column", "code", "message"))


def error_file_of(path: Path) -> Path:
    """Where the errors of a file go unless told otherwise."""
    return path.with_name(f"{path.stem}.errors{path.suffix or '.csv'}")


def check_error_file(path: Path, imported: Path) -> None:
    """Look where the errors will go before anything is written.

    Raises
    ------
    ErrorFileRefusedError
        It would replace the imported file, or is no place for a file.
    """
    if path.is_dir():
        raise ErrorFileRefusedError(f"the error file {path} is a folder; say --errors with a file in it")
    for target in (path, _fresh(path), _kept(path)):
        if target.exists() and target.samefile(imported):
            raise ErrorFileRefusedError(
                f"the error file {path} would replace the file that is imported; say another --errors"
            )
    if not path.parent.is_dir():
        raise ErrorFileRefusedError(
            f"there is no folder {path.parent} for the error file; make it, or say another --errors"
        )


def write_errors(path: Path, table: CsvTable, bad: Sequence[BadRow]) -> None:
    """Write the error file, whole or not at all; without errors an earlier one goes.

    An earlier file with other content is kept beside it as ``….bak``: somebody may have been correcting it.

    Raises
    ------
    FileRefusedError
        It cannot be written there.
    """
    if not bad and not path.exists():
        return
    try:
        _write(path, table, bad)
    except OSError as error:
        raise FileRefusedError(
            f"{len(bad)} refused rows could not be written to {path}: {error.strerror}; what was imported stays, so "
            "give the same command another --errors"
        ) from error


def _write(path: Path, table: CsvTable, bad: Sequence[BadRow]) -> None:
    fresh = _fresh(path)
    fresh.write_bytes(errors_of(table, bad))
    if path.exists() and path.read_bytes() != fresh.read_bytes():
        os.replace(path, _kept(path))
    if bad:
        os.replace(fresh, path)
    else:
        fresh.unlink()
        path.unlink(missing_ok=True)


def errors_of(table: CsvTable, bad: Sequence[BadRow]) -> bytes:
    """The content of an error file: UTF-8 with a mark, its rows in the order in which they stand in their file."""
    own = [place for place, name in enumerate(table.header) if not name.startswith(NOTES)]
    file = io.StringIO(newline="")
    writer = csv.writer(file, delimiter=table.delimiter)
    writer.writerow([guarded(cell) for cell in (*_COLUMNS, *(table.header[place] for place in own))])
    for row in sorted(bad, key=lambda row: row.line.number):
        cells = row.line.cells
        kept = [*(cells[place] for place in own if place < len(cells)), *cells[len(table.header) :]]
        told = (str(row.line.number), row.column, row.code, row.message, *kept)
        writer.writerow([guarded(cell) for cell in told])
    return file.getvalue().encode("utf-8-sig", errors="backslashreplace")


def _fresh(path: Path) -> Path:
    return path.with_name(f"{path.name}.part")


def _kept(path: Path) -> Path:
    return path.with_name(f"{path.name}.bak")
