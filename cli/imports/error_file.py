"""The error file: refused rows as they came, each with where, which column, a stable code and what is wrong.

The notes stand in front, in columns the import leaves alone: the corrected file can be imported as it is.
"""

import csv
import os
from collections.abc import Sequence
from pathlib import Path

from cli.imports.rows import BadRow
from cli.imports.table import NOTES, CsvTable

_COLUMNS = tuple(f"{NOTES}{name}" for name in ("line", "column", "code", "message"))


def error_file_of(path: Path) -> Path:
    """Where the errors of a file go unless told otherwise."""
    return path.with_name(f"{path.stem}.errors{path.suffix or '.csv'}")


def write_errors(path: Path, table: CsvTable, bad: Sequence[BadRow]) -> None:
    """Write the error file, whole or not at all; without errors an earlier one goes.

    An earlier file with other content is kept beside it as ``….bak``: somebody may have been correcting it.
    """
    fresh = path.with_name(f"{path.name}.part")
    own = [place for place, name in enumerate(table.header) if not name.startswith(NOTES)]
    with fresh.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=table.delimiter)
        writer.writerow([*_COLUMNS, *(table.header[place] for place in own)])
        for row in sorted(bad, key=lambda row: row.line.number):
            cells = row.line.cells
            whole = len(cells) == len(table.header)
            kept = [cells[place] for place in own] if whole else cells
            writer.writerow([row.line.number, row.column, row.code, row.message, *kept])
    if path.exists() and path.read_bytes() != fresh.read_bytes():
        os.replace(path, path.with_name(f"{path.name}.bak"))
    if bad:
        os.replace(fresh, path)
    else:
        fresh.unlink()
        path.unlink(missing_ok=True)
