"""Which runs an id was accepted under, whatever it is the id of."""

import asyncio
from datetime import timedelta
from uuid import UUID

from temporalio.client import Client

from ontology.kinds import KINDS, Kind
from workflows.outcomes import CALL_ERRORS, meaning_of
from workflows.search_attributes import ENTITY_ID
from workflows.starts import Accepted, look_up

_OTHERS = {
    "identity": ("IdentityLinkWorkflow", "Identity"),
    "personMerge": ("PersonMergeWorkflow", "Person"),
    "personUnmerge": ("PersonUnmergeWorkflow", "Person"),
    "import": ("ImportBatchWorkflow", "Import"),
}
"""First part of a workflow id that records nothing → the agent that runs under it, and the label it is about."""

_MOST = 10


def agent_of(workflow_id: str) -> str | None:
    """Name of the agent that runs under a workflow id."""
    if kind := _kind(workflow_id):
        return kind.agent if kind.records(workflow_id) else "ChangeWorkflow"
    return _OTHERS.get(workflow_id.partition("/")[0], (None, None))[0]


def label_written_by(workflow_id: str) -> str | None:
    """Label of the entity that the run under a workflow id is about."""
    kind = _kind(workflow_id)
    return kind.label if kind else _OTHERS.get(workflow_id.partition("/")[0], (None, None))[1]


async def accepted_writes(client: Client, entity_id: UUID, *, timeout: float) -> list[Accepted]:
    """What Temporal knows of the writes of an id, the newest first.

    Runs that a request starts have ids that follow from the entity's, and are known at once; the others, which other
    systems' events start, are found by search attribute, a moment after their start.

    Raises
    ------
    TemporalAwayError
        The server did not answer.
    """
    derived = {kind.run_id(entity_id, kind.record_event(entity_id)) for kind in KINDS.values()}
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


def _kind(workflow_id: str) -> Kind | None:
    name = workflow_id.partition("/")[0]
    return next((kind for kind in KINDS.values() if kind.name == name), None)
