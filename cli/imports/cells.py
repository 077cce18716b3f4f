"""What a cell says: people, dates, words and choices, as their models take them."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta, timezone, tzinfo
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from cli.imports.columns import ImportField
from cli.imports.errors import MappingRefusedError
from runtime.errors import RefusedError
from runtime.text import fold

Parts = Mapping[str, str]
"""Cells of a field that say something: under ``""`` its own, under ``email``, ``name`` … those of its parts."""

_NAMED_ADDRESS = re.compile(r"^(?P<name>[^<>]*?)\s*<(?P<email>[^<>@\s]+@[^<>@\s]+)>$")
_ADDRESS = re.compile(r"^[^@\s]+@\S*$")  # a wrong one is refused as such, not taken for a name
_MOMENT = re.compile(
    r"^(?P<date>\d{4}-\d{2}-\d{2})"
    r"(?:[Tt ](?P<time>\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?) ?(?P<zone>[Zz]|[+-]\d{2}:?\d{2})?)?$"
)
_OFFSET = re.compile(r"^([+-])(\d{2}):?(\d{2})$")
_LISTED = re.compile(r"[;|\n]")
_LISTED_WORDS = re.compile(r"[;|,\n]")


class CellRefusedError(RefusedError):
    """A cell does not say what its field needs."""

    code = "valueInvalid"


class CellReader:
    """Reads cells.

    Parameters
    ----------
    zone
        Of dates without an offset.
    separator
        Between several values in a cell; empty: semicolon, bar or line break, and a comma where it cannot be part of
        a value.
    """

    def __init__(self, zone: tzinfo, separator: str = "") -> None:
        self._zone = zone
        self._separator = separator
        self._readers: dict[str, Callable[[ImportField, Parts], Any]] = {
            "person": lambda _, parts: _person(parts),
            "people": lambda _, parts: self._people(parts),
            "project": lambda _, parts: _identified(parts[""]),
            "words": lambda _, parts: self._split(parts[""], _LISTED_WORDS),
            "moment": lambda _, parts: self._moment(parts[""]),
            "choice": lambda field, parts: _choice(field, parts[""]),
            "id": lambda _, parts: parts[""],
            "text": lambda _, parts: parts[""],
        }

    def read(self, field: ImportField, parts: Parts) -> Any:
        """The value of a field, JSON-ready; its model still has to accept it.

        Raises
        ------
        CellRefusedError
            The cell cannot be read.
        """
        return self._readers[field.shape](field, parts)

    def _people(self, parts: Parts) -> list[dict[str, str]]:
        split = {part: self._people_in(cell) for part, cell in parts.items()}
        lengths = {len(values) for values in split.values()}
        if len(lengths) != 1:
            raise CellRefusedError("its columns name different numbers of people")
        return [_person({part: values[n] for part, values in split.items()}) for n in range(lengths.pop())]

    def _people_in(self, cell: str) -> list[str]:
        pieces = self._split(cell, _LISTED)
        if self._separator or len(pieces) > 1 or "," not in cell:
            return pieces
        by_comma = [piece.strip() for piece in cell.split(",") if piece.strip()]
        # “Doe, Jane” is one person; addresses, handles and ids have no comma.
        return by_comma if all("name" not in reference_of(piece) for piece in by_comma) else pieces

    def _split(self, cell: str, pattern: re.Pattern[str]) -> list[str]:
        pieces = cell.split(self._separator) if self._separator else pattern.split(cell)
        return [piece.strip() for piece in pieces if piece.strip()]

    def _moment(self, cell: str) -> str:
        found = _MOMENT.match(cell)
        if not found:
            raise CellRefusedError(f"{cell!r} is not a date as 2026-03-01 or 2026-03-01T09:00+07:00")
        try:
            moment = datetime.fromisoformat(
                f"{found['date']}T{found['time'] or '00:00'}{(found['zone'] or '').upper()}"
            )
        except ValueError as error:
            raise CellRefusedError(f"{cell!r}: {error}") from error
        return (moment if moment.tzinfo else moment.replace(tzinfo=self._zone)).isoformat()


def zone_of(name: str) -> tzinfo:
    """A time zone by its IANA name, or an offset as ``+07:00``.

    Raises
    ------
    MappingRefusedError
        There is no such zone.
    """
    if match := _OFFSET.match(name):
        size = timedelta(hours=int(match[2]), minutes=int(match[3]))
        if size < timedelta(hours=24):
            return timezone(-size if match[1] == "-" else size)
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise MappingRefusedError(f"there is no time zone {name!r}; say one as Asia/Ho_Chi_Minh or +07:00") from error


def reference_of(text: str) -> dict[str, str]:
    """How a text names a person: address, ``Name <address>``, ``@handle``, id, or else a bare name."""
    if match := _NAMED_ADDRESS.match(text):
        return {"email": match["email"], **({"fullName": match["name"]} if match["name"] else {})}
    if text.startswith("@"):
        return {"handle": text[1:]}
    if _ADDRESS.match(text):
        return {"email": text}
    return _identified(text)


def _person(parts: Parts) -> dict[str, str]:
    said = reference_of(parts[""]) if "" in parts else {}
    if "handle" in parts:
        said = {"handle": parts["handle"].removeprefix("@")} | ({"fullName": said["name"]} if "name" in said else {})
    for part in ("email", "id"):
        if part in parts:
            said = {part: parts[part]} | ({"fullName": said["name"]} if "name" in said else {})
    if "name" in parts:
        said = {**said, "fullName": parts["name"]} if said and "name" not in said else {"name": parts["name"]}
    return said


def _identified(text: str) -> dict[str, str]:
    try:
        return {"id": str(UUID(text))}
    except ValueError:
        return {"name": text}


def _choice(field: ImportField, cell: str) -> str:
    words = {"".join(fold(choice).split()): choice for choice in field.choices}
    found = words.get("".join(fold(cell).split()))
    if found is None:
        raise CellRefusedError(f"{cell!r} is none of {', '.join(field.choices)}")
    return found
