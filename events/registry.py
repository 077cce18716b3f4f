"""The schema registry: registers our schemas, and reads other writers' by id."""

import asyncio
import json
from collections.abc import Callable
from typing import Any, TypeVar

from confluent_kafka.schema_registry import ConfigCompatibilityLevel, Schema, SchemaRegistryClient, ServerConfig
from confluent_kafka.schema_registry.error import SchemaRegistryError
from jsonschema import Draft7Validator, FormatChecker
from jsonschema.exceptions import SchemaError

from events.errors import RegistryAwayError, SchemaIncompatibleError, SchemaUnknownError
from events.names import fact_subject, subject_of
from ontology.compile.jsonschema import event_schema, fact_schema
from ontology.events import PUBLISHED_EVENTS
from runtime.settings import EventSettings

T = TypeVar("T")

_NOT_FOUND = 404
_INCOMPATIBLE = 409


def schemas(settings: EventSettings) -> dict[str, str]:
    """Subject → our JSON Schema, as text."""
    ours = {subject_of(settings, event): event_schema(event) for event in PUBLISHED_EVENTS.values()}
    return {subject: json.dumps(schema) for subject, schema in {**ours, fact_subject(settings): fact_schema()}.items()}


class SchemaRegistry:
    """A registry with a Confluent API; its blocking client is called off the event loop and its answers are kept."""

    def __init__(self, settings: EventSettings) -> None:
        self._settings = settings
        self._client = SchemaRegistryClient(
            {"url": settings.registry_url, "timeout": settings.registry_timeout, "max.retries": 0}
        )
        self._ids: dict[str, int] = {}
        self._validators: dict[int, Draft7Validator] = {}

    async def register_all(self) -> list[str]:
        """Register every schema of ours, and refuse breaking ones from now on; returns the subjects.

        The registry's own default is to accept everything.

        Raises
        ------
        SchemaIncompatibleError
            A schema would break readers of older events.
        RegistryAwayError
            The registry does not answer.
        """
        await self._ask(
            lambda: self._client.set_config(config=ServerConfig(compatibility=ConfigCompatibilityLevel.BACKWARD)),
            "config",
        )
        return [subject for subject in schemas(self._settings) if await self.id_of(subject)]

    async def id_of(self, subject: str) -> int:
        """Id of our schema under a subject; registers it the first time."""
        if subject not in self._ids:
            schema = Schema(schemas(self._settings)[subject], schema_type="JSON")
            self._ids[subject] = await self._ask(lambda: self._client.register_schema(subject, schema), subject)
        return self._ids[subject]

    async def validator(self, schema_id: int) -> Draft7Validator:
        """Validator of the schema a writer named by id.

        Raises
        ------
        SchemaUnknownError
            There is no such schema, or it is not a JSON Schema.
        RegistryAwayError
            The registry does not answer.
        """
        if schema_id not in self._validators:
            schema = await self._ask(lambda: self._client.get_schema(schema_id), f"schema {schema_id}")
            self._validators[schema_id] = _compile(schema, schema_id)
        return self._validators[schema_id]

    async def _ask(self, question: Callable[[], T], about: str) -> T:
        try:
            return await asyncio.to_thread(question)
        except SchemaRegistryError as error:
            if error.http_status_code == _INCOMPATIBLE:
                raise SchemaIncompatibleError(f"{about}: {error.error_message}") from error
            if error.http_status_code == _NOT_FOUND:
                raise SchemaUnknownError(f"the registry does not know {about}") from error
            raise RegistryAwayError(f"{about}: {error}") from error
        except Exception as error:  # the client raises its HTTP library's errors as they come
            raise RegistryAwayError(f"{about}: {error!r}") from error


def _compile(schema: Schema, schema_id: int) -> Draft7Validator:
    try:
        loaded: dict[str, Any] = json.loads(schema.schema_str or "")
        Draft7Validator.check_schema(loaded)
    except (SchemaError, ValueError, TypeError) as error:
        raise SchemaUnknownError(f"schema {schema_id} is not a JSON Schema") from error
    return Draft7Validator(loaded, format_checker=FormatChecker())
