"""Messages as other systems' senders really send them, wrong ones included: each is followed by a healthy one on its
partition, which must arrive."""

import base64
import threading
from collections.abc import AsyncIterator, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from uuid import UUID, uuid4

import httpx
import orjson
import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.producer import message_accumulator as accumulating
from aiokafka.producer import producer as producing
from aiokafka.record.default_records import _DefaultRecordBatchBuilderPy
from confluent_kafka.schema_registry import Schema, SchemaReference, SchemaRegistryClient

from auditing.equality import compare
from events.attributes import STRUCTURED
from events.dead_letters import DeadLetter, open_letters
from events.framing import frame
from events.log import read_topic
from graph.database import GraphDatabase
from knowledge.pool import open_pool
from knowledge.providers import make_provider
from knowledge.store import KnowledgeStore
from ontology import ids
from runtime.settings import Settings
from tests.clients import foreign_headers, foreign_recognition, until
from tests.records import change_records

pytestmark = pytest.mark.servers

SOURCE = "urn:test:hostile"
PARTITION = 1
DRAFT = "http://json-schema.org/draft-07/schema#"

Pairs = list[tuple[str, bytes]]


@pytest.fixture
async def graph(tree: Settings) -> AsyncIterator[GraphDatabase]:
    async with GraphDatabase(tree.graph) as database:
        yield database


@pytest.fixture
async def producer(tree: Settings) -> AsyncIterator[AIOKafkaProducer]:
    async with AIOKafkaProducer(bootstrap_servers=tree.events.bootstrap_servers, acks="all") as sender:
        yield sender


@pytest.fixture(scope="module")
def address() -> Iterator[tuple[str, list[str]]]:
    """A web server that must not be asked."""
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


class Trial:
    """Sends messages to one partition, each followed by a healthy one, and looks what became of them."""

    def __init__(self, tree: Settings, graph: GraphDatabase, producer: AIOKafkaProducer) -> None:
        self._tree, self._graph, self._producer = tree, graph, producer
        self._topic = tree.events.recognitions_topic

    async def send(self, headers: Pairs, value: bytes | None) -> bytes:
        """Send a message and a healthy one; gives the message's key."""
        key, well = uuid4().hex.encode(), str(uuid4())
        await self._producer.send_and_wait(self._topic, value, key=key, headers=headers, partition=PARTITION)
        healthy = foreign_headers(well, source=SOURCE), foreign_recognition(f"Healthy {well}")
        await self._producer.send_and_wait(self._topic, healthy[1], key=key, headers=healthy[0], partition=PARTITION)
        await self.arrives(SOURCE, well)
        return key

    async def arrives(self, source: str, subject: str) -> None:
        async def written() -> bool:
            return await self.count([ids.foreign_entity("Recognition", source, subject)]) == 1

        await until(written)

    async def count(self, entities: list[UUID]) -> int:
        query = "MATCH (r:Recognition) WHERE r.id IN $ids RETURN count(r) AS n"
        [row] = await self._graph.read(query, ids=[str(entity) for entity in entities])
        return int(row["n"])

    async def letter(self, key: bytes) -> DeadLetter:
        found: list[DeadLetter] = []

        async def buried() -> bool:
            found[:] = [letter for letter in await open_letters(self._tree.events) if letter.key == key]
            return bool(found)

        await until(buried)
        return found[0]


@pytest.fixture
def trial(tree: Settings, graph: GraphDatabase, producer: AIOKafkaProducer) -> Trial:
    return Trial(tree, graph, producer)


@pytest.fixture
def register(tree: Settings) -> Any:
    client = SchemaRegistryClient({"url": tree.events.registry_url})
    marked = uuid4().hex[:8]

    def one(name: str, schema: Any, *references: str) -> int:
        listed = [SchemaReference(name=other, subject=f"{other}-{marked}", version=1) for other in references]
        text = orjson.dumps({**schema, "$schema": DRAFT, "description": f"{name} {marked}"}).decode()
        return int(client.register_schema(f"{name}-{marked}", Schema(text, "JSON", listed)))

    return one


