"""How what travels through Temporal is written and read: JSON by Pydantic, fields that a reader does not know left out.

Deployments roll: a newer process adds an optional field that an older one still running must not choke on, and a
history outlives the code that wrote it. API and event contracts stay closed; only this reader is open.
"""

from functools import lru_cache
from typing import Any

from pydantic import TypeAdapter
from temporalio.api.common.v1 import Payload
from temporalio.contrib.pydantic import PydanticJSONPlainPayloadConverter
from temporalio.converter import (
    CompositePayloadConverter,
    DataConverter,
    DefaultPayloadConverter,
    JSONPlainPayloadConverter,
)


@lru_cache(maxsize=1024)
def _adapter(type_hint: Any) -> TypeAdapter[Any]:
    return TypeAdapter(type_hint)


class _JSONPayloadConverter(PydanticJSONPlainPayloadConverter):
    """Reads payloads by their type hints and ignores fields these do not have, however deep they stand."""

    def from_payload(self, payload: Payload, type_hint: type | None = None) -> Any:
        """See base class."""
        return _adapter(type_hint if type_hint is not None else Any).validate_json(payload.data, extra="ignore")


class _PayloadConverter(CompositePayloadConverter):
    def __init__(self) -> None:
        ours = _JSONPayloadConverter()
        usual = DefaultPayloadConverter.default_encoding_payload_converters
        super().__init__(*(ours if isinstance(one, JSONPlainPayloadConverter) else one for one in usual))


data_converter = DataConverter(payload_converter_class=_PayloadConverter)
"""The converter of every client, worker and replay."""
