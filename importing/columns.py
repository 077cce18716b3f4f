"""Which column of a file says what: a kind's fields, read from its model, and their columns, by name or as told."""

import re
import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from functools import lru_cache
from typing import Any, Literal, NoReturn, get_args, get_origin
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, StringConstraints
from pydantic.alias_generators import to_camel
from pydantic.fields import FieldInfo

from importing.errors import MappingRefusedError, OptionRefusedError
from importing.kinds import ImportKind
from importing.name_parts import parts_of
from importing.table import NOTES, labels_of
from importing.vocabulary import synonyms
from ontology.kinds.tension import CommentImported
from ontology.references import PersonRef, ProjectRef
from runtime.text import fold

Joint = Literal["one", "list", "name", "words", "lines"]
"""What several columns of a target are together: not allowed, a list, a name, one line, or lines."""

Shape = Literal["person", "people", "project", "projects", "comments", "words", "moment", "choice", "id", "text"]

EXTERNAL_ID = "externalId"
"""What a row's id in its source is called among the fields."""

PARTS: Mapping[str, tuple[str, ...]] = {
    "id": ("id",),
    "email": ("email", "mail", "email address"),
    "handle": ("handle", "username", "user name", "login"),
    "name": ("name", "full name"),
}
"""A person may be spread over columns: ``giver.email``, ``giver.name``. Part → names it has after the field's."""

_BARE = re.compile(r"[\w.=#:,@%+/-]+")
"""What a shell takes as it stands; a number sign is one only where a word begins."""

_LINE = 255
"""Characters of a text that is a line, as names and titles are; a longer one may have several."""

_WHOLE_NAMES = ("fullName",)
"""Fields that are the whole name of a person; it may stand in parts, in columns of their own."""

_SHAPES: tuple[tuple[type, Shape], ...] = (
    (PersonRef, "person"),
    (ProjectRef, "project"),
    (CommentImported, "comments"),
    (datetime, "moment"),
    (AwareDatetime, "moment"),
    (Enum, "choice"),
    (UUID, "id"),
    (int, "text"),
    (float, "text"),
    (str, "text"),
)


_SEVERAL: Mapping[Shape, Shape] = {"person": "people", "project": "projects", "comments": "comments"}
"""Shape of one → that of a list of them; of any other it is words."""


@dataclass(frozen=True)
class ImportField:
    """What a row may say.

    Parameters
    ----------
    name
        As on the wire.
    shape
        How a cell is read.
    required
        Whether every row must say it.
    choices
        The words it may be, if it is one of a few.
    long
        Whether it is a text of several lines.
    """

    name: str
    shape: Shape
    required: bool
    choices: tuple[str, ...] = ()
    long: bool = False

    @property
    def targets(self) -> tuple[str, ...]:
        """What a column can be mapped to: the field, or a part of the person or people it names."""
        parts = PARTS if self.shape in ("person", "people") else ()
        return (self.name, *(f"{self.name}.{part}" for part in parts))

    def joint(self, target: str) -> Joint:
        """What several columns of one of its targets are together."""
        part = target.partition(".")[2]
        if part == "name" or target in _WHOLE_NAMES or (self.shape == "person" and not part):
            return "name"
        if self.shape in ("people", "projects", "comments", "words"):
            return "list"
        if self.long:
            return "lines"
        single = part or target in ("email", "handle", "language") or self.shape in ("id", "choice")
        return "one" if single else "words"


Mapped = dict[str, tuple[int, ...]]
"""Target → places of its columns in the file."""


def fields_of(model: type[BaseModel]) -> dict[str, ImportField]:
    """The fields a row of this model has, by name."""
    return {to_camel(name): _field(to_camel(name), info) for name, info in model.model_fields.items()}


