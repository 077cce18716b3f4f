"""Recording a thing: the graph first, then the record and the events and, side by side, its text."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar
from uuid import UUID

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.embedding import EmbeddingActivities
    from activities.graph import GraphActivities
    from activities.publishing import Publication
    from graph.outcomes import ThingWritten
    from ontology.base import OntologyModel
    from ontology.commands import Command, Record
    from ontology.documents import SnippetDocument
    from ontology.kinds import Kind, kind_recorded_by
    from workflows import policies
    from workflows.telling import write_and_tell

C = TypeVar("C", bound=Command)
W = TypeVar("W", bound=ThingWritten)


class Recorded(OntologyModel):
    """Result of the run."""

    id: UUID
    revisions: int = 0


async def record(
    command: C,
    step: Callable[[Any, C], Awaitable[W]],
    seen: Callable[[W], W] = lambda w: w,
    beside: Callable[[W], Awaitable[None]] | None = None,
) -> Recorded:
    """Carry a thing's command out.

    Parameters
    ----------
    command
        What is said of it.
    step
        The activity that writes it to the graph.
    seen
        Adds the view to what a run of an earlier version answered.
    beside
        What else follows from the write.
    """
    kind = kind_recorded_by(command)
    assert kind is not None, f"nothing records by {type(command).__name__}"

    async def further(written: W) -> None:
        steps = [beside(written)] if beside else []
        if kind.document:
            steps.append(index(_document(kind, seen(written))))
        await asyncio.gather(*steps)

    written = await write_and_tell(
        command,
        lambda: policies.short_step(step, command),
        lambda written: _publication(kind, command, seen(written)),
        further if kind.document or beside else None,
    )
    return Recorded(id=command.id, revisions=written.revisions)


async def index(document: SnippetDocument) -> None:
    """Make a text searchable."""
    await workflow.execute_activity_method(
        EmbeddingActivities.index,
        document,
        start_to_close_timeout=policies.EMBEDDING,
        heartbeat_timeout=policies.HEARTBEAT,
        retry_policy=policies.PROVIDER,
    )


def _publication(kind: Kind, command: Command, written: ThingWritten) -> Publication:
    """The records, and the events; one that changed nothing has none."""
    origin = command.origin
    told = kind.tells(written.view, origin.event_id, origin.foreign) if kind.tells and written.view else []
    return Publication(records=written.records, events=told if written.records else [])


def _document(kind: Kind, written: ThingWritten) -> SnippetDocument:
    assert kind.document is not None
    assert written.view is not None
    return kind.document(written.view)


@workflow.defn
class RecordWorkflow:
    """A thing of a kind that has no agent of its own."""

    @workflow.run
    async def run(self, command: Record) -> Recorded:
        """Write the graph; then the record and the events, and the embedding."""
        return await record(command, GraphActivities.record)
