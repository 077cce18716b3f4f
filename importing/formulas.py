"""Cells that a spreadsheet would take for a formula, and the mark that keeps it from doing so.

A spreadsheet runs what begins with one of these signs, also when the file came from somebody else. An apostrophe in
front makes it a text; it is taken off again when the error file is imported, and only then.
"""

import re

_LIVE = re.compile(r"'*[\s\0]*[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")
_GUARD = "'"


def guarded(cell: str) -> str:
    """The cell as a spreadsheet shows it and does not run it; texts that look guarded already are guarded once more."""
    return _GUARD + cell if _LIVE.match(cell) else cell


def unguarded(cell: str) -> str:
    """The cell as it was before it was guarded."""
    return cell[1:] if cell.startswith(_GUARD) and _LIVE.match(cell) else cell
