"""RecognitionAgent: writes a recognition to the graph, then tells others and makes it searchable, side by side."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.graph import GraphActivities
    from graph.outcomes import RecognitionWritten
    from ontology.commands import RecordRecognition
    from ontology.references import PersonRef
    from ontology.views import NodeView, Target
    from workflows.recording import Recorded, record
    from workflows.wakes import wake_scores


@workflow.defn
class RecognitionWorkflow:
    """One recognition, from its acceptance until it stands in every store."""

    @workflow.run
    async def run(self, command: RecordRecognition) -> Recorded:
        """Write the graph; then the record and the events, and the embedding."""
        return await record(command, GraphActivities.record_recognition, lambda written: _seen(command, written), _wake)


async def _wake(written: RecognitionWritten) -> None:
    """What the recognition is for may be worth more now."""
    if workflow.patched("scores-woken"):
        await wake_scores(written)


def _seen(command: RecordRecognition, written: RecognitionWritten) -> RecognitionWritten:
    """What a run begun by an earlier version was answered, as this one has it."""
    if written.view or not written.giver:
        return written
    said = command.recognition.model_copy(update={"occurred_at": command.origin.occurred_at})
    targets = [_target("RECOGNIZED_BY", written.giver), *(_target("RECEIVED_BY", one) for one in written.receivers)]
    if written.project_id and said.project:
        project = Target(
            relation="RECOGNIZES_CONTRIBUTION_TO", label="Project", id=written.project_id, name=said.project.name
        )
        targets.append(project)
    view = NodeView(
        label="Recognition",
        id=written.id or command.id,
        properties=said.model_dump(mode="json", exclude={"giver", "receivers", "project", "task_id", "tension_id"}),
        targets=targets,
    )
    return written.model_copy(update={"view": view})


def _target(relation: str, person: PersonRef) -> Target:
    return Target(relation=relation, label="Person", id=person.id, name=person.full_name)
