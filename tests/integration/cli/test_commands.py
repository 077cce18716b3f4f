"""The commands an operator types, run as processes on the session's servers."""

import asyncio
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import orjson
import pytest
from aiokafka import TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, RecordsToDelete

from events.dead_letters import open_letters
from events.names import connection
from events.topics import create_topics
from graph.database import GraphDatabase
from knowledge.pool import open_pool
from knowledge.providers import make_provider
from knowledge.store import KnowledgeStore
from ontology import ids
from runtime.settings import Settings
from stack.session import StackSession
from tests.clients import foreign_headers, foreign_recognition, produce, until
from tests.records import change_records

pytestmark = pytest.mark.servers


async def trm(*arguments: str) -> tuple[int, str]:
    """Exit code and output of a command; the session put its addresses into our environment."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "cli", *arguments), stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    output, _ = await process.communicate()
    return process.returncode or 0, " ".join(output.decode().split())


@pytest.fixture
async def graph(tree: Settings, stack: StackSession) -> AsyncIterator[GraphDatabase]:
    async with GraphDatabase(tree.graph) as database:
        yield database


def written_event(folder: Path, data: dict[str, Any]) -> str:
    event = {
        "id": str(uuid4()),
        "source": "urn:test:hr",
        "type": "RECOGNITION_CREATED",
        "subject": str(uuid4()),
        "time": "2026-03-01T09:00:00+07:00",
        "data": data,
    }
    path = folder / "event.json"
    path.write_bytes(orjson.dumps(event))
    return str(path)


async def test_an_event_is_tried_without_being_carried_out(tmp_path: Path, graph: GraphDatabase) -> None:
    content = f"Only tried {uuid4()}"
    good = {"giver": {"email": "carol@partner.test"}, "receivers": [{"email": "bob@trm.test"}], "content": content}
    code, said = await trm("events", "try", written_event(tmp_path, good))
    assert (code, "accepted" in said) == (0, True)
    code, said = await trm("events", "try", written_event(tmp_path, {**good, "receivers": []}))
    assert (code, "schemaInvalid at /receivers" in said) == (1, True), said
    [row] = await graph.read("MATCH (r:Recognition {content: $content}) RETURN count(r) AS n", content=content)
    assert row["n"] == 0


async def test_a_dead_letter_is_listed_shown_and_replayed(
    tree: Settings, graph: GraphDatabase, machine: httpx.AsyncClient
) -> None:
    subject, name = str(uuid4()), f"Rosa [/b] Lindqvist {uuid4().hex[:8]}"
    value = foreign_recognition("Said of someone we do not know yet").replace(
        b'"email":"bob@trm.test"', f'"name":"{name}"'.encode()
    )
    headers = foreign_headers(subject, event_id=f"id-{subject}")
    await produce(tree, tree.events.recognitions_topic, [(subject.encode(), value, headers)])

    async def letter() -> str | None:
        for each in await open_letters(tree.events):
            if dict(each.headers)["ce_id"] == f"id-{subject}".encode():
                return each.id
        return None

    async def buried() -> bool:
        return await letter() is not None

    await until(buried)
    letter_id = await letter()
    assert letter_id is not None
    code, said = await trm("dead-letters", "list")
    assert (code, "nameRefused" in said, "Traceback" in said) == (0, True, False), said
    code, said = await trm("dead-letters", "show", letter_id)
    assert (code, name in said, "/receivers/0" in said) == (0, True, True), said
    sent = {"Idempotency-Key": str(uuid4()), "Prefer": "wait=10"}
    assert (await machine.post("/v1/people", json={"fullName": name}, headers=sent)).status_code == 201
    assert (await trm("dead-letters", "replay", letter_id))[0] == 0
    entity = str(ids.foreign_entity("Recognition", "urn:test:hr", subject))

    async def written() -> bool:
        [row] = await graph.read("MATCH (r:Recognition {id: $id}) RETURN count(r) AS n", id=entity)
        return bool(row["n"] == 1)

    await until(written)
    assert letter_id not in (await trm("dead-letters", "list"))[1]


async def test_missing_change_records_are_seen_and_sent_again(
    tree: Settings, graph: GraphDatabase, alice: httpx.AsyncClient
) -> None:
    headers = {"Idempotency-Key": str(uuid4()), "Prefer": "wait=10"}
    body = {"receivers": [{"email": "bob@trm.test"}], "content": "A record that gets lost"}
    made = (await alice.post("/v1/recognitions", json=body, headers=headers)).json()["id"]

    async def equal() -> bool:
        return (await trm("audit"))[0] == 0

    await until(equal, every=1.0)
    [key] = [
        key
        for key, record in (await change_records(tree.events)).items()
        if made in {str(one.id) for one in record.nodes}
    ]
    await produce(tree, tree.events.changes_topic, [(key.encode(), None, [])])
    code, said = await trm("audit")
    assert (code, key in said) == (1, True), said
    code, said = await trm("audit", "--repair")
    assert (code, "Everything is equal" in said) == (0, True), said


async def test_what_others_were_told_and_what_is_found_is_made_again_when_it_is_lost(
    tree: Settings, graph: GraphDatabase, alice: httpx.AsyncClient
) -> None:
    headers = {"Idempotency-Key": str(uuid4()), "Prefer": "wait=10"}
    body = {"receivers": [{"email": "bob@trm.test"}], "content": "An event and a vector that get lost"}
    made = (await alice.post("/v1/recognitions", json=body, headers=headers)).json()["id"]

    async def equal() -> bool:
        return (await trm("audit"))[0] == 0

    await until(equal, every=1.0)
    await emptied(tree, tree.events.recognitions_topic)
    async with open_pool(tree.knowledge) as pool:
        await KnowledgeStore(pool, make_provider(tree.embedding)).delete(UUID(made))
    code, said = await trm("audit")
    assert (code, "written event that was not published" in said, "recognition without a vector" in said) == (
        1,
        True,
        True,
    ), said
    code, said = await trm("audit", "--repair")
    assert (code, "texts given a vector: 1" in said) == (0, True), said


async def test_an_empty_topic_of_records_is_refused_and_filled_when_that_is_asked_for(
    tree: Settings, alice: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    headers = {"Idempotency-Key": str(uuid4()), "Prefer": "wait=10"}
    body = {"receivers": [{"email": "bob@trm.test"}], "content": "Whose record stands elsewhere"}
    assert (await alice.post("/v1/recognitions", json=body, headers=headers)).status_code == 201
    name = f"trm.changes.{uuid4().hex[:8]}"
    await create_topics(tree.events.model_copy(update={"changes_topic": name}))
    monkeypatch.setenv("TRM_EVENTS__CHANGES_TOPIC", name)
    code, said = await trm("audit")
    assert (code, said.startswith(f"recordsMissing: {name} holds no change record")) == (1, True), said
    code, said = await trm("rebuild")
    assert (code, said.startswith(f"recordsMissing: {name} is empty")) == (1, True), said
    code, said = await trm("audit", "--repair")
    assert (code, "Everything is equal" in said) == (0, True), said


async def emptied(tree: Settings, topic: str) -> None:
    """Lose all that a topic holds."""
    admin = AIOKafkaAdminClient(**connection(tree.events))
    await admin.start()
    try:
        numbers = range(tree.events.partitions)
        await admin.delete_records({TopicPartition(topic, number): RecordsToDelete(-1) for number in numbers})
    finally:
        await admin.close()


async def test_a_repair_never_puts_a_damaged_graph_over_good_records(
    tree: Settings, graph: GraphDatabase, alice: httpx.AsyncClient
) -> None:
    headers = {"Idempotency-Key": str(uuid4()), "Prefer": "wait=10"}
    body = {"receivers": [{"email": "bob@trm.test"}], "content": "A state that gets lost"}
    event = (await alice.post("/v1/recognitions", json=body, headers=headers)).json()["recordedBy"][0]["eventId"]

    async def equal() -> bool:
        return (await trm("audit"))[0] == 0

    await until(equal, every=1.0)
    good = (await change_records(tree.events))[event]
    damage = f"MATCH (:Recognition)-[h:HAS_STATE {{eventId: '{event}'}}]->(s) SET s.content = 'forged'"
    await graph.execute_schema(damage)
    code, said = await trm("audit", "--repair")
    assert (code, "says something else" in said) == (1, True), said
    assert (await change_records(tree.events))[event] == good
    await graph.execute_schema(damage.replace("'forged'", "'A state that gets lost'"))
    await until(equal, every=1.0)


async def test_a_person_gets_a_token_and_two_people_become_one(machine: httpx.AsyncClient) -> None:
    made = []
    for name in ("Ana Duarte", "Ana M. Duarte"):
        headers = {"Idempotency-Key": str(uuid4()), "Prefer": "wait=10"}
        body = {"fullName": name, "email": f"{uuid4().hex}@trm.test"}
        made.append((await machine.post("/v1/people", json=body, headers=headers)).json()["id"])
    duplicate, survivor = made
    subject = f"u-{uuid4()}"
    assert (await trm("person", "link", duplicate, "--subject", subject))[0] == 0
    assert (await trm("person", "merge", "--yes", duplicate, survivor))[0] == 0
    assert (await machine.get(f"/v1/people/{duplicate}")).json()["id"] == survivor
    code, said = await trm("person", "merge", "--yes", duplicate, str(uuid4()))
    assert code == 1
    assert said


async def test_a_user_gets_a_token_and_a_wrong_one_a_plain_answer() -> None:
    code, token = await trm("token", "--user", "alice@trm.test")
    assert (code, token.count(".")) == (0, 2)
    code, said = await trm("token", "--user", "nobody@trm.test")
    assert code == 1
    assert "Traceback" not in said


async def test_why_tells_one_page_and_refusals_plainly(machine: httpx.AsyncClient) -> None:
    body = {
        "giver": {"email": "carol@partner.test"},
        "receivers": [{"email": "bob@trm.test"}],
        "content": f"Told on one page {uuid4()}",
    }
    headers = {"Idempotency-Key": str(uuid4()), "Prefer": "wait=20"}
    said = (await machine.post("/v1/recognitions", json=body, headers=headers)).json()
    code, page = await trm("why", said["id"])
    assert code == 0, page
    for told in (f"Recognition {said['id']}", "Recorded by event 1 of 1", "attempt 1 (", "on behalf of", "RECEIVED_BY"):
        assert told in page
    code, page = await trm("why", f"{said['id']}/RECEIVED_BY/{said['receivers'][0]['id']}")
    assert (code, "Each time it held" in page) == (0, True)
    code, page = await trm("why", str(uuid4()))
    assert (code, "notTold: There is no such thing" in page) == (1, True)


async def test_an_event_that_only_bears_our_source_is_named_and_no_difference(tree: Settings) -> None:
    forged, subject = f"forged-{uuid4()}", str(uuid4())
    headers = foreign_headers(subject, source=tree.events.source, event_id=forged)
    topic = tree.events.recognitions_topic
    await produce(tree, topic, [(subject.encode(), foreign_recognition("Not ours"), headers)])

    async def equal() -> bool:
        code, said = await trm("audit")
        return code == 0 and "bear our source and were not written by us" in said

    await until(equal, every=1.0)
