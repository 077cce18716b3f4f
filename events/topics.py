"""The topics, made once; ``trm.facts`` is compacted so that the newest state of every node stays readable."""

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import KafkaError, TopicAlreadyExistsError

from events.errors import BrokerAwayError
from events.names import connection
from runtime.settings import EventSettings

_COMPACTED = {"cleanup.policy": "compact", "min.cleanable.dirty.ratio": "0.1"}
_LARGEST = 4 * 2**20  # bytes of a message; far above the gateway's body limit, for other systems' sake
_KEPT = {"retention.ms": "-1", "max.message.bytes": str(_LARGEST + 2**20)}  # a letter adds headers to its message


async def create_topics(settings: EventSettings) -> list[str]:
    """Create the topics that do not exist; returns their names.

    Raises
    ------
    BrokerAwayError
        Kafka is away.
    """
    wanted = {
        settings.recognitions_topic: {},
        settings.knowledge_topic: {},
        settings.tensions_topic: {},
        settings.projects_topic: {},
        settings.facts_topic: _COMPACTED,
        settings.dead_letters_topic: _KEPT,
    }
    common = {"min.insync.replicas": str(max(1, settings.replication - 1)), "max.message.bytes": str(_LARGEST)}
    admin = AIOKafkaAdminClient(**connection(settings))
    try:
        await admin.start()
        present = set(await admin.list_topics())
        missing = [
            NewTopic(name, settings.partitions, settings.replication, topic_configs={**common, **extra})
            for name, extra in wanted.items()
            if name not in present
        ]
        if missing:
            await admin.create_topics(missing)
        return [topic.name for topic in missing]
    except TopicAlreadyExistsError:
        return []
    except (KafkaError, OSError) as error:
        raise BrokerAwayError(f"Kafka: {error!r}") from error
    finally:
        await admin.close()
