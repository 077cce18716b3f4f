"""The one Kafka codec: registry-framed JSON values and CloudEvents attributes in the headers (binary mode)."""

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias, get_args

import orjson
from jsonschema import Draft7Validator
from pydantic import BaseModel, ValidationError
from pydantic.alias_generators import to_camel

from events.errors import (
    HeaderMissingError,
    SchemaInvalidError,
    SchemaUnknownError,
    TypeUnknownError,
    UndecodableError,
)
from events.registry import SchemaRegistry
from ontology.base import OntologyModel
from ontology.events import PUBLISHED_EVENTS, EventType
from ontology.moments import MomentError, read_moment
from runtime.clock import rfc3339
from runtime.hashing import request_hash

Headers: TypeAlias = list[tuple[str, bytes]]

_MAGIC = 0
_FRAME = struct.Struct(">bI")
_REQUIRED = ("id", "source", "type", "subject", "time")


@dataclass(frozen=True)
class Attributes:
    """CloudEvents context attributes of an event."""

    id: str
    source: str
    type: str
    subject: str
    time: datetime
    dataschema: str | None = None


@dataclass(frozen=True)
class ReceivedEvent:
    """A decoded, valid event of another system, or of ours; the hash is that of its content as it came."""

    attributes: Attributes
    type: EventType
    payload: OntologyModel
    content_hash: str


def frame(schema_id: int, value: Any) -> bytes:
    """A value in the registry's wire format: a zero byte, the schema id (big endian), compact JSON."""
    return _FRAME.pack(_MAGIC, schema_id) + orjson.dumps(value)


def unframe(value: bytes) -> tuple[int | None, Any]:
    """Schema id, None for plain JSON, and the value.

    Raises
    ------
    UndecodableError
        It is not JSON.
    """
    schema_id = None
    if value[:1] == b"\0":
        if len(value) < _FRAME.size:
            raise UndecodableError("the value is shorter than its frame")
        schema_id = _FRAME.unpack_from(value)[1]
        value = value[_FRAME.size :]
    try:
        return schema_id, orjson.loads(value)
    except orjson.JSONDecodeError as error:
        raise UndecodableError(f"the value is not JSON: {error}") from error


def write_headers(attributes: Attributes, trace_context: dict[str, str]) -> Headers:
    """Message headers of an event."""
    pairs = {
        "ce_specversion": "1.0",
        "ce_id": attributes.id,
        "ce_source": attributes.source,
        "ce_type": attributes.type,
        "ce_subject": attributes.subject,
        "ce_time": rfc3339(attributes.time),
        "content-type": "application/json",
        **trace_context,
    }
    return [(name, value.encode()) for name, value in pairs.items()]


def read_attributes(headers: Sequence[tuple[str, bytes]]) -> Attributes:
    """CloudEvents attributes of a message.

    Raises
    ------
    HeaderMissingError
        One is missing, empty or malformed.
    """
    found = {name.lower(): value for name, value in headers}
    texts: dict[str, str] = {}
    for name in _REQUIRED:
        try:
            texts[name] = found[f"ce_{name}"].decode()
        except (KeyError, UnicodeDecodeError, AttributeError) as error:
            raise HeaderMissingError(f"header ce_{name} is missing or not text", pointer=f"/ce_{name}") from error
        if not texts[name].strip():
            raise HeaderMissingError(f"header ce_{name} is empty", pointer=f"/ce_{name}")
    try:
        time = read_moment(texts["time"])
    except MomentError as error:
        raise HeaderMissingError(f"header ce_time is not RFC 3339: {error}", pointer="/ce_time") from error
    schema = found.get("ce_dataschema") or found.get("dataschema")
    return Attributes(**{**texts, "time": time}, dataschema=schema.decode(errors="replace") if schema else None)  # type: ignore[arg-type]


async def decode(registry: SchemaRegistry, headers: Sequence[tuple[str, bytes]], value: bytes | None) -> ReceivedEvent:
    """Decode and validate a message: first by its writer's schema, then by our model, unknown fields left out.

    Raises
    ------
    EventRefusedError
        One of its kinds: the event can never be accepted as it is.
    RegistryAwayError
        The registry does not answer; try again.
    """
    attributes = read_attributes(headers)
    if attributes.type not in PUBLISHED_EVENTS:
        raise TypeUnknownError(f"event type {attributes.type} is not known", pointer="/ce_type")
    event_type = EventType(attributes.type)
    if not value:
        raise UndecodableError("the message has no value")
    schema_id, data = unframe(value)
    if schema_id is not None:
        _check(await registry.validator(schema_id), data)
    elif attributes.dataschema is None:
        raise SchemaUnknownError("plain JSON needs a ce_dataschema header", pointer="/ce_dataschema")
    payload = payload_of(event_type, data)
    return ReceivedEvent(attributes, event_type, payload, request_hash(payload))


def payload_of(event_type: EventType, data: Any) -> OntologyModel:
    """Our payload model from another writer's value.

    Raises
    ------
    SchemaInvalidError
        It does not fit; the pointer names the first field at fault.
    """
    model = PUBLISHED_EVENTS[event_type].payload
    try:
        return model.model_validate(_known(model, data))
    except ValidationError as error:
        first = error.errors()[0]
        pointer = "".join(f"/{part}" for part in first["loc"])
        raise SchemaInvalidError(f"{pointer or 'the value'}: {first['msg']}", pointer=pointer) from error


def _check(validator: Draft7Validator, data: Any) -> None:
    for error in validator.iter_errors(data):
        pointer = "".join(f"/{part}" for part in error.absolute_path)
        raise SchemaInvalidError(f"{pointer or 'the value'}: {error.message}", pointer=pointer)


def _known(model: type[BaseModel], data: Any) -> Any:
    """The part of a value our model knows; a newer writer may say more."""
    if not isinstance(data, dict):
        return data
    fields = {to_camel(name): field.annotation for name, field in model.model_fields.items()}
    return {name: _known_in(fields[name], value) for name, value in data.items() if name in fields}


def _known_in(annotation: Any, value: Any) -> Any:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return _known(annotation, value)
    for inner in get_args(annotation):
        if isinstance(value, list):
            value = [_known_in(inner, item) for item in value]
        elif isinstance(inner, type) and issubclass(inner, BaseModel):
            return _known(inner, value)
    return value
