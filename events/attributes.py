"""CloudEvents attributes of a message: from its headers (binary mode) or its value (structured mode), with bounds.

Ids of runs and nodes are made from them, so they are refused at the door where two spellings would make two things.
"""

import base64
import binascii
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

import orjson
from pydantic import TypeAdapter, ValidationError

from events.errors import HeaderMissingError, UndecodableError
from events.framing import unframe
from ontology.base import Timestamp

Headers: TypeAlias = Sequence[tuple[str, bytes | None]]

LONGEST: Mapping[str, int] = {
    "id": 1000,
    "source": 1000,
    "type": 200,
    "subject": 1000,
    "time": 64,
    "dataschema": 2000,
}
"""Most characters of each attribute; a source is kept as a search attribute, of which Temporal takes 2 KB."""

STRUCTURED = "application/cloudevents+json"
"""Content type of a message whose value is the whole event."""

_REQUIRED = ("id", "source", "type", "subject", "time")
_VERSION = "specversion"
_CLOUDEVENTS = "application/cloudevents"
_CONTENT_TYPES = ("content-type", "contenttype", "content_type")
"""The header as the Kafka binding of CloudEvents names it, and as Spring and others do."""

_AROUND = " \t\r\n\0\"'"
_MOMENT: TypeAdapter[datetime] = TypeAdapter(Timestamp)
_SCHEME = r"[A-Za-z][A-Za-z0-9+.\-]*:"
_URI_CHARACTER = r"(?:[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=]|%[0-9A-Fa-f]{2})"
_URI_REFERENCE = re.compile(rf"(?:{_SCHEME}{_URI_CHARACTER}*|(?![^/?#]*:){_URI_CHARACTER}+)", re.ASCII)


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
class Envelope:
    """A message of which the attributes are read and the payload is not.

    Parameters
    ----------
    attributes
        What its headers, or its value in structured mode, say.
    value
        Value of the message.
    structured
        The whole event as the value says it, with the writer's schema id; None in binary mode.
    """

    attributes: Attributes
    value: bytes | None
    structured: tuple[int | None, dict[str, Any]] | None = None

    def pointer(self, name: str) -> str:
        """Where an attribute stands: ``/ce_source`` among the headers, ``/source`` in the value."""
        return f"/ce_{name}" if self.structured is None else f"/{name}"


def open_message(headers: Headers, value: bytes | None) -> Envelope:
    """Read who sent a message and what it is about.

    Raises
    ------
    HeaderMissingError
        An attribute is missing, empty, too long or malformed; the pointer names it.
    UndecodableError
        The value should hold the attributes and does not.
    """
    found = {name.lower(): content for name, content in headers}
    said = next((content for name in _CONTENT_TYPES if (content := found.get(name))), b"")
    kind = media_type(said.decode(errors="replace"))
    if not kind.startswith(_CLOUDEVENTS):
        return Envelope(read_attributes(headers), value)
    if kind != STRUCTURED:
        raise UndecodableError(f"events of content type {kind[:100]} are not read; {STRUCTURED} is")
    schema_id, event = unframe(value or b"", STRUCTURED)
    if not isinstance(event, dict):
        raise UndecodableError(f"{STRUCTURED}: the value is not an event but {_kind(event)}")
    return Envelope(_checked(event, "attribute ", "/"), value, (schema_id, event))


def media_type(text: str) -> str:
    """A media type without its parameters, in lower case; some senders write it as a JSON text, in quotation marks."""
    bare = text.strip(_AROUND).partition(";")[0]
    return "".join(bare.strip(_AROUND).lower().split())


def read_attributes(headers: Headers) -> Attributes:
    """CloudEvents attributes of a message in binary mode.

    Raises
    ------
    HeaderMissingError
        One is missing, empty, too long or malformed.
    """
    found: dict[str, bytes | None] = {name.lower(): value for name, value in headers}
    said = {name: found.get(f"ce_{name}") for name in (*_REQUIRED, _VERSION)}
    schema = found.get("ce_dataschema") or found.get("dataschema")
    return _checked({**said, "dataschema": schema or None}, "header ce_", "/ce_")


