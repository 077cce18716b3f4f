"""Nothing after the graph write fails for good: what is wrong outside is waited for, named, and stops nobody else."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from uuid import uuid4

import httpx
import pytest
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from events.errors import MessageNotAcceptedError, RegistryAwayError, SchemaNotAcceptedError, TopicRefusedError
from events.log import read_topic
from events.names import connection
from events.outlets import Outlets
from events.publisher import DomainEvent, EventPublisher
from events.registry import SchemaRegistry
from events.topics import create_topics, troubles
from ontology.events import EventType, RecognitionCreated
from ontology.references import PersonRef
from runtime.clock import now
from runtime.errors import UnavailableError
from runtime.settings import EventSettings, Settings
from tests.clients import until

pytestmark = pytest.mark.servers


@pytest.fixture
def own(tree: Settings) -> EventSettings:
    """Topics that only this test uses, on the stack's broker."""
    mark = uuid4().hex[:8]
    names = ("recognitions", "knowledge", "tensions", "projects", "changes", "dead_letters")
    return tree.events.model_copy(update={f"{name}_topic": f"test.{mark}.{name}" for name in names})


@pytest.fixture
async def admin(own: EventSettings) -> AsyncIterator[AIOKafkaAdminClient]:
    client = AIOKafkaAdminClient(**connection(own))
    await client.start()
    yield client
    await client.close()


def event(content: str = "Mai found the leak") -> DomainEvent:
    said = RecognitionCreated(giver=PersonRef(id=uuid4()), receivers=[PersonRef(id=uuid4())], content=content)
    return DomainEvent(uuid4(), EventType.RECOGNITION_CREATED, uuid4(), now(), said)


async def ids_in(settings: EventSettings, topic: str) -> set[str]:
    return {dict(record.headers)["ce_id"].decode() async for record in read_topic(settings, topic)}


async def test_one_message_too_large_for_its_topic_takes_no_other_with_it(
    own: EventSettings, admin: AIOKafkaAdminClient
) -> None:
    small = {"max.message.bytes": "2000"}
    await admin.create_topics([NewTopic(own.recognitions_topic, 1, 1, topic_configs=small)])
    # Random text, since what is sent is compressed.
    large = event(" ".join(uuid4().hex for _ in range(250)))
    others = [event(f"text {number}") for number in range(20)]
    async with EventPublisher(own) as publisher:
        await publisher.publish(records=[], events=[others[0]])
        sent = [publisher.publish(records=[], events=[one]) for one in (*others[1:10], large, *others[10:])]
        outcomes = await asyncio.gather(*sent, return_exceptions=True)
        failed = [number for number, outcome in enumerate(outcomes) if outcome is not None]
        assert 9 in failed
        assert isinstance(outcomes[9], MessageNotAcceptedError)
        for number in failed:  # a batch is refused whole: its other messages go with the next try
            if number != 9:
                one = [*others[1:10], large, *others[10:]][number]
                await publisher.publish(records=[], events=[one])
    assert await ids_in(own, own.recognitions_topic) == {str(one.id) for one in others}


async def test_an_absent_topic_is_waited_for_and_named(own: EventSettings, admin: AIOKafkaAdminClient) -> None:
    hasty = own.model_copy(update={"request_timeout": 2.0})
    told = event()
    found = await troubles(own)
    assert found[own.recognitions_topic] == "it does not exist; `trm migrate` makes it"
    async with EventPublisher(hasty) as publisher:
        with pytest.raises(UnavailableError):  # anything else would end the run for good
            await publisher.publish(records=[], events=[told])
        await admin.create_topics([NewTopic(own.recognitions_topic, 1, 1)])

        async def sent() -> bool:
            with contextlib.suppress(UnavailableError):
                await publisher.publish(records=[], events=[told])
                return True
            return False

        await until(sent)
    assert await ids_in(own, own.recognitions_topic) == {str(told.id)}


async def test_topics_are_made_and_one_that_would_lose_facts_is_named(
    own: EventSettings, admin: AIOKafkaAdminClient
) -> None:
    await admin.create_topics([NewTopic(own.changes_topic, 1, 1, topic_configs={"cleanup.policy": "delete"})])
    with pytest.raises(TopicRefusedError, match=f"{own.changes_topic}: cleanup.policy is delete, not compact"):
        await create_topics(own)

    async def others_stand() -> bool:  # what was made takes a moment to show
        return list(await troubles(own)) == [own.changes_topic]

    await until(others_stand)
    said = await Outlets(own).check()
    assert "cleanup.policy is delete" in said["topics"]


async def test_a_topic_the_broker_refuses_is_named(own: EventSettings) -> None:
    with pytest.raises(TopicRefusedError, match=r"recognitions: .*[Rr]eplication factor"):
        await create_topics(own.model_copy(update={"replication": 3}))


@pytest.mark.parametrize("path", ["/apis/nowhere", "/health"])
async def test_a_registry_that_answers_404_is_waited_for(own: EventSettings, path: str) -> None:
    base = httpx.URL(own.registry_url)
    lost = own.model_copy(update={"registry_url": str(base.copy_with(path=path))})
    async with EventPublisher(lost) as publisher:
        with pytest.raises((SchemaNotAcceptedError, RegistryAwayError)) as failed:
            await publisher.publish(records=[], events=[event()])
        assert failed.value.transient
    said = await Outlets(lost, SchemaRegistry(lost)).check()
    assert said["schemas"] != "ok"


async def test_a_schema_the_registry_holds_for_incompatible_is_waited_for(own: EventSettings) -> None:
    registry = SchemaRegistry(own)
    subject = f"{own.recognitions_topic}-RECOGNITION_CREATED"
    async with httpx.AsyncClient(base_url=own.registry_url) as web:
        headers = {"Content-Type": "application/vnd.schemaregistry.v1+json"}
        other = {
            "schema": '{"type": "object", "properties": {"novel": {"type": "string"}}, "required": ["novel"]}',
            "schemaType": "JSON",
        }
        assert (await web.post(f"/subjects/{subject}/versions", json=other, headers=headers)).is_success
        assert (await web.put(f"/config/{subject}", json={"compatibility": "BACKWARD"}, headers=headers)).is_success
        with pytest.raises(SchemaNotAcceptedError) as failed:
            await registry.id_of(subject)
        assert failed.value.transient
        assert subject in await registry.unregistered()
        assert (await web.put(f"/config/{subject}", json={"compatibility": "NONE"}, headers=headers)).is_success
        assert await registry.id_of(subject)
