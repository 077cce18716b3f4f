"""Which writes wake scores: of projects, their tensions, recognitions and people, and who cites what they gave."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.wins import Bearing, WinActivities
    from graph.outcomes import WriteOutcome
    from ontology.changes import NodeKey
    from workflows import policies

_BEARING = {
    "Project": {"status", "startAt", "endAt", "plannedStartAt", "plannedEndAt"},
    "Tension": {"status", "severity", "facts", "currentState", "desiredState"},
    "Recognition": {"status"},
    "Person": {"mergedInto"},
    "KnowledgeSnippet": {"status"},
    "WIN": {"publishedScore"},
}
"""Label → properties that a score rests on."""


_LEADING = ("CITES", "AFFECTS", "RESOLVES")
"""Relations that a score rests on: what they leave moves it."""


async def wake_scores(written: WriteOutcome) -> None:
    """Wake the scores on which what was written bears; what changed nothing wakes nobody."""
    for record in written.records:
        leading = {node for relation in _LEADING for node in record.sources(relation)}
        for node in record.nodes:
            if node.id in leading or {*node.properties, *node.removed} & _BEARING.get(node.label, set()):
                thing = NodeKey(label=node.label, id=node.id)
                await policies.short_step(WinActivities.wake_scores, Bearing(thing=thing, event=record.event_id))
