"""Between models and the graph: which properties are moments, and how values are written on either side."""

from collections.abc import Mapping
from datetime import datetime
from enum import Enum
from functools import cache
from typing import Any, get_args
from uuid import UUID

from pydantic import AwareDatetime, BaseModel
from pydantic.alias_generators import to_camel
from pydantic.fields import FieldInfo

from graph.derived import DERIVED
from ontology.nodes import ENTITIES, NODES, Node
from ontology.relations import RELATIONS
from runtime.clock import rfc3339

Properties = dict[str, Any]


def graph_properties(model: BaseModel) -> Properties:
    """Properties of a node or relation as the driver takes them: camelCase, no nulls, moments as ``datetime``."""
    return {
        to_camel(name): _graph_value(getattr(model, name))
        for name in type(model).model_fields
        if getattr(model, name) is not None
    }


def changed_properties(changes: Mapping[str, Any]) -> Properties:
    """Changed fields (snake_case) as the driver takes them; a null removes a property."""
    return {to_camel(name): _graph_value(value) for name, value in changes.items()}


def json_properties(properties: Properties) -> Properties:
    """Properties as a change record carries them: moments as RFC 3339 text, without what is derived for look-ups."""
    return {
        name: rfc3339(value) if isinstance(value, datetime) else value
        for name, value in properties.items()
        if value is not None and name not in DERIVED
    }


def node_from_json(label: str, properties: Properties) -> Properties:
    """Properties of a record's node as the driver takes them; the ontology tells which are moments."""
    return _with_moments(properties, node_moments(label))


def relation_from_json(relation: str, properties: Properties) -> Properties:
    """Properties of a record's relation as the driver takes them."""
    return _with_moments(properties, relation_moments(relation))


@cache
def node_moments(label: str) -> frozenset[str]:
    """Names of a label's properties that are moments; none for a label that is not declared."""
    declared: dict[str, type[Node]] = {**ENTITIES, **{node.label: node for node in NODES}}
    return _moments(declared[label]) if label in declared else frozenset()


@cache
def relation_moments(relation: str) -> frozenset[str]:
    """Names of a relation type's properties that are moments."""
    return _moments(RELATIONS[relation].properties)


def _moments(model: type[BaseModel]) -> frozenset[str]:
    return frozenset(to_camel(name) for name, field in model.model_fields.items() if _is_moment(field))


def _is_moment(field: FieldInfo) -> bool:
    pending: list[Any] = [field.annotation]
    while pending:
        kind = pending.pop()
        if isinstance(kind, type) and issubclass(kind, (datetime, AwareDatetime)):  # the latter is no subclass
            return True
        pending.extend(get_args(kind))
    return False


def _with_moments(properties: Properties, moments: frozenset[str]) -> Properties:
    return {name: datetime.fromisoformat(value) if name in moments else value for name, value in properties.items()}


def _graph_value(value: Any) -> Any:
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, list):
        return [_graph_value(item) for item in value]
    return value
