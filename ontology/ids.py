"""The one id maker: every id that can be derived is a UUIDv5 (RFC 9562), so that a repeated write finds itself."""

from collections.abc import Sequence
from uuid import UUID, uuid5

_ROOT = UUID("6f1f5c52-6b0b-5f4e-9d0a-2f0f0b7a4c11")


def derive(kind: str, *parts: str) -> UUID:
    """Id of ``kind`` made from ``parts``; parts are length-prefixed, so no two lists give one name."""
    return uuid5(_ROOT, "|".join((kind, *(f"{len(part)}:{part}" for part in parts))))


def request_entity(issuer: str, subject: str, route: str, key: str) -> UUID:
    """Id of what a creating request makes, from its caller, route and ``Idempotency-Key``."""
    return derive("request", issuer, subject, route, key)


def foreign_entity(label: str, source: str, subject: str) -> UUID:
    """Id of a thing of a kind that another system's event is about: CloudEvents ``source`` and ``subject``."""
    return derive("foreignThing", label, source, subject)


def foreign_event(event_type: str, source: str, event_id: str) -> UUID:
    """Id of another system's event: CloudEvents ``type``, ``source`` and ``id``."""
    return derive("foreignEvent", event_type, source, event_id)


def former_entity(source: str, subject: str) -> UUID:
    """The id that an earlier version gave, whatever the kind: a source that counts each kind from 1 met itself."""
    return derive("entity", source, subject)


def former_event(source: str, event_id: str) -> UUID:
    """The id that an earlier version gave to an event, whatever its type."""
    return derive("event", source, event_id)


def step_event(workflow_id: str, step: str) -> UUID:
    """Id of the event a step of a workflow writes."""
    return derive("step", workflow_id, step)


def record_event(kind: str, entity_id: str) -> UUID:
    """Id of the event by which a request or a row of a file records a thing; ``kind`` begins its workflow's id."""
    return step_event(f"{kind}/{entity_id}", "record")


def imported(kind: str, source: str, external_id: str) -> UUID:
    """Id of what a row of a file makes, from the id it has in its source."""
    return derive("import", kind, source, "id", external_id)


def imported_unnamed(kind: str, source: str, digest: str, occurrence: int) -> UUID:
    """Id of what a row without an id makes: from what it says, and which of the rows that say the same it is."""
    return derive("import", kind, source, "row", digest, str(occurrence))


def import_batch(kind: str, rows: Sequence[tuple[UUID, str]]) -> UUID:
    """Id of a batch, from the ids of its rows and the hashes of what they say."""
    return derive("importBatch", kind, *(f"{row}{digest}" for row, digest in rows))


def person_by_email(email: str) -> UUID:
    """Id of a person of whom only an e-mail is known."""
    return derive("person", "email", email)


def person_by_handle(handle: str) -> UUID:
    """Id of a person of whom only a handle is known."""
    return derive("person", "handle", handle)


def person_by_identity(issuer: str, subject: str) -> UUID:
    """Id of a person of whom only a token's subject is known."""
    return derive("person", "identity", issuer, subject)


def identity(issuer: str, subject: str) -> UUID:
    """Id of the Identity node of a token's issuer and subject."""
    return derive("identity", issuer, subject)


def project_by_name(name: str) -> UUID:
    """Id of a project of which only a name is known, as ``runtime.text.exact`` compares names.

    An earlier version derived it from the name without accents, so it stands beside those ids.
    """
    return derive("projectByName", name)


def relation(source_id: str, relation: str, target_id: str, event_id: str, number: int = 0) -> UUID:
    """Id of a relation an event made; ``number`` tells those apart that it made between the same two nodes."""
    return derive("relation", source_id, relation, target_id, event_id, str(number))


def system_tension(cause: str, number: int) -> UUID:
    """Id of the tension about something that is wrong with the system; of the n-th, where it went and came again."""
    return derive("systemTension", cause, str(number))


def win(project_id: str) -> UUID:
    """Id of what a project was worth."""
    return derive("win", project_id)


def state(node_id: str, event_id: str) -> UUID:
    """Id of the state an event gave to a node."""
    return derive("state", node_id, event_id)
