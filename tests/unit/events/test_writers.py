"""A writer's schema reads nothing from outside, ends in time, and means what its writer meant."""

import asyncio
import contextlib
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from types import SimpleNamespace
from typing import Any, cast

import orjson
import pytest
from confluent_kafka.schema_registry import Schema, SchemaReference, SchemaRegistryClient
from confluent_kafka.schema_registry.error import SchemaRegistryError

from events.attributes import Envelope, read_attributes
from events.codec import decode, payload_of
from events.errors import EventRefusedError, RegistryAwayError, SchemaInvalidError, SchemaUnknownError
from events.framing import frame
from events.registry import SchemaRegistry
from events.writers import WriterSchema
from ontology.events import EventType
from runtime.settings import EventSettings
from tests.clients import foreign_headers

PERSON = {"type": "object", "properties": {"email": {"$ref": "mail.json"}}}
MAIL = {"type": "string", "pattern": "@"}
GOOD: dict[str, Any] = {
    "giver": {"email": "an@x.example"},
    "receivers": [{"email": "mai@x.example"}],
    "content": "Cảm ơn",
}


def written_with(schema: Any, **others: Any) -> WriterSchema:
    texts = {name.replace("_", "."): orjson.dumps(other).decode() for name, other in others.items()}
    return WriterSchema("schema 7", orjson.dumps(schema).decode(), texts)


class FakeClient:
    """A registry of a few schemas, by id and by subject."""

    def __init__(self, schema: Any, references: dict[str, tuple[Any, list[str]]], names: list[str]) -> None:
        self.asked: list[str] = []
        self._schema = self._make(schema, names)
        self._others = {name: self._make(*other) for name, other in references.items()}

    def _make(self, schema: Any, names: list[str]) -> Schema:
        references = [SchemaReference(name=name, subject=f"s-{name}", version=1) for name in names]
        return Schema(orjson.dumps(schema).decode(), "JSON", references)

    def get_schema(self, schema_id: int) -> Schema:
        if schema_id != 7:
            raise SchemaRegistryError(404, 40403, "unknown")
        return self._schema

    def get_version(self, subject: str, version: int, *, deleted: bool) -> Any:
        self.asked.append(subject)
        name = subject.removeprefix("s-")
        if name not in self._others:
            raise SchemaRegistryError(404, 40401, "unknown")
        return SimpleNamespace(schema=self._others[name])


def registry_of(client: FakeClient) -> SchemaRegistry:
    registry = SchemaRegistry(EventSettings())
    registry._client = cast("SchemaRegistryClient", client)
    return registry


async def test_references_are_read_from_the_registry_and_so_are_theirs() -> None:
    schema = {"properties": {"giver": {"$ref": "person.json"}}}
    client = FakeClient(schema, {"person.json": (PERSON, ["mail.json"]), "mail.json": (MAIL, [])}, ["person.json"])
    written = await registry_of(client).writer_schema(7)
    written.check({"giver": {"email": "an@x.example"}})
    with pytest.raises(SchemaInvalidError) as refused:
        written.check({"giver": {"email": "an"}})
    assert refused.value.pointer == "/giver/email"
    assert client.asked == ["s-person.json", "s-mail.json"]


async def test_schemas_that_refer_to_each_other_are_read_once() -> None:
    circle = {"a.json": ({"$ref": "b.json"}, ["b.json"]), "b.json": ({"$ref": "a.json"}, ["a.json"])}
    client = FakeClient({"$ref": "a.json"}, circle, ["a.json"])
    written = await registry_of(client).writer_schema(7)
    assert client.asked == ["s-a.json", "s-b.json"]
    with pytest.raises(SchemaUnknownError):
        written.check({})


@pytest.mark.parametrize(
    ("others", "names"),
    [
        ({}, ["gone.json"]),
        ({f"{n}.json": ({}, [f"{n + 1}.json"]) for n in range(30)}, ["0.json"]),
        ({f"{n}.json": ({}, []) for n in range(60)}, [f"{n}.json" for n in range(60)]),
        ({"bad.json": ({"type": 5}, [])}, ["bad.json"]),
    ],
    ids=["gone", "too deep", "too many", "no schema"],
)
async def test_references_that_do_not_end_well_are_refused(others: Any, names: list[str]) -> None:
    with pytest.raises(SchemaUnknownError):
        await registry_of(FakeClient({}, others, names)).writer_schema(7)


@pytest.mark.parametrize("schema_id", [8, -1])
async def test_an_unknown_schema_is_refused(schema_id: int) -> None:
    with pytest.raises(SchemaUnknownError):
        await registry_of(FakeClient({}, {}, [])).writer_schema(schema_id)


