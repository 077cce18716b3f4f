"""ChangeAgent: one change of one thing, from its acceptance until others know of it, and what follows from it."""

from uuid import UUID

from temporalio import workflow
from temporalio.exceptions import ActivityError, ApplicationError, FailureError

with workflow.unsafe.imports_passed_through():
    from activities.embedding import EmbeddingActivities
    from activities.graph import GraphActivities
    from activities.publishing import Publication
    from graph.outcomes import ThingWritten
    from ontology.base import OntologyModel
    from ontology.commands import Change
    from ontology.kinds import KINDS
    from ontology.lifecycles import ARCHIVED
    from workflows import policies
    from workflows.recording import index
    from workflows.telling import write_and_tell


class Changed(OntologyModel):
    """Result of the run; no revision when the thing was so already.

    Attributes
    ----------
    followed
        Further changes of the same cause that were made.
    """

    id: UUID
    revisions: int = 0
    followed: int = 0


@workflow.defn
class ChangeWorkflow:
    """A change that the transaction decides on; a refusal ends the run and frees its id."""

    @workflow.run
    async def run(self, command: Change) -> Changed:
        """Write the graph; then the record and the events, and the text; then whatever follows from the change."""
        written = await _carry_out(command)
        followed, waiting = 0, list(written.follows)
        while waiting:
            further = await _follow(waiting.pop(0))
            followed += bool(further and further.records)
            waiting += further.follows if further else []
        return Changed(id=command.id, revisions=written.revisions, followed=followed)


async def _carry_out(command: Change) -> ThingWritten:
    return await write_and_tell(
        command,
        lambda: policies.short_step(GraphActivities.change_thing, command),
        lambda written: _publication(command, written),
        _text,
    )


async def _follow(command: Change) -> ThingWritten | None:
    """A further change; one that a rule stands against does not follow, and undoes nothing."""
    try:
        return await _carry_out(command)
    except FailureError as error:
        cause = error.cause if isinstance(error, ActivityError) else error
        if not isinstance(cause, ApplicationError) or not cause.non_retryable:
            raise
        workflow.logger.warning("a change does not follow", extra={"thing": str(command.id), "cause": str(cause)})
        return None


def _publication(command: Change, written: ThingWritten) -> Publication:
    """The record, and the text in its new version where that was changed."""
    kind = KINDS.get(command.label)
    if written.view is None or kind is None or kind.retells is None or not _is_said(written):
        return Publication(records=written.records)
    return Publication(records=written.records, events=kind.retells(written.view, command.origin.event_id))


async def _text(written: ThingWritten) -> None:
    """Keep the search as the thing is: its text anew, or out of it."""
    view = written.view
    kind = KINDS.get(view.label) if view else None
    if view is None or kind is None or kind.document is None:
        return
    if view.properties.get("status") != ARCHIVED:
        await index(kind.document(view))
        return
    await workflow.execute_activity_method(
        EmbeddingActivities.withdraw,
        view.id,
        start_to_close_timeout=policies.SHORT_STEP,
        retry_policy=policies.UNTIL_DONE,
    )


def _is_said(written: ThingWritten) -> bool:
    """Whether the thing stands, and the change was one of what it says."""
    changed = {name for record in written.records for node in record.nodes for name in node.properties}
    return bool(written.view and written.view.properties.get("status") != ARCHIVED and "content" in changed)
