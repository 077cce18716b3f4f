"""What leaves for the warehouse: numbers, moments, states and ids; of words only people's and projects' names.

A column is a property whose type cannot hold what somebody wrote; what can is named here, or it stays. Relations leave
between what leaves, but those that say who may see something, or whom a text mentions. Of what not everyone may see
the row alone leaves, so that it is counted: neither its names nor whom or what it concerns.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin
from uuid import UUID

from pydantic import AwareDatetime

from ontology.nodes import ENTITIES, Entity
from ontology.relations import RELATIONS, Relation, RelationProperties

LABELS = ("Person", "Project", "Tension", "Task", "Recognition", "WIN", "Decision")
"""Kinds of things that leave, dimensions first."""

_NAMES = {"Person": ("full_name", "role"), "Project": ("name",)}
"""Label → words that leave: of a project that everyone sees."""

_WITHIN = ("VISIBLE_TO", "MENTIONS")
"""Relations that stay, since they tell who is concerned."""

_WORDS_WITHOUT_A_WRITER = ("language",)

_TYPES: dict[type, str] = {
    bool: "BOOLEAN",
    int: "NUMBER(38, 0)",
    float: "FLOAT",
    datetime: "TIMESTAMP_NTZ",
    UUID: "VARCHAR(36)",
}


@dataclass(frozen=True)
class Column:
    """A column of the warehouse.

    Parameters
    ----------
    name, type
        As Snowflake has them.
    source
        Property of the graph, in camelCase; empty for what the export knows besides.
    is_name
        Whether it holds words that leave only of what everyone sees.
    """

    name: str
    type: str
    source: str = ""
    is_name: bool = False


@dataclass(frozen=True)
class Table:
    """A table of the warehouse.

    Parameters
    ----------
    name, meaning
        What it is called, and what a row is.
    columns
        Its columns; moments are in UTC.
    key
        Columns that tell rows apart.
    label, relation
        Whose revisions, or which relations it holds.
    """

    name: str
    meaning: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    label: str = ""
    relation: str = ""


_REVISION = (
    Column("ID", "VARCHAR(36)", "id"),
    Column("REV", "NUMBER(38, 0)", "rev"),
    Column("VALID_FROM", "TIMESTAMP_NTZ"),
    Column("VALID_TO", "TIMESTAMP_NTZ"),
    Column("EVENT_ID", "VARCHAR(36)"),
    Column("EVENT_TYPE", "VARCHAR(100)"),
    Column("RECORDED_AT", "TIMESTAMP_NTZ"),
    Column("IS_PRIVATE", "BOOLEAN"),
)
"""What every revision has: since when it holds and until when, what made it, and whether not everyone may see it."""

_RELATION = (
    Column("ID", "VARCHAR(36)", "id"),
    Column("SOURCE_LABEL", "VARCHAR(100)"),
    Column("SOURCE_ID", "VARCHAR(36)"),
    Column("TARGET_LABEL", "VARCHAR(100)"),
    Column("TARGET_ID", "VARCHAR(36)"),
    Column("VALID_FROM", "TIMESTAMP_NTZ", "validFrom"),
    Column("VALID_TO", "TIMESTAMP_NTZ", "validTo"),
    Column("RECORDED_AT", "TIMESTAMP_NTZ", "recordedAt"),
)


def tables() -> tuple[Table, ...]:
    """Every table that is exported."""
    related = [one for one in RELATIONS.values() if set(one.sources) & {*LABELS} and set(one.targets) & {*LABELS}]
    return (
        *(_of_revisions(ENTITIES[label]) for label in LABELS),
        *(_of_relations(one) for one in related if one.type not in _WITHIN),
    )


def _of_revisions(entity: type[Entity]) -> Table:
    own = {column.source for column in _REVISION}
    columns = [
        Column(name.upper(), kind, _camel(entity, name), is_name=name in _NAMES.get(entity.label, ()))
        for name, kind in _columns(entity)
        if _camel(entity, name) not in own
    ]
    meaning = f"A revision of a {entity.label}: as it stood from one moment to another."
    return Table(f"{entity.label.upper()}_HISTORY", meaning, (*_REVISION, *columns), ("ID", "REV"), label=entity.label)


def _of_relations(relation: Relation) -> Table:
    carried = [name for name in relation.properties.model_fields if name not in RelationProperties.model_fields]
    columns = [
        Column(name.upper(), kind, _camel(relation.properties, name))
        for name, kind in _columns(relation.properties)
        if name in carried
    ]
    return Table(relation.type, f"Which {relation.meaning}.", (*_RELATION, *columns), ("ID",), relation=relation.type)


def _columns(model: Any) -> list[tuple[str, str]]:
    """Name and type of each field that cannot hold what somebody wrote, or may leave all the same."""
    found = []
    for name, field in model.model_fields.items():
        kind = _type_of(field.annotation)
        if kind is None and name in (*_NAMES.get(getattr(model, "label", ""), ()), *_WORDS_WITHOUT_A_WRITER):
            kind = "VARCHAR"
        if kind is not None:
            found.append((name, kind))
    return found


def _type_of(annotation: Any) -> str | None:
    """What Snowflake calls a type; None of one that may hold words, or several values."""
    origin = get_origin(annotation)
    if origin is Annotated:
        return _type_of(get_args(annotation)[0])
    if origin in (Union, UnionType):
        [kind] = [one for one in get_args(annotation) if one is not type(None)]
        return _type_of(kind)
    if annotation is AwareDatetime:
        return _TYPES[datetime]
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return _TYPES[int] if issubclass(annotation, int) else "VARCHAR(100)"
    return _TYPES.get(annotation)


def _camel(model: Any, name: str) -> str:
    return str(model.model_fields[name].alias or name)
