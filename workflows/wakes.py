"""Which writes wake scores: of projects that end, of their tensions, recognitions, and who cites what they gave."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.wins import Bearing, WinActivities
    from graph.outcomes import ThingWritten
    from ontology.changes import NodeKey
    from workflows import policies

_BEARING = {
    "Project": {"status", "startAt", "endAt", "plannedStartAt", "plannedEndAt"},
    "Tension": {"status", "severity", "facts", "currentState", "desiredState"},
    "Recognition": {"status"},
}
"""Label → properties that a score rests on."""


async def wake_scores(written: ThingWritten) -> None:
    """Wake the scores on which what was written bears; what changed nothing wakes nobody."""
    for record in written.records:
        citing = record.sources("CITES")
        for node in record.nodes:
            if node.id in citing or node.properties.keys() & _BEARING.get(node.label, set()):
                thing = NodeKey(label=node.label, id=node.id)
                await policies.short_step(WinActivities.wake_scores, Bearing(thing=thing, event=record.event_id))