@pytest.mark.parametrize(
    ("status", "kind"), [(500, RegistryAwayError), (401, RegistryAwayError), (422, SchemaUnknownError)]
)
async def test_only_what_can_pass_is_waited_for(
    monkeypatch: pytest.MonkeyPatch, status: int, kind: type[Exception]
) -> None:
    client = FakeClient({}, {}, [])

    def refuse(schema_id: int) -> Schema:
        raise SchemaRegistryError(status, status, "no")

    monkeypatch.setattr(client, "get_schema", refuse)
    with pytest.raises(kind):
        await registry_of(client).writer_schema(7)


@contextlib.contextmanager
def listening() -> Iterator[tuple[str, list[str]]]:
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"{}")

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("place", ["giver", "deep", "schema", "id"])
def test_no_address_is_ever_fetched(place: str) -> None:
    with listening() as (address, asked):
        schemas: dict[str, Any] = {
            "giver": {"properties": {"giver": {"$ref": f"{address}/person.json"}}},
            "deep": {"properties": {"giver": {"$ref": "#/definitions/p"}}, "definitions": {"p": {"$ref": address}}},
            "schema": {"$schema": f"{address}/draft", "properties": {"giver": {"$ref": f"{address}/draft"}}},
            "id": {"$id": f"{address}/order.json", "properties": {"giver": {"$ref": "person.json"}}},
        }
        with pytest.raises(SchemaUnknownError, match="refers to"):
            written_with(schemas[place]).check(GOOD)
        assert asked == []


CIRCLES = [
    {"$ref": "#"},
    {"definitions": {"a": {"$ref": "#/definitions/b"}, "b": {"$ref": "#/definitions/a"}}, "$ref": "#/definitions/a"},
    {"allOf": [{"$ref": "#"}]},
    {"properties": {"giver": {"anyOf": [{"type": "null"}, {"$ref": "#/properties/giver"}]}}},
    {"definitions": {"d40": {}} | {f"d{n}": {"allOf": [{"$ref": f"#/definitions/d{n + 1}"}] * 2} for n in range(40)}}
    | {"allOf": [{"$ref": "#/definitions/d0"}]},
    {"properties": {"content": {"pattern": "^(a|a)*$"}}},
]


@pytest.mark.parametrize("schema", CIRCLES, ids=["self", "pair", "all", "any", "growing", "pattern"])
def test_a_schema_that_would_run_for_ever_is_refused(schema: Any) -> None:
    began = time.monotonic()
    with pytest.raises(SchemaUnknownError):
        written_with(schema).check({**GOOD, "content": "a" * 40 + "!"})
    assert time.monotonic() - began < 60, "for ever is longer than any wait for a busy machine"


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        ({"items": {"enum": list(range(3000))}}, [-1.5] * 100_000),
        ({"items": {"anyOf": [{"type": "null"}] * 50}}, [None] * 50_000 + [1]),
        ({"uniqueItems": True}, [{"n": n} for n in range(30_000)] + [{"n": 0}]),
        ({"items": {"pattern": "^(a+)+$"}}, ["a" * 30 + "!"] * 50_000),
    ],
    ids=["enum", "any", "unique", "pattern"],
)
def test_a_large_value_is_checked_or_refused_in_time(schema: Any, value: Any) -> None:
    began = time.monotonic()
    with pytest.raises(EventRefusedError):
        written_with(schema).check(value)
    assert time.monotonic() - began < 60, "for ever is longer than any wait for a busy machine"


@pytest.mark.parametrize("value", [[1, 1.0], ["a", "a"], [{"a": 1, "b": 2}, {"b": 2, "a": 1}]])
def test_items_that_say_the_same_are_not_unique(value: Any) -> None:
    with pytest.raises(SchemaInvalidError):
        written_with({"uniqueItems": True}).check(value)
    written_with({"uniqueItems": True}).check([1, True, "1", None, [1], {"a": 1}])
    written_with({"uniqueItems": False}).check(value)


@pytest.mark.parametrize("depth", [300, 900])
def test_a_value_deeper_than_the_stack_is_refused(depth: int) -> None:
    value = orjson.loads("[" * depth + "]" * depth)
    with pytest.raises(SchemaUnknownError):
        written_with({"items": {"$ref": "#"}}).check(value)


@pytest.mark.parametrize("depth", range(60, 250, 7))
def test_a_schema_deeper_than_the_stack_is_refused_or_carried_out(depth: int) -> None:
    schema: Any = {"$id": "urn:deep", "$ref": "#/definitions/nowhere"}
    for level in range(depth):
        schema = {"items": schema, "$id": f"urn:level:{level}"}
    with pytest.raises(SchemaUnknownError):
        written_with(schema).check(orjson.loads("[" * depth + "1" + "]" * depth))


