"""The one Kafka codec: registry-framed JSON values, and CloudEvents around them in binary or structured mode."""

import asyncio
from dataclasses import dataclass
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic.alias_generators import to_camel

from events.attributes import Attributes, Envelope, data_of
from events.errors import SchemaInvalidError, SchemaUnknownError, TypeUnknownError, UndecodableError
from events.framing import unframe
from events.registry import SchemaRegistry
from events.writers import WriterSchema
from ontology.base import OntologyModel
from ontology.events import PUBLISHED_EVENTS
from runtime.clock import rfc3339
from runtime.hashing import request_hash


@dataclass(frozen=True)
class ReceivedEvent:
    """A decoded, valid event of another system, or of ours; the hash is that of its content as it came."""

    attributes: Attributes
    type: str
    payload: OntologyModel
    content_hash: str


def write_headers(attributes: Attributes, trace_context: dict[str, str]) -> list[tuple[str, bytes]]:
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


def type_of(message: Envelope) -> str:
    """The event type a message names.

    Raises
    ------
    TypeUnknownError
        No system of ours publishes or reads it.
    """
    said = message.attributes.type
    if said not in PUBLISHED_EVENTS:
        raise TypeUnknownError(f"event type {said} is not known", pointer=message.pointer("type"))
    return said


async def decode(registry: SchemaRegistry, message: Envelope) -> ReceivedEvent:
    """Decode and validate a message: first by its writer's schema, then by our model, unknown fields left out.

    Raises
    ------
    EventRefusedError
        One of its kinds: the event can never be accepted as it is.
    RegistryAwayError
        The registry does not answer; try again.
    """
    event_type = type_of(message)
    if message.structured is None:
        if not message.value:
            raise UndecodableError("the message has no value")
        schema_id, said = unframe(message.value)
        data = said
        if schema_id is None and message.attributes.dataschema is None:
            raise SchemaUnknownError("plain JSON needs a ce_dataschema header", pointer="/ce_dataschema")
    else:
        schema_id, said = message.structured
        data = data_of(said)
    if schema_id is not None:
        await _check(await registry.writer_schema(schema_id), said, event_type)
    payload = payload_of(event_type, data)
    return ReceivedEvent(message.attributes, event_type, payload, request_hash(payload))


def payload_of(event_type: str, data: Any) -> OntologyModel:
    """Our payload model from another writer's value.

    Raises
    ------
    SchemaInvalidError
        It does not fit; the pointer names the first field at fault.
    """
    model = PUBLISHED_EVENTS[event_type].payload
    try:
        return model.model_validate(_said(model, data, closed=True))
    except ValidationError as error:
        first = error.errors()[0]
        pointer = "".join(f"/{part}" for part in first["loc"])
        raise SchemaInvalidError(f"{pointer or 'the value'}: {first['msg']}", pointer=pointer) from error


async def _check(schema: WriterSchema, said: Any, event_type: str) -> None:
    """By the writer's schema, off the event loop; a null that it forbids may still mean that nothing was said."""
    try:
        await asyncio.to_thread(schema.check, said)
    except SchemaInvalidError:
        unsaid = without_nulls(PUBLISHED_EVENTS[event_type].payload, said)
        if unsaid == said:
            raise
        await asyncio.to_thread(schema.check, unsaid)


def without_nulls(model: type[BaseModel], data: Any) -> Any:
    """A value without the nulls of optional fields, which say nothing; what the model does not know stays."""
    return _said(model, data, closed=False)


def _said(annotation: Any, data: Any, *, closed: bool) -> Any:
    """What a value says of an annotation's fields.

    Parameters
    ----------
    annotation
        A model, or a type that holds some.
    data
        Value of another writer.
    closed
        Leave out what the model does not know; a newer writer may say more.
    """
    model = _model_in(annotation)
    if model is None:
        return data
    if isinstance(data, list):
        return [_said(model, item, closed=closed) for item in data]
    if not isinstance(data, dict):
        return data
    fields = {to_camel(name): field for name, field in model.model_fields.items()}
    said = {}
    for name, value in data.items():
        field = fields.get(name)
        if field is None:
            if not closed:
                said[name] = value
        elif value is not None or field.is_required():
            said[name] = _said(field.annotation, value, closed=closed)
    return said


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((model for inner in get_args(annotation) if (model := _model_in(inner))), None)
