"""What a cell says: people, dates, words and choices, as their models take them."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta, timezone, tzinfo
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from importing.columns import ImportField
from importing.errors import OptionRefusedError
from importing.name_parts import joined_name
from ontology.moments import DateOrder, MomentAmbiguousError, MomentError, in_utc, read_moment
from ontology.wording import trimmed, with_plain_signs
from runtime.errors import RefusedError
from runtime.text import fold

Parts = Mapping[str, str]
"""Cells of a field that say something: under ``""`` its own, under ``email``, ``name`` … those of its parts."""

_NAMED_ADDRESS = re.compile(r"^(?P<name>[^<>]*?)\s*[<(\[](?P<email>[^<>@\s]+@[^<>@\s]+)[>)\]][;,.]?$")
_LONGEST_NAMED = 600
"""Characters of a name with its address: more is no name, and the pattern's time grows with their square."""

_ADDRESS = re.compile(r"^[^@\s]+@\S*$")  # a wrong one is refused as such, not taken for a name
_OFFSET = re.compile(r"^([+-])(\d{2}):?(\d{2})$")
_BETWEEN = "\x1e"
"""Between the cells of several comments, whose texts may hold anything that is written."""

_LISTED = re.compile(r"[;|\n]")
_LISTED_WORDS = re.compile(r"[;|,\n]")
_LISTED_REFERENCES = re.compile(r",|\s(?:and|và|&)\s", re.IGNORECASE)


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
    order
        Of dates in figures whose year stands behind.
    words
        Field → what else a choice of it is called in files.
    """

    def __init__(
        self,
        zone: tzinfo,
        separator: str = "",
        order: DateOrder = "",
        words: Mapping[str, Mapping[str, str]] | None = None,
    ) -> None:
        self._zone = zone
        self._separator = separator
        self._order = order
        self._words = words or {}
        self._readers: dict[str, Callable[[ImportField, Parts], Any]] = {
            "person": lambda _, parts: _person(parts),
            "people": lambda _, parts: self._people(parts),
            "project": lambda _, parts: _identified(parts[""]),
            "projects": lambda _, parts: [_identified(one) for one in self._split(parts[""], _LISTED_WORDS)],
            "comments": lambda _, parts: list(self._comments(parts[""])),
            "words": lambda _, parts: self._split(parts[""], _LISTED_WORDS),
            "moment": lambda _, parts: self._moment(parts[""]),
            "choice": lambda field, parts: _choice(field, parts[""], self._words.get(field.name, {})),
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

    def joined(self, field: ImportField, target: str, cells: Sequence[str]) -> str:
        """One cell of those of a target's columns, in their order."""
        joint = field.joint(target)
        if field.shape == "comments":
            return _BETWEEN.join(cells)
        if joint == "name":
            return joined_name(cells)
        between = {"list": self._separator or "\n", "lines": "\n"}.get(joint, " ")
        return between.join(cell for cell in cells if cell)

    def _people(self, parts: Parts) -> list[dict[str, str]]:
        split = {part: self._people_in(cell) for part, cell in parts.items()}
        lengths = {len(values) for values in split.values()}
        if len(lengths) != 1:
            raise CellRefusedError("its columns name different numbers of people; say each person in every column")
        return [_person({part: values[n] for part, values in split.items()}) for n in range(lengths.pop())]

    def _people_in(self, cell: str) -> list[str]:
        pieces = self._split(cell, _LISTED)
        if self._separator or len(pieces) > 1:
            return pieces
        apart = [piece.strip() for piece in _LISTED_REFERENCES.split(cell) if piece.strip()]
        # “Doe, Jane” is one person; addresses, handles and ids have no comma.
        return apart if all("name" not in reference_of(piece) for piece in apart) else pieces

    def _split(self, cell: str, pattern: re.Pattern[str]) -> list[str]:
        pieces = cell.split(self._separator) if self._separator else pattern.split(cell)
        return [piece.strip() for piece in pieces if piece.strip()]

    def _comments(self, cell: str) -> Iterator[dict[str, Any]]:
        """Those that say something."""
        for one in map(self._comment, cell.split(_BETWEEN)):
            if one["text"].strip():
                yield one

    def _comment(self, cell: str) -> dict[str, Any]:
        """``date;author;text`` as trackers write it, or a text alone."""
        pieces = cell.strip().split(";", 2)
        if len(pieces) < 3:
            return {"text": cell}
        try:
            moment = self._moment(pieces[0].strip())
        except CellRefusedError:
            return {"text": cell}
        author = account_of(pieces[1])
        return {"occurredAt": moment, **({"author": author} if author else {}), "text": pieces[2]}

    def _moment(self, cell: str) -> str:
        try:
            return in_utc(read_moment(cell, self._zone, self._order)).isoformat()
        except MomentAmbiguousError as error:
            raise CellRefusedError(f"{error}, or say --dates day-first or --dates month-first for all") from error
        except MomentError as error:
            raise CellRefusedError(str(error)) from error