GIVER_REFERS = {"type": "object", "properties": {"giver": {"$ref": "person.json"}}}
PERSON = {"type": "object", "properties": {"email": {"$ref": "mail.json"}}, "required": ["email"]}


async def test_references_are_read_from_the_registry(trial: Trial, register: Any) -> None:
    register("mail.json", {"type": "string"})
    register("person.json", PERSON, "mail.json")
    register("strict.json", {"type": "object", "required": ["badge"]})
    plain = register("hr-1", GIVER_REFERS, "person.json")
    based = register("hr-2", {"$id": "http://hr.example/praise.json", **GIVER_REFERS}, "person.json")
    several = {"properties": {"giver": {"$ref": "person.json"}, "receivers": {"items": {"$ref": "person.json"}}}}
    listed = register("hr-3", several, "person.json")
    strict = register("hr-4", {"properties": {"giver": {"$ref": "strict.json"}}}, "strict.json")
    for schema in (plain, based, listed):
        subject = str(uuid4())
        value = frame(schema, orjson.loads(foreign_recognition("By reference")))
        await trial.send(foreign_headers(subject, source=SOURCE), value)
        await trial.arrives(SOURCE, subject)
    value = frame(strict, orjson.loads(foreign_recognition("Not by reference")))
    letter = await trial.letter(await trial.send(foreign_headers(str(uuid4()), source=SOURCE), value))
    assert (letter.code, "badge" in letter.reason) == ("schemaInvalid", True)


async def test_no_address_is_fetched_and_no_circle_is_run(trial: Trial, register: Any, address: Any) -> None:
    url, asked = address
    schemas = [
        {"type": "object", "properties": {"giver": {"$ref": f"{url}/person.json"}}},
        {"type": "object", "$ref": "#"},
        {"$id": f"{url}/praise.json", "properties": {"giver": {"$ref": "person.json"}}},
        {"definitions": {"p": {"$ref": f"{url}/p"}}, "properties": {"giver": {"$ref": "#/definitions/p"}}},
        {"allOf": [{"$ref": "#"}]},
        {
            "definitions": {"a": {"$ref": "#/definitions/b"}, "b": {"$ref": "#/definitions/a"}},
            "$ref": "#/definitions/a",
        },
    ]
    data = orjson.loads(foreign_recognition("Never"))
    for number, schema in enumerate(schemas):
        value = frame(register(f"bad-{number}", schema), data)
        letter = await trial.letter(await trial.send(foreign_headers(str(uuid4()), source=SOURCE), value))
        assert (number, letter.code) == (number, "schemaUnknown")
        assert letter.value == value
    assert asked == []


def headers_with(**other: str) -> Pairs:
    subject = other.pop("subject", str(uuid4()))
    said = dict(foreign_headers(subject, source=SOURCE)) | {f"ce_{name}": v.encode() for name, v in other.items()}
    return list(said.items())


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("time", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00+14:00", "1.1.2026"]),
        ("source", ['"urn:test:hr15"', "'urn:test:hr15'", "urn:test: hr15", "<urn:test:hr15>"]),
        ("source", ["urn:test:" + "x" * 2100, "urn:test:" + "ạ" * 1100, "urn:" + "y" * 100_000]),
        ("id", ["x" * 1001, "x" * 100_000, '"42"']),
        ("subject", ["x" * 1001, "ạ" * 50_000, '"42"']),
    ],
    ids=["14-time", "15-source", "18-source", "18-id", "18-subject"],
)
async def test_a_header_out_of_its_bounds_is_named(trial: Trial, name: str, values: list[str]) -> None:
    for value in values:
        letter = await trial.letter(await trial.send(headers_with(**{name: value}), foreign_recognition("Never")))
        assert letter.code == "headerMissing"
        assert f"/ce_{name}" in letter.reason


async def test_one_source_in_two_spellings_is_one_recognition(trial: Trial) -> None:
    subject, event_id = str(uuid4()), str(uuid4())
    for source in ('"urn:test:hr15"', "urn:test:hr15"):
        await trial.send(headers_with(subject=subject, id=event_id, source=source), foreign_recognition("Once"))
    await trial.arrives("urn:test:hr15", subject)
    spellings = ["urn:test:hr15", '"urn:test:hr15"', "'urn:test:hr15'"]
    assert await trial.count([ids.foreign_entity("Recognition", source, subject) for source in spellings]) == 1


