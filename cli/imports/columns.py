"""Which column of a file says what: a kind's fields, read from its model, and their columns, by name or as told."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any, Literal, get_args, get_origin
from uuid import UUID

from pydantic import AwareDatetime, BaseModel
from pydantic.alias_generators import to_camel
from pydantic.fields import FieldInfo

from activities.import_kinds import ImportKind
from cli.imports.errors import MappingRefusedError
from cli.imports.table import NOTES
from ontology.references import PersonRef, ProjectRef
from runtime.text import fold

Shape = Literal["person", "people", "project", "words", "moment", "choice", "id", "text"]

EXTERNAL_ID = "externalId"
"""What a row's id in its source is called among the fields."""

PARTS: Mapping[str, tuple[str, ...]] = {
    "id": ("id",),
    "email": ("email", "mail", "email address"),
    "handle": ("handle", "username", "user name", "login"),
    "name": ("name", "full name"),
}
"""A person may be spread over columns: ``giver.email``, ``giver.name``. Part → names it has after the field's."""

_SHAPES: tuple[tuple[type, Shape], ...] = (
    (PersonRef, "person"),
    (ProjectRef, "project"),
    (datetime, "moment"),
    (AwareDatetime, "moment"),
    (Enum, "choice"),
    (UUID, "id"),
    (str, "text"),
)


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
    """

    name: str
    shape: Shape
    required: bool
    choices: tuple[str, ...] = ()

    @property
    def targets(self) -> tuple[str, ...]:
        """What a column can be mapped to: the field, or a part of the person or people it names."""
        parts = PARTS if self.shape in ("person", "people") else ()
        return (self.name, *(f"{self.name}.{part}" for part in parts))


Mapped = dict[str, int]
"""Target → place of its column in the file."""


def fields_of(model: type[BaseModel]) -> dict[str, ImportField]:
    """The fields a row of this model has, by name."""
    return {to_camel(name): _field(to_camel(name), info) for name, info in model.model_fields.items()}


def map_columns(kind: ImportKind, header: Sequence[str], told: Mapping[str, str]) -> Mapped:
    """Find the column of each field.

    Parameters
    ----------
    kind
        What is imported.
    header
        The file's columns.
    told
        Target → column, as the user says; an empty column leaves the target out.

    Raises
    ------
    MappingRefusedError
        A target or column is unknown, two columns fit one target, or a required field has none.
    """
    names = _names(kind)
    mapped: Mapped = {}
    for target, column in told.items():
        if target not in names:
            raise MappingRefusedError(f"there is no field {target!r}; there are {', '.join(names)}")
        if column:
            mapped[target] = _place(header, column)
    for target in names:
        if target not in told:
            fitting = _fitting(names[target], header, mapped.values())
            if len(fitting) > 1:
                columns = ", ".join(header[place] for place in fitting)
                raise MappingRefusedError(f"{columns}: each could be {target}; say which with --map {target}=…")
            if fitting:
                mapped[target] = fitting[0]
    missing = [
        field.name
        for field in fields_of(kind.content).values()
        if field.required and not any(target in mapped for target in field.targets)
    ]
    if missing:
        columns = ", ".join(name for name in header if not name.startswith(NOTES))
        raise MappingRefusedError(
            f"no column says {', '.join(missing)}; the columns are {columns}; say --map {missing[0]}=COLUMN"
        )
    return mapped


def column_of(mapped: Mapped, header: Sequence[str], field: str) -> str:
    """Columns of a field, for a person to read."""
    places = [place for target, place in mapped.items() if target == field or target.startswith(f"{field}.")]
    return ", ".join(header[place] for place in sorted(set(places)))


def _names(kind: ImportKind) -> dict[str, list[str]]:
    """Target → the names its column may have, the field's own first, compared without case, accents and spacing."""
    names = {EXTERNAL_ID: [EXTERNAL_ID, *kind.synonyms.get(EXTERNAL_ID, ())]}
    for field in fields_of(kind.content).values():
        spoken = [field.name, *kind.synonyms.get(field.name, ())]
        names[field.name] = spoken
        for part in field.targets[1:]:
            words = PARTS[part.partition(".")[2]]
            names[part] = [part, *(f"{name} {word}" for name in spoken for word in words)]
    return {target: [_key(name) for name in spoken] for target, spoken in names.items()}


def _fitting(names: Sequence[str], header: Sequence[str], taken: Iterable[int]) -> list[int]:
    """Free columns of one of these names; only those of the field's own name, if there is one."""
    free = [place for place in range(len(header)) if place not in set(taken)]
    keys = {place: _key(header[place]) for place in free if not header[place].startswith(NOTES)}
    own = [place for place, key in keys.items() if key == names[0]]
    return own or [place for place, key in keys.items() if key in names]


def _place(header: Sequence[str], column: str) -> int:
    exact = [place for place, name in enumerate(header) if name == column.strip()]
    places = exact or [place for place, name in enumerate(header) if _key(name) == _key(column)]
    if len(places) != 1:
        number = "no column" if not places else "more than one column"
        raise MappingRefusedError(f"{number} is called {column!r}; the columns are {', '.join(header)}")
    return places[0]


def _key(name: str) -> str:
    return "".join(letter for letter in fold(name) if letter.isalnum())


def _field(name: str, info: FieldInfo) -> ImportField:
    found = _type_in(info.annotation)
    many = get_origin(info.annotation) is list
    shape = next(shape for base, shape in _SHAPES if issubclass(found, base))
    if many:
        shape = "people" if shape == "person" else "words"
    choices = tuple(str(member.value) for member in found) if issubclass(found, Enum) else ()
    return ImportField(name, shape, info.is_required(), choices)


def _type_in(annotation: Any) -> type:
    """The one class inside ``list[…]``, ``Annotated[…]`` and ``… | None``."""
    pending: list[Any] = [annotation]
    while pending:
        kind = pending.pop(0)
        if isinstance(kind, type) and kind is not type(None) and get_origin(kind) is None:
            return kind
        pending.extend(get_args(kind))
    raise TypeError(f"no class in {annotation!r}")
