"""A CSV file as a header and rows: encoding, delimiter, quotes, line breaks in cells and ragged ends are dealt with."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Protocol

from importing.decoding import text_of
from importing.errors import FileRefusedError, OptionRefusedError
from importing.formulas import unguarded
from importing.profile import RowProfile
from importing.quoting import LONGEST_CELL, Line, RowScanner, first_rows

DELIMITERS = (",", ";", "\t", "|")
NOTES = "trm:"
"""Columns of this prefix are notes of an error file and say nothing about the row."""

_MOST_COLUMNS = 1_000
_SHOWN_CELL = 80
_SAMPLE_CHARACTERS = 65_536
_SAMPLE_ROWS = 20
_SEPARATOR_LINE = re.compile(r"sep=([^\"\r\n])(?:\r\n|\r|\n)", re.IGNORECASE)


class FileToRead(Protocol):
    """A file with its name, wherever it is kept; a path is one."""

    @property
    def name(self) -> str:
        """What messages call it."""

    def read_bytes(self) -> bytes:
        """All of it."""


@dataclass(frozen=True)
class HeldFile:
    """A file that is held in memory."""

    name: str
    content: bytes

    def read_bytes(self) -> bytes:
        """All of it."""
        return self.content


class CsvTable:
    """A file with a header row.

    Parameters
    ----------
    file
        The file.
    delimiter
        None: the one that fits the first rows best.
    encoding
        Of the text; empty: the one its bytes are for certain.

    Attributes
    ----------
    header
        Names of the columns, as they stand there.
    labels
        The same, each once: what stands there several times is numbered, as ``Email#2``, and so is what has no name.

    Raises
    ------
    FileRefusedError
        It cannot be read, is not text of this encoding, or has no header.
    """

    def __init__(self, file: FileToRead, delimiter: str | None = None, encoding: str = "") -> None:
        try:
            self._text = text_of(file.read_bytes(), file.name, encoding)
        except OSError as error:
            raise FileRefusedError(f"{file.name} cannot be read: {error.strerror}") from error
        named = _SEPARATOR_LINE.match(self._text)  # spreadsheets write it, and hide it when they read
        self._start = named.end() if named else 0
        self._first = 2 if named else 1
        self.delimiter = delimiter or (named[1] if named else _delimiter_of(self._text[: _SAMPLE_CHARACTERS + 1]))
        escaped = _escapes(self._text, self.delimiter)
        scanner = RowScanner(self._text, self.delimiter, escaped=escaped)
        first = next((line for line in scanner.rows(self._start, self._first) if _filled(line)), None)
        if first is None:
            raise FileRefusedError(f"{file.name} is empty; its first line names the columns")
        if first.broken:
            raise FileRefusedError(f"line {first.number}, which names the columns, {first.broken}")
        if len(first.cells) > _MOST_COLUMNS:
            raise FileRefusedError(f"{file.name} has more than {_MOST_COLUMNS} columns; is it a table with a header?")
        self.guarded = any(name.startswith(NOTES) for name in first.cells)
        self.header = self._cells([name.strip() for name in first.cells])
        self.labels = labels_of(self.header)
        profile = RowProfile(self._text[self._start :], self.delimiter, first.cells)
        self._scanner = RowScanner(self._text, self.delimiter, escaped=escaped, is_row=profile.fits)

    def rows(self) -> Iterator[Line]:
        """The rows below the header; blank ones are left out, and all have the header's number of cells or are broken.

        Office programs leave empty cells at the end of a row away, and add some: neither says anything.
        """
        lines = (line for line in self._scanner.rows(self._start, self._first) if _filled(line))
        next(lines)
        width = len(self.header)
        for line in lines:
            cells = self._cells(line.cells)
            surplus = [cell for cell in cells[width:] if cell.strip()]
            if not line.broken and any(len(cell) > LONGEST_CELL for cell in cells):
                broken = f"has a cell of more than {LONGEST_CELL} characters; shorten it"
                yield Line(line.number, [cell[:LONGEST_CELL] for cell in cells[:width]], broken)
            elif line.broken or not surplus:
                yield Line(line.number, [*cells[:width], *[""] * (width - len(cells))], line.broken)
            else:
                shown = surplus[0][:_SHOWN_CELL]
                broken = (
                    f"has {len(cells)} cells where the header has {width}: {shown!r} stands in no column; "
                    f"put a text with {_spoken(self.delimiter)} in it in quotation marks"
                )
                yield Line(line.number, cells, broken)

    def count(self, most: int | None = None) -> int:
        """Number of rows; they are counted no further than to one more than ``most``."""
        return sum(1 for _ in islice(self.rows(), None if most is None else most + 1))

    def _cells(self, cells: list[str]) -> list[str]:
        return [unguarded(cell) for cell in cells] if self.guarded else cells


def delimiter_named(said: str) -> str | None:
    """The delimiter that an option says; None where it says none.

    Raises
    ------
    OptionRefusedError
        It is not one character that can stand between cells.
    """
    spoken = {"": None, "tab": "\t", "\\t": "\t"}.get(said, said)
    if spoken is not None and (len(spoken) != 1 or spoken in '"\r\n'):
        message = f"a delimiter is one character that is no quotation mark, not {said!r}"
        raise OptionRefusedError(message, pointer="/delimiter")
    return spoken


def labels_of(header: Sequence[str]) -> list[str]:
    """Names by which each column can be told from the others."""
    often = Counter(header)
    taken = {name for name, count in often.items() if name and count == 1}
    labels, numbers = [], Counter[str]()
    for name in header:
        label = name
        while not name or often[name] > 1:
            numbers[name] += 1
            label = f"{name}#{numbers[name]}"
            if label not in taken:
                break
        taken.add(label)
        labels.append(label)
    return labels


def _filled(line: Line) -> bool:
    return line.broken is not None or any(cell.strip() for cell in line.cells)


def _spoken(delimiter: str) -> str:
    return "a tab" if delimiter == "\t" else repr(delimiter)


def _escapes(text: str, delimiter: str) -> bool:
    """Whether a backslash before a quotation mark makes it part of the text: when rows are well quoted only so."""
    if '\\"' not in text:
        return False
    return RowScanner(text, delimiter, escaped=True).faults() < RowScanner(text, delimiter).faults()


def _delimiter_of(sample: str) -> str:
    """The delimiter by which most of the first rows have as many cells as the header, and the header most."""
    cut = max(sample.rfind("\n"), sample.rfind("\r")) + 1
    whole = sample[:cut] if cut and len(sample) > _SAMPLE_CHARACTERS else sample

    def fit(delimiter: str) -> tuple[float, int]:
        filled = first_rows(RowScanner(whole, delimiter), _SAMPLE_ROWS)
        if not filled or len(filled[0].cells) < 2:
            return (0.0, 0)
        width = len(filled[0].cells)
        return (sum(len(line.cells) == width for line in filled) / len(filled), width)

    return max(DELIMITERS, key=fit)
