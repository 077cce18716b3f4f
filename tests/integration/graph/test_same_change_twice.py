"""Tries of one change that overlap: one writes it, and the others, having waited for it, say the same."""

import asyncio
from collections import Counter
from datetime import timedelta
from uuid import UUID, uuid4

import httpx
import pytest

from graph.changes import change_thing
from graph.database import GraphDatabase
from graph.ledger import Run
from ontology.commands import Change, Origin
from ontology.events import EventType
from runtime.authorities import Authorities
from runtime.clock import now
from runtime.settings import Settings
from tests.equality import swept
from tests.tensions import report

pytestmark = pytest.mark.servers


async def test_a_try_that_waited_for_its_own_earlier_one_is_not_refused(
    alice: httpx.AsyncClient, tree: Settings
) -> None:
    made = await report(alice)
    rev = (await alice.get(made.headers["Location"])).json()["rev"]
    origin = Origin(
        event_id=uuid4(),
        event_type=EventType.TENSION_CHANGED,
        source="urn:test",
        occurred_at=now(),
        sent_at=now(),
        request_hash="0" * 64,
    )
    values = {"facts": "It howls"}
    command = Change(id=UUID(made.json()["id"]), label="Tension", origin=origin, revisions=[rev], values=values)
    async with GraphDatabase(tree.graph) as graph:
        tries = [change_thing(graph, command, Run("test", "run"), timedelta(), Authorities({})) for _ in range(8)]
        outcomes = Counter(one.outcome for one in await asyncio.gather(*tries))
        await swept(tree, graph)
    assert outcomes["created"] == 1
    assert outcomes.total() == 8
