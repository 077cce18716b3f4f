"""The schema registry's wire format: a zero byte, the id of the writer's schema (big endian), JSON."""

import struct
from typing import Any

import orjson

from events.errors import UndecodableError

_MAGIC = 0
_FRAME = struct.Struct(">bi")


def frame(schema_id: int, value: Any) -> bytes:
    """A value in the registry's wire format, as compact JSON."""
    return _FRAME.pack(_MAGIC, schema_id) + orjson.dumps(value)


def unframe(value: bytes, what: str = "the value") -> tuple[int | None, Any]:
    """Schema id, None for plain JSON, and the value.

    Raises
    ------
    UndecodableError
        It is not JSON; the message begins with ``what`` it should have been.
    """
    schema_id = None
    if value[:1] == b"\0":
        if len(value) < _FRAME.size:
            raise UndecodableError(f"{what} is shorter than its frame")
        schema_id = _FRAME.unpack_from(value)[1]
        value = value[_FRAME.size :]
    try:
        return schema_id, orjson.loads(value)
    except orjson.JSONDecodeError as error:
        raise UndecodableError(f"{what} is not JSON: {error}") from error
