"""Things and events that an earlier version gave other ids: who names them again means those."""

from typing import TypeVar

from graph.database import Transaction
from ontology.commands import Command

C = TypeVar("C", bound=Command)

_STANDING = """
RETURN COLLECT { MATCH (n:$($label) {id: $id}) RETURN n.id } AS things,
  COLLECT { MATCH (e:Event {id: $event, type: $type}) RETURN e.id } AS events
"""


async def as_it_stands(transaction: Transaction, label: str, command: C) -> C:
    """The command under the ids by which its thing and event stand, if an earlier version wrote them."""
    origin, former = command.origin, command.origin.former
    if former is None:
        return command
    row = await transaction.row(
        _STANDING, label=label, id=str(former.id), event=str(former.event_id), type=origin.event_type
    )
    if row and row["events"]:
        command = command.model_copy(update={"origin": origin.model_copy(update={"event_id": former.event_id})})
    return command.model_copy(update={"id": former.id}) if row and row["things"] else command
