"""A CSV file as rows of cells: byte order mark, delimiter, quotes and line breaks in cells are dealt with here."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from cli.imports.errors import FileRefusedError

DELIMITERS = (",", ";", "\t", "|")
NOTES = "trm:"
"""Columns of this prefix are notes of an error file and say nothing about the row."""

_SAMPLE_CHARACTERS = 65_536
_SAMPLE_ROWS = 20
_LONGEST_CELL = 1_000_000
_SEPARATOR_LINE = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)


@dataclass(frozen=True)
class Line:
    """One row of the file.

    Parameters
    ----------
    number
        Line of the file on which it begins, from 1.
    cells
        As they stand there.
    broken
        What is wrong with it as a row, if anything.
    """

    number: int
    cells: list[str]
    broken: str | None = None


class CsvTable:
    """A file with a header row.

    Parameters
    ----------
    path
        The file.
    delimiter
        None: the one that fits the first rows best.
    encoding
        Of the text; ``utf-8-sig`` takes UTF-8 with and without a byte order mark.

    Raises
    ------
    FileRefusedError
        It is not text of this encoding, or has no header.
    """

    def __init__(self, path: Path, delimiter: str | None = None, encoding: str = "utf-8-sig") -> None:
        self._path = path
        self._encoding = encoding
        sample = self._sample()
        named = _SEPARATOR_LINE.match(sample)  # spreadsheets write it, and hide it when they read
        self._skipped = named[0] if named else ""
        self.delimiter = delimiter or (named[1] if named else _delimiter_of(sample))
        first = next(self._lines(), None)
        if first is None:
            raise FileRefusedError(f"{path.name} is empty; its first line names the columns")
        self.header = [name.strip() for name in first.cells]

    def rows(self) -> Iterator[Line]:
        """The rows below the header; blank ones are left out."""
        lines = self._lines()
        next(lines)
        for line in lines:
            if line.broken is None and len(line.cells) != len(self.header):
                open_quote = " (is a quotation mark left open?)" if any("\n" in cell for cell in line.cells) else ""
                broken = f"has {len(line.cells)} cells where the header has {len(self.header)}{open_quote}"
                yield Line(line.number, line.cells, broken)
            else:
                yield line

    def count(self) -> int:
        """Number of rows; reads the whole file, and so finds out whether it can be read."""
        return sum(1 for _ in self.rows())

    def _lines(self) -> Iterator[Line]:
        csv.field_size_limit(_LONGEST_CELL)
        with self._path.open(encoding=self._encoding, newline="") as file:
            file.read(len(self._skipped))
            reader = csv.reader(file, delimiter=self.delimiter)
            before = 1 if self._skipped else 0
            while True:
                number, before_read = before + reader.line_num + 1, reader.line_num
                try:
                    cells = next(reader)
                except StopIteration:
                    return
                except csv.Error as error:
                    yield Line(number, [], f"cannot be read, nor what follows it: {error}")
                    return
                except UnicodeDecodeError as error:
                    raise self._wrong_encoding(before + before_read) from error
                if any(cell.strip() for cell in cells):
                    yield Line(number, cells)

    def _sample(self) -> str:
        try:
            with self._path.open(encoding=self._encoding, newline="") as file:
                return file.read(_SAMPLE_CHARACTERS)
        except UnicodeDecodeError as error:
            raise self._wrong_encoding(0) from error
        except LookupError as error:
            raise FileRefusedError(f"there is no encoding {self._encoding!r}") from error

    def _wrong_encoding(self, after: int) -> FileRefusedError:
        name = "UTF-8" if self._encoding == "utf-8-sig" else self._encoding
        return FileRefusedError(
            f"{self._path.name} is not {name} after line {after}; save it as UTF-8, or say --encoding, "
            "for instance cp1252 or utf-16"
        )


def _delimiter_of(sample: str) -> str:
    """The delimiter by which most of the first rows have as many cells as the header, and the header most."""
    whole = sample if len(sample) < _SAMPLE_CHARACTERS else sample[: sample.rfind("\n") + 1]

    def fit(delimiter: str) -> tuple[float, int]:
        rows = list(islice(csv.reader(io.StringIO(whole, newline=""), delimiter=delimiter), _SAMPLE_ROWS))
        filled = [row for row in rows if any(cell.strip() for cell in row)]
        if not filled or len(filled[0]) < 2:
            return (0.0, 0)
        return (sum(len(row) == len(filled[0]) for row in filled) / len(filled), len(filled[0]))

    return max(DELIMITERS, key=fit)