def event_of(subject: str, **other: Any) -> dict[str, Any]:
    said = {
        "specversion": "1.0",
        "id": str(uuid4()),
        "source": SOURCE,
        "type": "RECOGNITION_CREATED",
        "subject": subject,
        "time": "2026-03-01T09:00:00+07:00",
        "data": orjson.loads(foreign_recognition("In one piece")),
    }
    return {name: value for name, value in {**said, **other}.items() if value is not None}


async def test_a_whole_event_in_the_value_is_read(trial: Trial) -> None:
    encoded = base64.b64encode(foreign_recognition("In base64")).decode()
    kinds: list[tuple[str, dict[str, str | None]]] = [
        (STRUCTURED, {}),
        (f"{STRUCTURED}; charset=utf-8", {"datacontenttype": "application/json"}),
        ("Application/CloudEvents+JSON;charset=UTF-8", {"data": None, "data_base64": encoded}),
    ]
    for kind, other in kinds:
        subject = str(uuid4())
        await trial.send([("content-type", kind.encode())], orjson.dumps(event_of(subject, **other)))
        await trial.arrives(SOURCE, subject)


@pytest.mark.parametrize(
    ("kind", "event", "code", "named"),
    [
        (STRUCTURED, {"source": None}, "headerMissing", "/source"),
        (STRUCTURED, {"data": None}, "undecodable", STRUCTURED),
        (STRUCTURED, {"data": None, "data_base64": "%%"}, "undecodable", "data_base64"),
        (STRUCTURED, {"specversion": "0.3"}, "undecodable", "specversion"),
        ("application/cloudevents-batch+json", {}, "undecodable", "cloudevents-batch"),
    ],
    ids=["source", "data", "base64", "version", "batch"],
)
async def test_a_malformed_whole_event_is_refused_by_name(
    trial: Trial, kind: str, event: dict[str, Any], code: str, named: str
) -> None:
    value = orjson.dumps(event_of(str(uuid4()), **event))
    letter = await trial.letter(await trial.send([("content-type", kind.encode())], value))
    assert letter.code == code
    assert named in letter.reason


async def test_a_null_says_nothing_and_patterns_are_ecma(trial: Trial, register: Any) -> None:
    data = orjson.loads(foreign_recognition("Đỗ"))
    letters = register("letters", {"type": "object", "properties": {"content": {"pattern": "^\\p{L}+$"}}})
    values = register("values", {"type": "object", "properties": {"values": {"type": "array"}}})
    for value in (
        orjson.dumps({**data, "values": None}),
        orjson.dumps({**data, "visibility": None, "giver": {**data["giver"], "name": None}}),
        frame(values, {**data, "values": None}),
        frame(letters, data),
    ):
        subject = str(uuid4())
        await trial.send(headers_with(subject=subject), value)
        await trial.arrives(SOURCE, subject)
    broken = register("broken", {"type": "object", "properties": {"content": {"pattern": "^\\p{Nonsense}$"}}})
    for schema, code, named in ((letters, "schemaInvalid", "does not match"), (broken, "schemaUnknown", "Nonsense")):
        value = frame(schema, {**data, "content": "Two words"})
        letter = await trial.letter(await trial.send(headers_with(), value))
        assert letter.code == code
        assert named in letter.reason


@pytest.mark.parametrize("schema_id", [2**31 - 1, -1, 0])
async def test_an_unknown_schema_is_refused(trial: Trial, schema_id: int) -> None:
    letter = await trial.letter(await trial.send(headers_with(), frame(schema_id, {})))
    assert letter.code == "schemaUnknown"


class Odd(str):
    """A text that the library writes as bytes that are none."""

    def encode(self, *_: Any) -> bytes:
        return b"\xff\xfe"


