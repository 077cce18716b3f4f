"""Who may decide what: by the authority of a handle."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from graph.changes import change_thing
from graph.database import GraphDatabase
from graph.decisions import count_asked
from graph.errors import NotAskedError
from graph.ledger import Run
from graph.people_reads import authorities_behind, viewer_behind
from graph.standing import Standing
from ontology.commands import Change, Origin
from ontology.decisions import taking
from ontology.events import EventType
from ontology.references import Caller
from runtime.authorities import Authorities
from runtime.clock import now
from runtime.settings import Settings
from tests.integration.api.test_approvals import proposed
from tests.people import write

pytestmark = pytest.mark.servers


def taken(decision: dict[str, Any], email: str) -> Change:
    """The change by which somebody rejects a decision, whose token says no more than their address."""
    moment = now()
    origin = Origin(
        event_id=uuid4(),
        event_type=EventType.DECISION_TAKEN,
        source="urn:test",
        occurred_at=moment,
        sent_at=moment,
        request_hash="0" * 64,
        caller=Caller(issuer="urn:test", subject=email, email=email),
    )
    return taking(UUID(decision["id"]), origin, {"status": "Rejected", "decidedAs": "Asked"}, [])


async def test_who_has_a_handle_has_its_authority(
    alice: httpx.AsyncClient, machine: httpx.AsyncClient, tree: Settings
) -> None:
    decision, email, handle = await proposed(alice, machine), f"{uuid4().hex}@trm.test", f"h{uuid4().hex[:8]}"
    await write(machine, "/v1/people", fullName="Phan Thị Hà", email=email, handle=handle)
    holders = Authorities({"operator": [f"@{handle}"]})
    change = taken(decision, email)
    async with GraphDatabase(tree.graph) as graph:
        assert change.origin.caller
        viewer = await viewer_behind(graph, change.origin.caller)
        held = await authorities_behind(graph, viewer, holders, ["own"])
        assert held == ["operator", "own"]
        assert await authorities_behind(graph, viewer, Authorities({"operator": ["@nobody"]}), []) == []
        assert (await count_asked(graph, Standing(viewer)), await count_asked(graph, Standing(viewer, held)) > 0) == (
            0,
            True,
        )
        with pytest.raises(NotAskedError):
            await change_thing(graph, change, Run("test", "run"), timedelta(), Authorities({}))
        assert (await change_thing(graph, change, Run("test", "run"), timedelta(), holders)).outcome == "created"