@pytest.mark.parametrize(
    ("pattern", "fits", "not_so"),
    [
        (r"^\p{L}+$", "Đỗ", "D0"),
        (r"^\p{Lu}\p{Ll}+$", "Đỗ", "đỗ"),
        (r"^[\p{L}\s]+$", "Mai Đỗ", "Mai_Đỗ"),
        (r"^\p{Script=Latin}+$", "Đỗ", "Да"),
        (r"^[\u{1F600}-\u{1F64F}]$", "😀", "x"),
        (r"^(?<year>\d{4})$", "2026", "26"),
    ],
)
def test_patterns_are_read_as_ecma_262_means_them(pattern: str, fits: str, not_so: str) -> None:
    written = written_with({"properties": {"name": {"pattern": pattern}}, "patternProperties": {pattern: {}}})
    written.check({"name": fits})
    with pytest.raises(SchemaInvalidError):
        written.check({"name": not_so})


@pytest.mark.parametrize("pattern", ["^[a", r"\p{Nonsense}", "(", "a{2,1}", "(?:a|b)" * 50_000, "(" * 900])
def test_a_pattern_nobody_can_read_is_named(pattern: str) -> None:
    with pytest.raises(SchemaUnknownError) as refused:
        written_with({"properties": {"name": {"pattern": pattern}}})
    assert repr(pattern)[:300] in str(refused.value)
    assert "/properties/name/pattern" in str(refused.value)


def test_the_draft_a_writer_names_is_the_one_it_is_read_by() -> None:
    four = {
        "$schema": "http://json-schema.org/draft-04/schema#",
        "properties": {"n": {"minimum": 1, "exclusiveMinimum": True}},
    }
    with pytest.raises(SchemaInvalidError):
        written_with(four).check({"n": 1})
    closed = {"properties": {"a": {}}, "patternProperties": {"^x": {}}, "additionalProperties": False}
    written_with(closed).check({"a": 1, "x1": 2})
    with pytest.raises(SchemaInvalidError):
        written_with(closed).check({"b": 1})


NULLS = [
    {**GOOD, "values": None},
    {**GOOD, "visibility": None, "type": None, "occurredAt": None},
    {**GOOD, "giver": {**GOOD["giver"], "handle": None, "fullName": None}},
    {**GOOD, "receivers": [{"email": "mai@x.example", "name": None}], "project": None},
]


@pytest.mark.parametrize("data", NULLS, ids=range(len(NULLS)))
def test_a_null_for_an_optional_field_says_nothing(data: Any) -> None:
    assert payload_of(EventType.RECOGNITION_CREATED, data) == payload_of(EventType.RECOGNITION_CREATED, GOOD)


@pytest.mark.parametrize("field", ["content", "giver", "receivers"])
def test_a_null_for_a_required_field_is_refused(field: str) -> None:
    with pytest.raises(SchemaInvalidError):
        payload_of(EventType.RECOGNITION_CREATED, {**GOOD, field: None})


@pytest.mark.parametrize(
    "schema",
    [
        {"properties": {"values": {"type": "array"}}},
        {"properties": {"values": {"type": ["array", "null"]}}, "required": ["values"]},
    ],
)
async def test_a_null_passes_a_schema_that_allows_it_or_the_lack_of_it(schema: Any) -> None:
    registry = registry_of(FakeClient(schema, {}, []))
    message = Envelope(read_attributes(foreign_headers("r1")), frame(7, {**GOOD, "values": None}))
    event = await decode(registry, message)
    assert event.payload == payload_of(EventType.RECOGNITION_CREATED, GOOD)


async def test_a_slow_schema_does_not_stop_the_loop() -> None:
    registry = registry_of(FakeClient(CIRCLES[4], {}, []))
    message = Envelope(read_attributes(foreign_headers("r1")), frame(7, GOOD))
    deciding = asyncio.create_task(decode(registry, message))
    ticks = 0
    while not deciding.done():
        await asyncio.sleep(0.05)
        ticks += 1
    assert ticks > 10
    with pytest.raises(EventRefusedError):
        await deciding


@pytest.mark.parametrize(
    ("step", "good", "bad"),
    [
        (0.01, [19.99, 0.07, 1.1, 1e22, 0, -4.35, 1152921504606847.01], [0.005, 19.999, 1e-9]),
        (0.1, [0.3, 1.1, 4.35e2], [0.35]),
        (1e-8, [0.00000003], [1.5e-9]),
        (3, [9, 9.0, 0], [10, 9.5]),
        (2.5, [7.5, 10], [8]),
    ],
)
@pytest.mark.parametrize(
    ("draft", "keyword"),
    [
        ("http://json-schema.org/draft-07/schema#", "multipleOf"),
        ("https://json-schema.org/draft/2020-12/schema", "multipleOf"),
        ("http://json-schema.org/draft-03/schema#", "divisibleBy"),
    ],
)
def test_multiples_are_counted_in_decimals(
    draft: str, keyword: str, step: float, good: list[float], bad: list[float]
) -> None:
    schema = written_with({"$schema": draft, keyword: step})
    for value in good:
        schema.check(value)
    for value in bad:
        with pytest.raises(SchemaInvalidError, match="multiple of"):
            schema.check(value)
