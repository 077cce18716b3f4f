"""Ids of a staff list under which somebody stood who was merged since: their rows say nothing of the survivor.

An id may also lead to a person because it was theirs from the beginning, or a mention of them: its row is about them.
"""

from collections.abc import Sequence
from uuid import UUID

from graph.database import Row, Transaction
from graph.people_merges import MergeRefusedError
from ontology.events import EventType

_LEADS = """
MATCH (p:Person)-[h:HAS_STATE]->(s:State)
WHERE p.id IN $ids AND (s.mergedInto IS NOT NULL OR 'mergedInto' IN s.removed)
MATCH (e:Event {id: h.eventId})
RETURN p.id AS id, s.rev AS rev, s.mergedInto AS into, e.type AS type ORDER BY p.id, s.rev
"""


def led_by_merge(revisions: Sequence[Row]) -> list[Row]:
    """The leads of an id that hold, the oldest first, from the merge on that took it to somebody else; else none.

    Parameters
    ----------
    revisions
        Those that led it to somebody (``into``) or to nobody any more, the oldest first, with the ``type`` of their
        event. Undoing a merge leads whoever came by it back to where they led before.
    """
    held: list[Row] = []
    for row in revisions:
        if row["into"] is None:
            held = []
        elif row["type"] == EventType.PERSON_UNMERGED:
            held = held[:-1] or [row]
        else:
            held = [*held, row]
    merges = [place for place, row in enumerate(held) if row["type"] == EventType.PERSON_MERGED]
    return held[max(merges[0] - 1, 0) :] if merges else []


async def merged_rows(transaction: Transaction, ids: Sequence[str]) -> dict[str, MergeRefusedError]:
    """Why the rows of ids that lead to somebody are refused; an id whose row is about that person is not among them."""
    leads: dict[str, list[Row]] = {}
    for row in await transaction.rows(_LEADS, ids=ids) if ids else []:
        leads.setdefault(row["id"], []).append(row)
    return {one: _refusal(UUID(one), held) for one, rows in leads.items() if (held := led_by_merge(rows))}


def _refusal(own: UUID, held: Sequence[Row]) -> MergeRefusedError:
    first = held[0]
    merged = own if first["type"] == EventType.PERSON_MERGED else first["into"]
    undo = "undo the merge" if merged == own and first["rev"] == 1 else f"undo the merge: trm person unmerge {merged}"
    said = f"{own} leads to {held[-1]['into']} since a merge; a row under it does not change who stayed"
    return MergeRefusedError(f"{said}; take it out of the list, or {undo}")
