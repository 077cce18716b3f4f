"""What a run refuses of another system's event is a dead letter too, and is tried again when the cause is mended."""

from collections.abc import AsyncIterator
from uuid import uuid4

import httpx
import orjson
import pytest

from events.dead_letters import DeadLetter, bury, open_letters, replay
from events.log import read_at
from graph.database import GraphDatabase
from ontology import ids
from ontology.commands import Position
from runtime.settings import Settings
from tests.clients import foreign_headers, produce, until
from tests.integration.api.test_participants import active

pytestmark = pytest.mark.servers


@pytest.fixture
async def graph(tree: Settings) -> AsyncIterator[GraphDatabase]:
    async with GraphDatabase(tree.graph) as database:
        yield database


async def letters_of(tree: Settings, event_id: str) -> list[DeadLetter]:
    return [one for one in await open_letters(tree.events) if dict(one.headers).get("ce_id") == event_id.encode()]


async def test_a_run_that_refuses_an_event_buries_it_and_a_replay_is_carried_out(
    tree: Settings, graph: GraphDatabase, machine: httpx.AsyncClient
) -> None:
    tag, event_id = uuid4().hex[:8], f"refused-{uuid4()}"
    body = {"fullName": f"Nobody else {tag}", "email": f"{tag}@self.test", "handle": f"self-{tag}"}
    headers = {"Idempotency-Key": str(uuid4()), "Prefer": "wait=10"}
    person = (await machine.post("/v1/people", json=body, headers=headers)).raise_for_status().json()["id"]
    value = orjson.dumps(
        {"giver": {"email": body["email"]}, "receivers": [{"handle": body["handle"]}], "content": "Well done, me"}
    )
    await produce(tree, tree.events.recognitions_topic, [(b"k", value, foreign_headers(tag, event_id=event_id))])

    async def buried() -> bool:
        return len(await letters_of(tree, event_id)) == 1

    await until(buried)
    [letter] = await letters_of(tree, event_id)
    entity = str(ids.foreign_entity("Recognition", "urn:test:hr", tag))
    assert (letter.code, letter.value, letter.key) == ("selfRecognition", value, b"k")
    assert letter.reason.startswith("/receivers/0: ")
    assert letter.run.startswith(f"recognition/{entity}/")
    assert letter.id == f"{letter.topic}-{letter.partition}-{letter.offset}"

    changed = await machine.patch(
        f"/v1/people/{person}",
        json={"handle": None},
        headers={"Idempotency-Key": str(uuid4()), "If-Match": "*", "Prefer": "wait=10"},
    )
    assert changed.status_code == 200, changed.text
    other = {"fullName": f"Somebody else {tag}", "handle": body["handle"]}  # who has it now goes before who had it
    headers = {"Idempotency-Key": str(uuid4()), "Prefer": "wait=10"}
    assert (await machine.post("/v1/people", json=other, headers=headers)).status_code == 201
    await replay(tree.events, [letter])

    async def written() -> bool:
        [row] = await graph.read("MATCH (r:Recognition {id: $id}) RETURN count(r) AS n", id=entity)
        return bool(row["n"] == 1)

    await until(written)
    assert await letters_of(tree, event_id) == []


async def test_a_project_that_is_yet_to_complete_is_left_as_it_is(
    tree: Settings, alice: httpx.AsyncClient, olga: httpx.AsyncClient
) -> None:
    project, event_id = await active(alice, olga), f"ahead-{uuid4()}"
    said = orjson.dumps({"project": {"id": project["id"]}, "completedAt": "2099-01-01T00:00:00Z"})
    headers = foreign_headers(str(uuid4()), "PROJECT_COMPLETED", event_id=event_id, schema="project-completed")
    await produce(tree, tree.events.projects_topic, [(b"k", said, headers)])

    async def buried() -> bool:
        return len(await letters_of(tree, event_id)) == 1

    await until(buried)
    [letter] = await letters_of(tree, event_id)
    assert (letter.code, letter.reason.partition(":")[0]) == ("timeAhead", "/completedAt")
    stands = (await alice.get(f"/v1/projects/{project['id']}")).json()
    assert (stands["status"], "endAt" in stands) == ("Active", False)


async def test_what_the_topic_keeps_no_longer_is_named_where_it_stood(tree: Settings) -> None:
    assert await read_at(tree.events, tree.events.recognitions_topic, 0, 2**40) is None
    position = Position(topic=tree.events.recognitions_topic, partition=0, offset=2**40)
    await bury(tree.events, position, "selfRecognition", "why", "recognition/x/run")
    [letter] = [one for one in await open_letters(tree.events) if one.offset == 2**40]
    assert (letter.whole, letter.run, letter.code) == (False, "recognition/x/run", "selfRecognition")
    await produce(
        tree,
        tree.events.dead_letters_topic,
        [(None, b"", [("trm_id", letter.id.encode()), ("trm_replayed_at", b"2026-01-01T00:00:00Z")])],
    )


async def test_a_repeated_event_keeps_whom_its_names_meant(
    tree: Settings, graph: GraphDatabase, machine: httpx.AsyncClient
) -> None:
    tag = uuid4().hex[:8]
    name, event_id = f"Meant Once {tag}", f"once-{tag}"

    async def recorded() -> None:
        headers = {"Idempotency-Key": str(uuid4()), "Prefer": "wait=10"}
        (await machine.post("/v1/people", json={"fullName": name}, headers=headers)).raise_for_status()

    await recorded()
    value = orjson.dumps({"giver": {"email": "carol@partner.test"}, "receivers": [{"name": name}], "content": tag})
    message = (b"k", value, foreign_headers(tag, event_id=event_id))
    await produce(tree, tree.events.recognitions_topic, [message])
    entity = str(ids.foreign_entity("Recognition", "urn:test:hr", tag))

    async def written() -> bool:
        [row] = await graph.read("MATCH (r:Recognition {id: $id}) RETURN count(r) AS n", id=entity)
        return bool(row["n"] == 1)

    await until(written)
    await recorded()
    new = (b"k", value, foreign_headers(f"{tag}-new", event_id=f"{event_id}-new"))
    await produce(tree, tree.events.recognitions_topic, [message, new])

    async def new_is_refused() -> bool:
        return len(await letters_of(tree, f"{event_id}-new")) == 1

    await until(new_is_refused)
    assert await letters_of(tree, event_id) == []
