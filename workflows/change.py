"""ChangeAgent: one change of one thing, from its acceptance until others know of it, and what follows from it."""

import asyncio
from uuid import UUID

from temporalio import workflow
from temporalio.exceptions import ApplicationError, FailureError

with workflow.unsafe.imports_passed_through():
    from activities.embedding import EmbeddingActivities
    from activities.graph import GraphActivities
    from activities.publishing import Publication
    from graph.outcomes import ThingWritten
    from ontology import ids
    from ontology.base import OntologyModel
    from ontology.commands import Change
    from ontology.events import OutgoingEvent
    from ontology.kinds import KINDS
    from ontology.kinds.tension import TENSION, WORDS
    from ontology.lifecycles import ARCHIVED
    from ontology.views import NodeView
    from workflows import policies
    from workflows.analysis import analyse
    from workflows.recording import index
    from workflows.telling import write_and_tell
    from workflows.wakes import wake_scores


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
        done, waiting = [written], list(written.follows)
        while waiting:
            further = await _follow(waiting.pop(0))
            if further:
                done.append(further)
                waiting += further.follows
        if workflow.patched("scores-woken"):
            for one in done:
                await wake_scores(one)
        followed = sum(bool(one.records) for one in done[1:])
        return Changed(id=command.id, revisions=written.revisions, followed=followed)


async def _carry_out(command: Change) -> ThingWritten:
    return await write_and_tell(
        command,
        lambda: policies.short_step(GraphActivities.change_thing, command),
        lambda written: _publication(command, written),
        _beside,
    )


async def _beside(written: ThingWritten) -> None:
    """The texts; and what the machine thinks of a tension that says something else now."""
    says = written.view is not None and written.view.label == TENSION.label and _changed(written) & {*WORDS}
    if written.view is not None and says and workflow.patched("tension-analysed"):
        await asyncio.gather(_texts(written), analyse(written.view.id))
    else:
        await _texts(written)


async def _follow(command: Change) -> ThingWritten | None:
    """A further change; one that a rule stands against does not follow, and undoes nothing."""
    try:  # what it follows from stands: a cancellation comes too late
        return await policies.in_spite_of_cancellation(asyncio.ensure_future(_carry_out(command)))
    except FailureError as error:
        cause = policies.cause_of(error)
        if not isinstance(cause, ApplicationError) or not cause.non_retryable:
            raise
        workflow.logger.warning("a change does not follow", extra={"thing": str(command.id), "cause": str(cause)})
        return None


def _publication(command: Change, written: ThingWritten) -> Publication:
    """The record, the text in its new version where that was changed, and the texts that the change made."""
    kind = KINDS.get(command.label)
    events = [event for view in written.made for event in _tells(view)]
    if written.view is not None and kind is not None and not command.origin.foreign:
        changes = (node for record in written.records for node in record.nodes if node.id == written.view.id)
        events += [event for one in changes for event in kind.tells_change(written.view, one, command.origin.event_id)]
    if written.view is not None and kind is not None and kind.retells is not None and _is_said(written):
        events += kind.retells(written.view, command.origin.event_id)
    return Publication(records=written.records, events=events)


def _tells(view: NodeView) -> list[OutgoingEvent]:
    kind = KINDS[view.label]
    return kind.tells(view, ids.step_event(f"{kind.name}/{view.id}", "knowledge"), False) if kind.tells else []


async def _texts(written: ThingWritten) -> None:
    """Keep the search as the thing is, and as what was made with it is."""
    for view in written.made:
        await _text(view)
    if written.view is not None:
        await _text(written.view)


async def _text(view: NodeView) -> None:
    """The text of a thing anew, or out of the search."""
    kind = KINDS.get(view.label)
    if kind is None or kind.document is None:
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
    stands = written.view is not None and written.view.properties.get("status") != ARCHIVED
    return stands and "content" in _changed(written)


def _changed(written: ThingWritten) -> set[str]:
    """Properties that a change changed."""
    return {name for record in written.records for node in record.nodes for name in node.properties}