def zone_of(name: str) -> tzinfo:
    """A time zone by its IANA name, or an offset as ``+07:00``.

    Raises
    ------
    OptionRefusedError
        There is no such zone.
    """
    if match := _OFFSET.match(name):
        size = timedelta(hours=int(match[2]), minutes=int(match[3]))
        if size < timedelta(hours=24):
            return timezone(-size if match[1] == "-" else size)
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise OptionRefusedError(
            f"there is no time zone {name!r}; say one as Asia/Ho_Chi_Minh or +07:00", pointer="/timeZone"
        ) from error


def reference_of(text: str) -> dict[str, str]:
    """How a text names a person: address, ``Name <address>``, ``@handle``, id, or else a bare name."""
    text = with_plain_signs(trimmed(text))
    if len(text) <= _LONGEST_NAMED and (match := _NAMED_ADDRESS.match(text)):
        name = match["name"].strip("\"'“” ")
        return {"email": match["email"], **({"fullName": name} if name else {})}
    if text.startswith("@"):
        return {"handle": text[1:]}
    if _ADDRESS.match(text):
        return {"email": text}
    return _identified(text)


def _person(parts: Parts) -> dict[str, str]:
    said = reference_of(parts[""]) if "" in parts else {}
    if "handle" in parts:
        said = {"handle": with_plain_signs(parts["handle"]).removeprefix("@")} | (
            {"fullName": said["name"]} if "name" in said else {}
        )
    for part in ("email", "id"):
        if part in parts:
            key = {part: parts[part]} if part == "email" or _is_id(parts[part]) else account_of(parts[part])
            said = key | ({"fullName": said["name"]} if "name" in said else {})
    if "name" in parts:
        said = {**said, "fullName": parts["name"]} if said and "name" not in said else {"name": parts["name"]}
    return said


def _is_id(text: str) -> bool:
    return "id" in _identified(text)


def _identified(text: str) -> dict[str, str]:
    try:
        return {"id": str(UUID(text))}
    except ValueError:
        return {"name": text}


def account_of(text: str) -> dict[str, str]:
    """Whom the account of a tracker means: by address, or by the account's name or number as a handle."""
    text = with_plain_signs(trimmed(text))
    if not text or _ADDRESS.match(text):
        return {"email": text} if text else {}
    return {"handle": text.removeprefix("@").replace(":", "-")}


def _choice(field: ImportField, cell: str, called: Mapping[str, str]) -> str:
    words = {"".join(fold(choice).split()): choice for choice in field.choices}
    words |= {"".join(fold(name).split()): choice for name, choice in called.items()}
    found = words.get("".join(fold(cell).split()))
    if found is None:
        raise CellRefusedError(f"{cell[:80]!r} is none of {', '.join(field.choices)}; write one of them")
    return found
