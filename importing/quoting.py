"""Rows of a delimited text, each read for itself: one that is badly quoted takes no other with it.

A quotation mark that is left open would swallow everything up to the next one. So such a row is given up where its
mark opened, reading goes on with the next line, and what follows is believed only once it looks like a row again.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

LONGEST_CELL = 100_000
_BREAK = re.compile(r"\r\n|\r|\n")
_PLAIN_BODY = re.compile(r'[^"]*(?:""[^"]*)*')
_ESCAPED_BODY = re.compile(r'[^"\\]*(?:(?:\\.|"")[^"\\]*)*', re.DOTALL)
_ESCAPE = re.compile(r'\\(["\\])|""')


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


@dataclass(frozen=True)
class _Fault:
    """A quoted cell that does not end as one: where its mark opened, and what is wrong."""

    opened: int
    wrong: str


class RowScanner:
    """Reads rows one after the other.

    Parameters
    ----------
    text
        The whole text.
    delimiter
        Between cells, one character.
    escaped
        Whether a backslash in a quoted cell makes a quotation mark part of the text, as some databases write it.
    is_row
        Tells whether cells look like a row of this file; None while that is not known.
    """

    def __init__(
        self, text: str, delimiter: str, *, escaped: bool = False, is_row: Callable[[list[str]], bool] | None = None
    ) -> None:
        self._text = text
        self._delimiter = delimiter
        self._escaped = escaped
        self._is_row = is_row
        edge = re.escape(delimiter)
        self._bare = re.compile(rf"[^{edge}\r\n]*")
        self._opening = re.compile(r'[ \t]*"' if delimiter not in " \t" else '"')
        self._closing = re.compile(r"[ \t]*" if delimiter not in " \t" else "")
        self._body = _ESCAPED_BODY if escaped else _PLAIN_BODY

    def rows(self, start: int = 0, number: int = 1) -> Iterator[Line]:
        """Rows from a place in the text on, which begins the line of this number; blank rows as well."""
        begin, suspect = start, 0
        while begin < len(self._text):
            end, following = self._line(begin)
            if '"' not in self._text[begin:end]:
                line, lines = Line(number, self._text[begin:end].split(self._delimiter)), 1
            else:
                line, following, lines = self._quoted(begin, number)
            if line.broken:
                suspect = line.number
            elif suspect and any(cell.strip() for cell in line.cells):
                if self._is_row is None or self._is_row(line.cells):
                    suspect = 0
                else:
                    line = Line(line.number, line.cells, _after(suspect))
            yield line
            begin, number = following, number + lines

    def faults(self) -> int:
        """Number of rows that are badly quoted."""
        return sum(line.broken is not None for line in self.rows())

    def _line(self, begin: int) -> tuple[int, int]:
        """Where the line ends, and where the next begins."""
        found = _BREAK.search(self._text, begin)
        return found.span() if found else (len(self._text), len(self._text))

    def _quoted(self, begin: int, number: int) -> tuple[Line, int, int]:
        """A row with a quotation mark in it, where the next begins, and how many lines this one has."""
        parsed = self._cells(begin)
        if not isinstance(parsed, _Fault):
            cells, end = parsed
            lines = len(_BREAK.findall(self._text, begin, end)) + 1
            swallowed = self._swallowed(begin, end, number)
            if swallowed is None:
                found = _BREAK.match(self._text, end)
                return Line(number, cells), found.end() if found else end, lines
            parsed = _Fault(begin, swallowed)
        before = len(_BREAK.findall(self._text, begin, parsed.opened))
        opened = self._line_start(parsed.opened, begin)
        end, following = self._line(parsed.opened)
        rest = [cell.strip('" ') for cell in self._text[opened:end].split(self._delimiter)]
        return Line(number + before, rest, parsed.wrong), following, before + 1

    def _line_start(self, place: int, floor: int) -> int:
        found = list(_BREAK.finditer(self._text, floor, place))
        return found[-1].end() if found else floor

    def _cells(self, begin: int) -> tuple[list[str], int] | _Fault:
        """Cells of the row that begins here and the end of it."""
        text, place, cells = self._text, begin, list[str]()
        while True:
            opening = self._opening.match(text, place)
            if opening:
                body = self._body.match(text, opening.end(), min(len(text), opening.end() + LONGEST_CELL))
                assert body is not None, "it matches nothing as well"
                if body.end() >= len(text) or text[body.end()] != '"':
                    return _Fault(
                        opening.start(), "opens a quotation mark that is not closed within the text; close it"
                    )
                closing = self._closing.match(text, body.end() + 1)
                place = closing.end() if closing else body.end() + 1
                if place < len(text) and text[place] not in (self._delimiter, "\r", "\n"):
                    return _Fault(opening.start(), self._behind(place))
                cells.append(self._unquoted(body[0]))
            else:
                bare = self._bare.match(text, place)
                assert bare is not None, "it matches nothing as well"
                cells.append(bare[0])
                place = bare.end()
            if place >= len(text) or text[place] != self._delimiter:
                return cells, place
            place += 1

    def _unquoted(self, body: str) -> str:
        if self._escaped:
            return _ESCAPE.sub(lambda found: found[1] or '"', body)
        return body.replace('""', '"')

    def _behind(self, place: int) -> str:
        seen = self._text[place : place + 20].splitlines()[0]
        return (
            f"has text behind a closing quotation mark ({seen!r}); "
            "write a quotation mark that belongs to the text twice, or leave out the one that opens the cell"
        )

    def _swallowed(self, begin: int, end: int, number: int) -> str | None:
        """What is wrong when a quoted cell runs over lines that are rows themselves."""
        if self._is_row is None:
            return None
        inner = _BREAK.split(self._text[begin:end])[1:]
        for below, line in enumerate(inner, 1):
            if self._is_row(line.split(self._delimiter)):
                return (
                    f"opens a quotation mark that swallows line {number + below}, which looks like a row; close it, "
                    "or begin that line with a blank if it belongs to the text"
                )
        return None


def _after(line: int) -> str:
    return f"cannot be told from the text of line {line}, whose quotation mark is wrong; mend that line first"


def first_rows(scanner: RowScanner, count: int) -> list[Line]:
    """The first rows that say something."""
    return list(islice((line for line in scanner.rows() if any(cell.strip() for cell in line.cells)), count))