def map_columns(kind: ImportKind, header: Sequence[str], told: Mapping[str, Sequence[str]]) -> Mapped:
    """Find the columns of each field.

    Parameters
    ----------
    kind
        What is imported.
    header
        The file's columns.
    told
        Target → columns in the order in which they are joined, as the user says; none leave the target out.

    Raises
    ------
    MappingRefusedError
        A target or column is unknown, several columns fit one target, or a required field has none.
    """
    names = _names(kind)
    labels = labels_of(header)
    mapped = _told(kind, names, header, labels, told)
    for target in names:
        if target in told:
            continue
        taken = {place for places in mapped.values() for place in places}
        fitting = _fitting(names[target], header, taken)
        parts = _name_parts(kind, target, header, taken)
        if parts and set(fitting) <= set(parts):
            mapped[target] = parts
        elif doubtful := _doubtful_parts(kind, target, header, taken, fitting):
            _refuse_doubtful(kind, target, labels, doubtful)
        elif len(fitting) > 1 and not _one_list(kind, target, [header[place] for place in fitting]):
            _refuse_doubtful(kind, target, labels, [fitting])
        elif fitting:
            mapped[target] = tuple(fitting)
    _refuse_missing(kind, mapped, labels)
    return mapped


def column_of(mapped: Mapped, labels: Sequence[str], field: str) -> str:
    """Columns of a field, for a person to read."""
    of_field = (places for target, places in mapped.items() if target == field or target.startswith(f"{field}."))
    return ", ".join(labels[place] for place in sorted({place for places in of_field for place in places}))


def _told(
    kind: ImportKind,
    names: Mapping[str, object],
    header: Sequence[str],
    labels: Sequence[str],
    told: Mapping[str, Sequence[str]],
) -> Mapped:
    mapped: Mapped = {}
    for target, columns in told.items():
        if target not in names:
            raise OptionRefusedError(f"there is no field {target!r}; there are {', '.join(names)}")
        places = tuple(dict.fromkeys(_place(header, labels, column) for column in columns if column))
        if len(places) > 1 and _joint(kind, target) == "one":
            raise OptionRefusedError(
                f"{target} is said by one column, not by {len(places)}; say one alone, as --map "
                f"{_said(target, labels[places[0]])}"
            )
        if places:
            mapped[target] = places
    return mapped


def _refuse_missing(kind: ImportKind, mapped: Mapped, labels: Sequence[str]) -> None:
    fields = [field for field in fields_of(kind.content).values() if field.required]
    missing = [field.name for field in fields if not any(target in mapped for target in field.targets)]
    if missing:
        columns = ", ".join(name for name in labels if not name.startswith(NOTES))
        each = "" if _joint(kind, missing[0]) == "one" else ", once for each of its columns"
        raise MappingRefusedError(
            f"no column says {', '.join(missing)}; the columns are {columns}; say --map {missing[0]}=COLUMN{each}"
        )


def _joint(kind: ImportKind, target: str) -> Joint:
    field = fields_of(kind.content).get(target.partition(".")[0])
    return field.joint(target) if field else "one"


def _one_list(kind: ImportKind, target: str, names: Sequence[str]) -> bool:
    """Whether columns are one list: some trackers repeat a column for each of its values."""
    return _joint(kind, target) == "list" and len({_key(name) for name in names}) == 1


def _refuse_doubtful(kind: ImportKind, target: str, labels: Sequence[str], parts: Sequence[Sequence[int]]) -> NoReturn:
    """Refuse columns of which one has to be chosen for each part of a target; a choice that works is named."""
    columns = ", ".join(labels[place] for places in parts if len(places) > 1 for place in places)
    choice = " ".join(f"--map {_said(target, labels[places[0]])}" for places in parts)
    field = fields_of(kind.content).get(target.partition(".")[0])
    leave = "" if field and field.required else f", or leave it out: --map {target}="
    of = target if len(parts) == 1 else f"a part of {target}"
    raise MappingRefusedError(f"{columns}: each could be {of}; say which one is, as {choice}{leave}")


def _name_parts(kind: ImportKind, target: str, header: Sequence[str], taken: set[int]) -> tuple[int, ...]:
    """Free columns that make a person's name together, in its order."""
    for first, middle, last in _parts_found(kind, target, header, taken):
        if len(first) == 1 and len(last) == 1 and len(middle) <= 1:
            return (*first, *middle, *last)
    return ()