def data_of(event: Mapping[str, Any]) -> Any:
    """Payload of an event in structured mode: its ``data``, or the JSON in its ``data_base64``.

    Raises
    ------
    UndecodableError
        There is none, or it is not JSON.
    """
    content = event.get("datacontenttype") or "application/json"
    kind = media_type(content) if isinstance(content, str) else ""
    if kind != "application/json" and not (kind.startswith("application/") and kind.endswith("+json")):
        raise UndecodableError(f"{STRUCTURED}: the data is {content!r:.100}, not JSON", pointer="/datacontenttype")
    encoded = event.get("data_base64")
    if encoded is None:
        if event.get("data") is None:
            raise UndecodableError(f"{STRUCTURED}: the event has no data", pointer="/data")
        return event["data"]
    if event.get("data") is not None:
        raise UndecodableError(f"{STRUCTURED}: the event has both data and data_base64", pointer="/data_base64")
    try:
        return orjson.loads(base64.b64decode(encoded, validate=True))
    except (TypeError, ValueError, binascii.Error) as error:
        detail = f"{STRUCTURED}: data_base64 is not JSON in base64: {error!s:.200}"
        raise UndecodableError(detail, pointer="/data_base64") from error


def _checked(said: Mapping[str, Any], word: str, at: str) -> Attributes:
    """Attributes within their bounds; ``word`` and ``at`` say where they stand."""
    version = said.get(_VERSION)
    if version not in (None, "1.0", b"1.0"):
        raise UndecodableError(f"{word}specversion {version!r:.50} is not 1.0", pointer=f"{at}specversion")
    texts = {name: _text(name, said.get(name), word, at) for name in _REQUIRED}
    if not _URI_REFERENCE.fullmatch(texts["source"]):
        detail = f"{word}source is not a URI: {_blame(texts['source'])}"
        raise HeaderMissingError(detail, pointer=f"{at}source")
    try:
        time = _MOMENT.validate_python(texts["time"])
    except ValidationError as error:
        detail = f"{word}time is not RFC 3339: {error.errors()[0]['msg']}"
        raise HeaderMissingError(detail, pointer=f"{at}time") from error
    schema = said.get("dataschema")
    return Attributes(
        id=texts["id"],
        source=texts["source"],
        type=texts["type"],
        subject=texts["subject"],
        time=time,
        dataschema=None if schema is None else _text("dataschema", schema, word, at),
    )


def _text(name: str, value: Any, word: str, at: str) -> str:
    try:
        text = value.decode() if isinstance(value, bytes) else value
    except UnicodeDecodeError as error:
        raise HeaderMissingError(f"{word}{name} is not UTF-8 text", pointer=f"{at}{name}") from error
    if not isinstance(text, str):
        raise HeaderMissingError(f"{word}{name} is missing or not text", pointer=f"{at}{name}")
    wrong = None
    if not text.strip():
        wrong = "is empty"
    elif len(text) > LONGEST[name]:
        wrong = f"has {len(text)} characters; {LONGEST[name]} are the most"
    elif any(unicodedata.category(character) == "Cc" for character in text):
        wrong = "has control characters"
    elif text != text.strip():
        wrong = "begins or ends with white space"
    elif text[0] == text[-1] == '"':
        wrong = "stands in quotation marks, which would be part of it"
    if wrong:
        raise HeaderMissingError(f"{word}{name} {wrong}", pointer=f"{at}{name}")
    return text


def _blame(source: str) -> str:
    for place, character in enumerate(source):
        if not re.fullmatch(_URI_CHARACTER, character) and not re.match(_URI_CHARACTER, source[place:]):
            name = unicodedata.name(character, f"U+{ord(character):04X}").lower()
            return f"it has a {name} at character {place + 1}"
    return "what stands before its first colon is no scheme"


def _kind(value: Any) -> str:
    return {list: "a list", str: "text", bool: "a truth value", type(None): "null"}.get(type(value), "a number")
