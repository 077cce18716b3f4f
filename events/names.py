"""Topics and subjects of a deployment, and how its clients reach Kafka."""

from typing import Any

from ontology.events import PublishedEvent, TopicName
from runtime.settings import EventSettings


def topic_of(settings: EventSettings, name: TopicName) -> str:
    """Deployed name of a declared topic."""
    return {
        "recognitions": settings.recognitions_topic,
        "knowledge": settings.knowledge_topic,
        "tensions": settings.tensions_topic,
        "projects": settings.projects_topic,
    }[name]


def subject_of(settings: EventSettings, event: PublishedEvent) -> str:
    """Registry subject of an event type: topic and type, so that a topic may carry several."""
    return f"{topic_of(settings, event.topic)}-{event.type}"


def changes_subject(settings: EventSettings) -> str:
    """Registry subject of the change records."""
    return f"{settings.changes_topic}-ChangeRecord"


def connection(settings: EventSettings) -> dict[str, Any]:
    """Arguments every aiokafka client takes."""
    security: dict[str, Any] = {"security_protocol": settings.security_protocol}
    if settings.security_protocol == "SASL_SSL":
        password = settings.sasl_password.get_secret_value() if settings.sasl_password else ""
        security |= {
            "sasl_mechanism": "SCRAM-SHA-512",
            "sasl_plain_username": settings.sasl_user,
            "sasl_plain_password": password,
        }
    return {"bootstrap_servers": settings.bootstrap_servers.split(","), **security}