async def test_a_header_whose_name_is_no_text_is_stepped_over(
    tree: Settings, trial: Trial, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (producing, accumulating):  # the compiled writer takes nothing but true texts
        monkeypatch.setattr(module, "DefaultRecordBatchBuilder", _DefaultRecordBatchBuilderPy)
    topic = tree.events.recognitions_topic
    async with AIOKafkaProducer(bootstrap_servers=tree.events.bootstrap_servers) as odd:
        sent = await odd.send_and_wait(topic, b"{}", key=b"k", headers=[(Odd("odd"), b"")], partition=PARTITION)
    await trial.send(headers_with(), b"{")
    letters = {letter.id: letter for letter in await open_letters(tree.events)}
    assert letters[f"{topic}-{PARTITION}-{sent.offset}"].code == "unreadable"
    there = {record.offset async for record in read_topic(tree.events, topic) if record.partition == PARTITION}
    assert {sent.offset - 1, sent.offset, sent.offset + 1} & there == {sent.offset - 1, sent.offset + 1}


@pytest.mark.parametrize("compression", ["gzip", "lz4", "snappy", "zstd"])
async def test_every_compression_is_read(tree: Settings, graph: GraphDatabase, compression: str) -> None:
    subject = str(uuid4())
    async with AIOKafkaProducer(
        bootstrap_servers=tree.events.bootstrap_servers, compression_type=compression
    ) as producer:
        trial = Trial(tree, graph, producer)
        await trial.send(headers_with(subject=subject), foreign_recognition("Compressed " * 50))
        await trial.arrives(SOURCE, subject)


async def test_an_aborted_transaction_is_no_event_and_no_lag(tree: Settings, graph: GraphDatabase) -> None:
    subject, topic = str(uuid4()), tree.events.recognitions_topic
    async with AIOKafkaProducer(
        bootstrap_servers=tree.events.bootstrap_servers, transactional_id=f"hostile-{uuid4()}"
    ) as producer:
        await producer.begin_transaction()
        await producer.send_and_wait(
            topic, foreign_recognition("Aborted"), headers=headers_with(subject=subject), partition=PARTITION
        )
        await producer.abort_transaction()
    async with AIOKafkaProducer(bootstrap_servers=tree.events.bootstrap_servers) as producer:
        trial = Trial(tree, graph, producer)
        await trial.send(headers_with(subject=str(uuid4())), b"{")
        assert await trial.count([ids.foreign_entity("Recognition", SOURCE, subject)]) == 0
    async with httpx.AsyncClient(base_url=tree.telemetry.operations_url(tree.telemetry.bridge_port, "")) as operations:

        async def no_lag() -> bool:
            said = (await operations.get("/metrics")).text
            lags = [line for line in said.splitlines() if line.startswith("trm_bridge_lag{")]
            return len(lags) >= 3 and all(float(line.rsplit(" ", 1)[1]) == 0 for line in lags)

        await until(no_lag)
        ready = (await operations.get("/readyz")).json()
    assert ready == {"status": "ready", "checks": {"group": "ok"}}


@pytest.mark.parametrize(
    "headers",
    [
        [("ce_source", None), ("ce_id", None)],
        [("ce_source", b"\xff\xfe")],
        [("trm_id", None), ("trm_replayed_at", None)],
        [("trm_id", b"\xff"), ("trm_partition", b"x")],
    ],
)
async def test_what_strangers_leave_in_our_topics_stops_no_reader(
    tree: Settings, producer: AIOKafkaProducer, headers: list[tuple[str, bytes | None]]
) -> None:
    events = tree.events
    for topic in (events.recognitions_topic, events.changes_topic, events.dead_letters_topic):
        for value in (b"{", b"\0\0\0", b'{"id": 1}', b"[]"):
            await producer.send_and_wait(topic, value, key=b"stranger", headers=headers)
    assert await change_records(events) is not None
    assert all(
        letter.key != b"stranger" for letter in await open_letters(events) if letter.topic != events.recognitions_topic
    )
    async with GraphDatabase(tree.graph) as graph, open_pool(tree.knowledge) as pool:
        store = KnowledgeStore(pool, make_provider(tree.embedding))
        assert await compare(tree, graph, store) is not None
