"""Change records that Kafka has, for tests that look at one of them."""

from auditing.equality import read_records
from graph.merge import MergedRecords
from ontology.changes import ChangeRecord
from runtime.settings import EventSettings


async def merged_records(events: EventSettings) -> MergedRecords:
    """Every record, as the audit reads them; to be closed."""
    merged = MergedRecords()
    await read_records(events, merged)
    return merged


async def change_records(events: EventSettings, *, whatever_helps: bool = False) -> dict[str, ChangeRecord]:
    """Every record by its event's id, as the audit reads them, or a rebuild."""
    with MergedRecords() as merged:
        await read_records(events, merged, whatever_helps=whatever_helps)
        return {event: record for event in merged.unmatched() if (record := merged.get(event))}
