"""Where a write of the machine's own comes from: from nobody's request, at once."""

from datetime import datetime
from uuid import UUID

from ontology.base import OntologyModel
from ontology.commands import Origin, Record
from ontology.kinds import Kind
from runtime.hashing import request_hash


def own_origin(
    event: UUID, event_type: str, source: str, said: OntologyModel, moment: datetime, reason: str | None = None
) -> Origin:
    """The origin of what an agent does by itself.

    Parameters
    ----------
    event, event_type
        The event that it becomes; its id derives from what it is about, so that it happens once.
    source
        Names us.
    said
        What is done, which a repetition is told by.
    moment
        When it happens.
    reason
        Why, for whoever reads the history.
    """
    return Origin(
        event_id=event,
        event_type=event_type,
        source=source,
        occurred_at=moment,
        sent_at=moment,
        request_hash=request_hash(said),
        reason=reason,
    )


def own_record(kind: Kind, thing: UUID, source: str, said: OntologyModel, moment: datetime) -> Record:
    """The command by which an agent records a thing of its own accord; given again, it records it once."""
    command = kind.command_of(thing, own_origin(kind.record_event(thing), kind.recorded, source, said, moment), said)
    assert isinstance(command, Record)
    return command
