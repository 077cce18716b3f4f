"""The schema registry: registers our schemas, and reads other writers' by id."""

import asyncio
import json
from collections.abc import Callable
from functools import partial
from typing import TypeVar

from confluent_kafka.schema_registry import (
    ConfigCompatibilityLevel,
    Schema,
    SchemaReference,
    SchemaRegistryClient,
    ServerConfig,
)
from confluent_kafka.schema_registry.error import SchemaRegistryError

from events.errors import RegistryAwayError, SchemaIncompatibleError, SchemaNotAcceptedError, SchemaUnknownError
from events.names import changes_subject, subject_of
from events.writers import WriterSchema
from ontology.compile.jsonschema import event_schema, record_schema
from ontology.events import PUBLISHED_EVENTS
from runtime.settings import EventSettings

T = TypeVar("T")

_UNKNOWN = (400, 404, 422)
_INCOMPATIBLE = 409
_KEPT = 1000
_DEEPEST, _MOST = 10, 50
"""Of a writer's schema: how deep its references go, and how many they are."""


def schemas(settings: EventSettings) -> dict[str, str]:
    """Subject → our JSON Schema, as text."""
    ours = {subject_of(settings, event): event_schema(event) for event in PUBLISHED_EVENTS.values()}
    return {
        subject: json.dumps(schema) for subject, schema in {**ours, changes_subject(settings): record_schema()}.items()
    }


class SchemaRegistry:
    """A registry with a Confluent API; its blocking client is called off the event loop and its answers are kept."""

    def __init__(self, settings: EventSettings) -> None:
        self._settings = settings
        self._client = SchemaRegistryClient(
            {"url": settings.registry_url, "timeout": settings.registry_timeout, "max.retries": 0}
        )
        self._ids: dict[str, int] = {}
        self._writers: dict[int, WriterSchema] = {}

    async def register_all(self) -> list[str]:
        """Register every schema of ours, and refuse breaking ones from now on; returns the subjects.

        The registry's own default may be to accept everything; it belongs to everybody and is left alone, so each of
        our subjects says so for itself.

        Raises
        ------
        SchemaIncompatibleError
            A schema would break readers of older events.
        RegistryAwayError
            The registry does not answer.
        """
        for subject in schemas(self._settings):
            try:
                await self._keep_compatible(subject)
                await self._register(subject)
            except SchemaUnknownError:  # some registries know no rule of a subject that has no schema yet
                await self._register(subject)
                await self._keep_compatible(subject)
        return list(schemas(self._settings))

    async def id_of(self, subject: str) -> int:
        """Id of our schema under a subject; registers it the first time.

        Raises
        ------
        SchemaNotAcceptedError
            The registry does not take it now. What is to be sent waits: it was written already.
        RegistryAwayError
            The registry does not answer.
        """
        if subject not in self._ids:
            try:
                await self._register(subject)
            except (SchemaIncompatibleError, SchemaUnknownError) as error:
                raise SchemaNotAcceptedError(str(error)) from error
        return self._ids[subject]

    async def unregistered(self) -> list[str]:
        """Subjects under which the registry does not have our schema.

        Raises
        ------
        RegistryAwayError
            The registry does not answer.
        """
        found = []
        for subject, text in schemas(self._settings).items():
            schema = Schema(text, schema_type="JSON")
            try:
                await self._ask(partial(self._client.lookup_schema, subject, schema), subject)
            except (SchemaUnknownError, SchemaIncompatibleError):
                found.append(subject)
        return found

    async def _register(self, subject: str) -> None:
        schema = Schema(schemas(self._settings)[subject], schema_type="JSON")
        self._ids[subject] = await self._ask(partial(self._client.register_schema, subject, schema), subject)

    async def _keep_compatible(self, subject: str) -> None:
        backward = ServerConfig(compatibility=ConfigCompatibilityLevel.BACKWARD)
        await self._ask(partial(self._client.set_config, subject, backward), f"the rule of {subject}")

    async def writer_schema(self, schema_id: int) -> WriterSchema:
        """The schema a writer named by id, with everything it refers to.

        Raises
        ------
        SchemaUnknownError
            There is no such schema, it is not a JSON Schema, or it refers to what the registry does not have.
        RegistryAwayError
            The registry does not answer.
        """
        if schema_id not in self._writers:
            name = f"schema {schema_id}"
            if schema_id < 0:
                raise SchemaUnknownError(f"the registry does not know {name}")
            schema = await self._ask(lambda: self._client.get_schema(schema_id), name)
            others = await self._references(schema, name)
            made = await asyncio.to_thread(WriterSchema, name, schema.schema_str or "", others)
            if len(self._writers) >= _KEPT:
                self._writers.pop(next(iter(self._writers)))
            self._writers[schema_id] = made
        return self._writers[schema_id]

    async def _references(self, schema: Schema, name: str) -> dict[str, str]:
        """Name → text of the schemas that a schema refers to, and so on, breadth first."""
        found: dict[str, tuple[str, int, str]] = {}
        level = list(schema.references or ())
        for _ in range(_DEEPEST):
            if not level:
                break
            below: list[SchemaReference] = []
            for reference in level:
                place = (str(reference.subject), int(reference.version or 0))
                if reference.name in found:
                    if found[reference.name][:2] != place:
                        raise SchemaUnknownError(f"{name} calls two schemas {reference.name!r:.200}")
                    continue
                if len(found) == _MOST:
                    raise SchemaUnknownError(f"{name} refers to more than {_MOST} schemas")
                other = await self._version(*place)
                found[str(reference.name)] = (*place, other.schema_str or "")
                below += other.references or ()
            level = below
        if level:
            raise SchemaUnknownError(f"the references of {name} are more than {_DEEPEST} deep")
        return {called: text for called, (_, _, text) in found.items()}

    async def _version(self, subject: str, version: int) -> Schema:
        about = f"version {version} of {subject!r:.200}"
        registered = await self._ask(lambda: self._client.get_version(subject, version, deleted=True), about)
        schema: Schema = registered.schema
        return schema

    async def _ask(self, question: Callable[[], T], about: str) -> T:
        try:
            return await asyncio.to_thread(question)
        except SchemaRegistryError as error:
            if error.http_status_code == _INCOMPATIBLE:
                raise SchemaIncompatibleError(f"{about}: {error.error_message}") from error
            if error.http_status_code in _UNKNOWN:
                raise SchemaUnknownError(f"the registry does not know {about}") from error
            raise RegistryAwayError(f"{about}: {error}") from error
        except Exception as error:  # the client raises its HTTP library's errors as they come
            raise RegistryAwayError(f"{about}: {error!r}") from error
