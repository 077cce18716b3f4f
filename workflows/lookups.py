"""Which runs an id was accepted under, whatever it is the id of."""

import asyncio
from datetime import timedelta
from uuid import UUID

from temporalio.client import Client

from ontology import ids
from workflows.outcomes import CALL_ERRORS, meaning_of
from workflows.search_attributes import ENTITY_ID
from workflows.starts import Accepted, look_up

_AGENTS = {
    "recognition": ("RecognitionWorkflow", "Recognition"),
    "person": ("PersonWorkflow", "Person"),
    "identity": ("IdentityLinkWorkflow", "Identity"),
    "personMerge": ("PersonMergeWorkflow", "Person"),
    "personUnmerge": ("PersonUnmergeWorkflow", "Person"),
    "knowledgeSnippet": ("KnowledgeEmbeddingWorkflow", "KnowledgeSnippet"),
    "import": ("ImportBatchWorkflow", "Import"),
}
"""First part of a workflow id → the agent that runs under it, and the label of what it writes."""

_CHANGED = frozenset({"person"})
"""First part of the workflow ids of things that are changed by runs of their own, under their id and the event's."""

_MOST = 10


def agent_of(workflow_id: str) -> str | None:
    """Name of the agent that runs under a workflow id."""
    if workflow_id.count("/") == 2 and _kind(workflow_id) in _CHANGED:
        return "ChangeWorkflow"
    return _AGENTS.get(_kind(workflow_id), (None, None))[0]


def label_written_by(workflow_id: str) -> str | None:
    """Label of the entity that the run under a workflow id is about."""
    return _AGENTS.get(_kind(workflow_id), (None, None))[1]


async def accepted_writes(client: Client, entity_id: UUID, *, timeout: float) -> list[Accepted]:
    """What Temporal knows of the writes of an id, the newest first.

    Runs that a request starts have ids that follow from the entity's, and are known at once; the others, which other
    systems' events start, are found by search attribute, a moment after their start.

    Raises
    ------
    TemporalAwayError
        The server did not answer.
    """
    snippet_event = ids.record_event("knowledgeSnippet", str(entity_id))
    derived = {
        f"recognition/{entity_id}",
        f"person/{entity_id}",
        f"knowledgeSnippet/{entity_id}/{snippet_event}",
    }
    wanted = derived | await _by_attribute(client, entity_id, timeout)
    found = await asyncio.gather(*(look_up(client, workflow_id, timeout=timeout) for workflow_id in sorted(wanted)))
    return sorted((run for run in found if run), key=lambda run: run.accepted_at, reverse=True)


async def _by_attribute(client: Client, entity_id: UUID, timeout: float) -> set[str]:
    query = f"{ENTITY_ID.name} = '{entity_id}'"
    limit = timedelta(seconds=timeout)
    try:
        async with asyncio.timeout(2 * timeout):
            return {
                run.id async for run in client.list_workflows(query, page_size=_MOST, limit=_MOST, rpc_timeout=limit)
            }
    except CALL_ERRORS as error:
        raise meaning_of(error) or error from error


def _kind(workflow_id: str) -> str:
    return workflow_id.partition("/")[0]
