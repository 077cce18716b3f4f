"""People: recorded, bound to a token's subject, or merged with the one they turned out to be."""

from collections.abc import Awaitable, Callable
from uuid import UUID

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.graph import GraphActivities
    from activities.publishing import Publication
    from graph.outcomes import WriteOutcome
    from ontology.base import OntologyModel
    from ontology.commands import Command, LinkIdentity, MergePeople, RecordPerson, UnmergePeople
    from workflows import policies
    from workflows.telling import write_and_tell
    from workflows.wakes import wake_scores


class PersonRecorded(OntologyModel):
    """Result of the run."""

    id: UUID
    revisions: int = 0


@workflow.defn
class PersonWorkflow:
    """One person, from acceptance until their record is sent."""

    @workflow.run
    async def run(self, command: RecordPerson) -> PersonRecorded:
        """Write the graph, then send the record."""
        return await _written(command, lambda: policies.short_step(GraphActivities.record_person, command))


@workflow.defn
class IdentityLinkWorkflow:
    """Binds a token's subject to a person."""

    @workflow.run
    async def run(self, command: LinkIdentity) -> PersonRecorded:
        """Write the graph, then send the record."""
        return await _written(command, lambda: policies.short_step(GraphActivities.link_identity, command))


@workflow.defn
class PersonMergeWorkflow:
    """Leads one person's id to another's."""

    @workflow.run
    async def run(self, command: MergePeople) -> PersonRecorded:
        """Write the graph, then send the record; what they thanked each other for may count otherwise now."""
        return await _one_or_two(command, lambda: policies.short_step(GraphActivities.merge_people, command))


@workflow.defn
class PersonUnmergeWorkflow:
    """Lets a person who led to another stand alone again."""

    @workflow.run
    async def run(self, command: UnmergePeople) -> PersonRecorded:
        """Write the graph, then send the record; what they thanked each other for may count otherwise now."""
        return await _one_or_two(command, lambda: policies.short_step(GraphActivities.unmerge_people, command))


async def _one_or_two(command: Command, write: Callable[[], Awaitable[WriteOutcome]]) -> PersonRecorded:
    written = await _told(command, write)
    if workflow.patched("scores-woken"):
        await wake_scores(written)
    return PersonRecorded(id=command.id, revisions=written.revisions)


async def _written(command: Command, write: Callable[[], Awaitable[WriteOutcome]]) -> PersonRecorded:
    return PersonRecorded(id=command.id, revisions=(await _told(command, write)).revisions)


async def _told(command: Command, write: Callable[[], Awaitable[WriteOutcome]]) -> WriteOutcome:
    return await write_and_tell(command, write, lambda written: Publication(records=written.records))