def _doubtful_parts(
    kind: ImportKind, target: str, header: Sequence[str], taken: set[int], fitting: Sequence[int]
) -> list[list[int]]:
    """The columns of each part of a name that has several for one; none when another column says it whole."""
    for parts in _parts_found(kind, target, header, taken):
        if parts[0] and parts[2] and set(fitting) <= {place for places in parts for place in places}:
            return [places for places in parts if places]
    return []


def _parts_found(
    kind: ImportKind, target: str, header: Sequence[str], taken: set[int]
) -> Iterator[tuple[list[int], list[int], list[int]]]:
    """Free columns of the first, middle and last part of a person's name, by language."""
    field, _, part = target.partition(".")
    if part != "name" and target not in _WHOLE_NAMES:
        return
    before = ["", "employee", "legal"] if target in _WHOLE_NAMES else [field, *synonyms(kind.name, field)]
    for language in parts_of(before):
        first, middle, last = ([_key(name) for name in names] for names in language)
        yield _fitting(first, header, taken), _fitting(middle, header, taken), _fitting(last, header, taken)


def _names(kind: ImportKind) -> dict[str, list[str]]:
    """Target → the names its column may have, the field's own first, compared without case, accents and spacing."""
    names = {EXTERNAL_ID: [EXTERNAL_ID, *synonyms(kind.name, EXTERNAL_ID)]}
    for field in fields_of(kind.content).values():
        spoken = [field.name, *synonyms(kind.name, field.name)]
        names[field.name] = spoken
        for part in field.targets[1:]:
            words = PARTS[part.partition(".")[2]]
            names[part] = [part, *(f"{name} {word}" for name in spoken for word in words)]
    return {target: [_key(name) for name in spoken] for target, spoken in names.items()}


def _fitting(names: Sequence[str], header: Sequence[str], taken: Iterable[int]) -> list[int]:
    """Free columns of one of these names; only those of the field's own name, if there is one."""
    free = [place for place in range(len(header)) if place not in set(taken)]
    keys = {place: _key(header[place]) for place in free if not header[place].startswith(NOTES)}
    own = [place for place, key in keys.items() if key in names[:1]]
    return own or [place for place, key in keys.items() if key in names]


def _place(header: Sequence[str], labels: Sequence[str], column: str) -> int:
    named = column.strip()
    exact = [place for place in range(len(header)) if named in (header[place], labels[place])]
    places = exact or [place for place, name in enumerate(header) if name and _key(name) == _key(column)]
    if len(places) > 1:
        several = ", ".join(labels[place] for place in places)
        raise OptionRefusedError(f"more than one column is called {column!r}; say which one, of {several}")
    if not places:
        raise OptionRefusedError(f"no column is called {column!r}; the columns are {', '.join(labels)}")
    return places[0]


def _said(target: str, column: str) -> str:
    """A mapping as it can be typed into a shell."""
    said = f"{target}={column}"
    return said if _BARE.fullmatch(said) else shlex.quote(said)


@lru_cache(maxsize=4096)
def _key(name: str) -> str:
    return "".join(letter for letter in fold(name) if letter.isalnum())


def _field(name: str, info: FieldInfo) -> ImportField:
    found = _type_in(info.annotation)
    many = get_origin(info.annotation) is list
    shape = next(shape for base, shape in _SHAPES if issubclass(found, base))
    if many:
        shape = _SEVERAL.get(shape, "words")
    choices = tuple(str(member.value) for member in found) if issubclass(found, Enum) else ()
    longest = [rule.max_length or 0 for rule in info.metadata if isinstance(rule, StringConstraints)]
    return ImportField(name, shape, info.is_required(), choices, any(length > _LINE for length in longest))


def _type_in(annotation: Any) -> type:
    """The one class inside ``list[…]``, ``Annotated[…]`` and ``… | None``."""
    pending: list[Any] = [annotation]
    while pending:
        kind = pending.pop(0)
        if isinstance(kind, type) and kind is not type(None) and get_origin(kind) is None:
            return kind
        pending.extend(get_args(kind))
    raise TypeError(f"no class in {annotation!r}")
