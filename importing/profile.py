"""What the rows of one file look like, so that a line can be told from a piece of text."""

import re
from collections import Counter
from collections.abc import Sequence
from itertools import islice

_LINES = re.compile(r"[^\r\n]+")
_LOOKED_AT = 300
_LONGEST_SHAPE = 200
"""Characters of a cell that are looked at: some patterns take a time that grows with their square."""

_SHAPES = (
    ("address", re.compile(r"<?[^@\s]+@[^@\s]+\.[^@\s]+")),
    ("moment", re.compile(r"\d{1,4}[-/.](?:\d{1,2}|[A-Za-z]{3})[-/.]\d{1,4}([T ].*)?")),
    ("number", re.compile(r"[+-]?\d+([.,]\d+)*")),
    ("code", re.compile(r"(?=\S*\d)\S{1,40}")),
    ("handle", re.compile(r"@\S+")),
)


class RowProfile:
    """Tells whether a line, cut into cells, looks like a row.

    Parameters
    ----------
    text
        The text with its header.
    delimiter, header
        Between cells, and the cells of the header as they stand there.
    """

    def __init__(self, text: str, delimiter: str, header: Sequence[str]) -> None:
        self._delimiter = delimiter
        self._width = width = len(header)
        plain = (found[0].split(delimiter) for found in _LINES.finditer(text) if '"' not in found[0])
        rows = list(islice((cells for cells in plain if len(cells) == width and cells != list(header)), _LOOKED_AT))
        self._shapes = {place: shape for place in range(width) if (shape := _common([row[place] for row in rows]))}

    def fits(self, cells: Sequence[str]) -> bool:
        """Whether these are a row's cells, each of the shape that its column has elsewhere; empty ends may be away."""
        filled = max((place for place, cell in enumerate(cells, 1) if cell.strip()), default=0)
        if not 2 <= filled <= self._width or any(cell[:1].isspace() for cell in cells[:filled]):
            return False
        if not self._shapes:
            return filled == self._width > 2 and not any('"' in cell or len(cell) < 2 for cell in cells[:filled])
        told = {place: shape_of(cells[place]) for place in self._shapes if place < filled and cells[place].strip()}
        if any(shape != self._shapes[place] for place, shape in told.items()):
            return False
        return len(told) >= (1 if len(cells) >= self._width else min(2, len(self._shapes)))


def shape_of(cell: str) -> str:
    """What kind of thing a cell is at first sight; empty for words."""
    stripped = cell[:_LONGEST_SHAPE].strip().strip('"')
    return next((shape for shape, pattern in _SHAPES if pattern.fullmatch(stripped)), "")


def _common(cells: list[str]) -> str:
    """The shape that nearly all of these cells have."""
    shapes = Counter(shape_of(cell) for cell in cells if cell.strip())
    if not shapes:
        return ""
    [(shape, count)] = shapes.most_common(1)
    return shape if count * 10 >= shapes.total() * 9 else ""
