"""The topics: made once, and looked at whenever a process starts that sends to them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import KafkaError, TopicAlreadyExistsError, for_code

from events.errors import BrokerAwayError, TopicRefusedError
from events.names import connection
from runtime.settings import EventSettings

LARGEST_MESSAGE = 4 * 2**20
"""Bytes of a message; far above the gateway's body limit, for other systems' sake."""

_FOR_EVER = {"retention.ms": "-1"}
_COMPACTED = {"cleanup.policy": "compact"}  # a record is written once; an erasure takes its key


@dataclass(frozen=True)
class Topic:
    """A topic as we need it.

    Parameters
    ----------
    name
        Its deployed name.
    largest
        Bytes a message may have.
    required
        Settings it must have; another value loses what is sent.
    made_with
        Further settings it is made with, which a deployment may change.
    """

    name: str
    largest: int = LARGEST_MESSAGE
    required: Mapping[str, str] = field(default_factory=dict)
    made_with: Mapping[str, str] = field(default_factory=dict)


def topics(settings: EventSettings) -> list[Topic]:
    """Every topic of the deployment."""
    return [
        Topic(settings.recognitions_topic),
        Topic(settings.knowledge_topic),
        Topic(settings.tensions_topic),
        Topic(settings.projects_topic),
        Topic(settings.changes_topic, required=_COMPACTED, made_with={"min.cleanable.dirty.ratio": "0.1"}),
        # A letter adds headers to its message.
        Topic(settings.dead_letters_topic, largest=LARGEST_MESSAGE + 2**20, required=_FOR_EVER),
    ]


async def create_topics(settings: EventSettings) -> list[str]:
    """Create the topics that do not exist; returns their names.

    Raises
    ------
    TopicRefusedError
        The broker refuses one, or one that exists would lose what is sent to it; the message says why.
    BrokerAwayError
        Kafka is away.
    """
    in_sync = {"min.insync.replicas": str(max(1, settings.replication - 1))}
    async with _Admin(settings) as admin:
        present = set(await admin.client.list_topics())
        missing = [topic for topic in topics(settings) if topic.name not in present]
        for topic in missing:
            configs = {**in_sync, "max.message.bytes": str(topic.largest), **topic.required, **topic.made_with}
            await admin.create(NewTopic(topic.name, settings.partitions, settings.replication, topic_configs=configs))
        wrong = await admin.unfit(sorted(present & {topic.name for topic in topics(settings)}))
    if wrong:
        raise TopicRefusedError("; ".join(f"topic {name}: {trouble}" for name, trouble in wrong.items()))
    return [topic.name for topic in missing]


async def troubles(settings: EventSettings) -> dict[str, str]:
    """Topic → what is wrong with it, for those that are absent or would lose what is sent to them.

    Raises
    ------
    BrokerAwayError
        Kafka is away.
    """
    async with _Admin(settings) as admin:
        return await admin.troubles()


async def retention(settings: EventSettings, topic: str) -> timedelta | None:
    """For how long a topic keeps what is sent to it; None for ever.

    Raises
    ------
    BrokerAwayError
        Kafka is away.
    """
    async with _Admin(settings) as admin:
        configs = (await admin.configs([topic])).get(topic, {})
    kept = int(configs.get("retention.ms", "-1"))
    forever = kept < 0 or "delete" not in configs.get("cleanup.policy", "delete").split(",")
    return None if forever else timedelta(milliseconds=kept)


class _Admin:
    """A connection for administration that turns the library's errors into ours."""

    def __init__(self, settings: EventSettings) -> None:
        self._settings = settings
        self.client = AIOKafkaAdminClient(**connection(settings))

    async def __aenter__(self) -> "_Admin":
        try:
            await self.client.start()
        except (KafkaError, OSError) as error:
            await self.client.close()
            raise BrokerAwayError(f"Kafka: {error!r}") from error
        return self

    async def __aexit__(self, kind: object, error: BaseException | None, at: object) -> None:
        await self.client.close()
        if isinstance(error, KafkaError | OSError):
            raise BrokerAwayError(f"Kafka: {error!r}") from error

    async def create(self, topic: NewTopic) -> None:
        """Create a topic; the library reports what the broker refuses in its answer alone."""
        try:
            answer = await self.client.create_topics([topic])
        except TopicAlreadyExistsError:
            return
        for name, code, *detail in answer.topic_errors:
            error = for_code(code)
            if code and error is not TopicAlreadyExistsError:
                said = next((text for text in detail if text), error.__name__)
                raise TopicRefusedError(f"the broker refuses topic {name}: {said}")

    async def troubles(self) -> dict[str, str]:
        """Topic → what is wrong with it."""
        wanted = {topic.name for topic in topics(self._settings)}
        present = set(await self.client.list_topics()) & wanted
        absent = dict.fromkeys(sorted(wanted - present), "it does not exist; `trm migrate` makes it")
        return {**absent, **await self.unfit(sorted(present))}

    async def unfit(self, present: list[str]) -> dict[str, str]:
        """Topic → which of its settings would lose what is sent to it."""
        wanted = {topic.name: topic for topic in topics(self._settings)}
        found = {}
        for name, configs in (await self.configs(present)).items():
            topic = wanted[name]
            wrong = [
                f"{key} is {configs.get(key)}, not {value}"
                for key, value in topic.required.items()
                if configs.get(key) != value
            ]
            if int(configs.get("max.message.bytes", topic.largest)) < topic.largest:
                wrong.append(f"max.message.bytes is {configs['max.message.bytes']}, less than {topic.largest}")
            if wrong:
                found[name] = f"{', '.join(wrong)}: alter it"
        return found

    async def configs(self, names: list[str]) -> dict[str, dict[str, str]]:
        """Topic → its settings."""
        resources = [ConfigResource(ConfigResourceType.TOPIC, name) for name in names]
        answers = await self.client.describe_configs(resources) if resources else []
        return {
            resource[3]: {entry[0]: entry[1] or "" for entry in resource[4]}
            for answer in answers
            for resource in answer.resources
        }
