"""Who may decide what: by the authority of a handle, and in the place of who has one still."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from graph.changes import change_thing
from graph.database import GraphDatabase
from graph.decisions import DecisionFilters, count_asked, list_decisions
from graph.errors import DecidedError, NotAskedError, ThingUnknownError
from graph.ledger import Run
from graph.people_reads import authorities_behind, authorities_of, viewer_behind
from graph.standing import Standing, standing_behind
from ontology.commands import Change
from runtime.authorities import Authorities
from runtime.clock import now, rfc3339
from runtime.settings import Settings
from tests.integration.api.test_approvals import proposed, taken
from tests.integration.api.test_tension_proposals import asked
from tests.people import sent, write
from tests.tensions import patch, report

pytestmark = pytest.mark.servers

HOUR = timedelta(hours=1)


def rejected(decision: dict[str, Any], email: str) -> Change:
    """The change by which somebody rejects a decision, whose token says no more than their address."""
    return taken(decision, email, [], status="Rejected")


async def test_who_has_a_handle_has_its_authority(
    alice: httpx.AsyncClient, machine: httpx.AsyncClient, tree: Settings
) -> None:
    decision, email, handle = await proposed(alice, machine), f"{uuid4().hex}@trm.test", f"h{uuid4().hex[:8]}"
    await write(machine, "/v1/people", fullName="Phan Thị Hà", email=email, handle=handle)
    holders = Authorities({"operator": [f"@{handle}"]})
    change = rejected(decision, email)
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


async def test_an_authority_that_was_handed_on_is_lost_with_its_givers(
    alice: httpx.AsyncClient,
    bob: httpx.AsyncClient,
    olga: httpx.AsyncClient,
    machine: httpx.AsyncClient,
    tree: Settings,
) -> None:
    body = {"delegate": {"email": "alice@trm.test"}, "authorities": ["operator"], "endAt": rfc3339(now() + HOUR)}
    given = (await olga.post("/v1/delegations", json=body, headers=sent())).raise_for_status().json()
    decision = await proposed(bob, machine)
    still, lost = Authorities({"operator": ["olga@trm.test"]}), Authorities({"operator": ["hà@trm.test"]})
    change, other = rejected(decision, "alice@trm.test"), rejected(decision, "mallory@trm.test")
    async with GraphDatabase(tree.graph) as graph:
        assert change.origin.caller
        viewer = await viewer_behind(graph, change.origin.caller)

        async def waits(members: Authorities) -> bool:
            standing = await standing_behind(graph, viewer, [], now(), members)
            return str(decision["id"]) in {
                row["decision"]["id"]
                for row in await list_decisions(graph, standing, DecisionFilters(mine=True), limit=100)
            }

        assert [await waits(still), await waits(lost)] == [True, False], "the inbox knows"
        for refused, members, named in ((change, lost, False), (other, lost, False), (other, still, True)):
            with pytest.raises(NotAskedError) as told:
                await change_thing(graph, refused, Run("test", "run"), timedelta(), members)
            assert (f"in the place of {given['delegator']['fullName']}" in str(told.value)) is named
        assert (await change_thing(graph, change, Run("test", "run"), timedelta(), still)).outcome == "created"
        with pytest.raises(DecidedError, match="decided by Alice"):
            await change_thing(graph, rejected(decision, "olga@trm.test"), Run("test", "run"), timedelta(), still)
    path = f"/v1/delegations/{given['id']}/transitions"
    await olga.post(path, json={"to": "Archived"}, headers=sent(**{"If-Match": "*"}))


async def test_an_authority_is_told_by_address_and_handle_as_they_are_now(
    machine: httpx.AsyncClient, tree: Settings
) -> None:
    email, handle = f"{uuid4().hex}@trm.test", f"h{uuid4().hex[:8]}"
    person = await write(machine, "/v1/people", fullName="Phan Thị Hà", email=email, handle=handle)
    members = Authorities({"operator": [f"@{handle}"], "founder": [email], "board": ["groups=board"]})
    async with GraphDatabase(tree.graph) as graph:
        assert await authorities_of(graph, [[], [person["id"]]], members) == [set(), {"operator", "founder"}]
        gone = await machine.patch(
            f"/v1/people/{person['id']}", json={"handle": f"{handle}x"}, headers=sent(**{"If-Match": "*"})
        )
        assert gone.status_code == 200, gone.text
        assert await authorities_of(graph, [[person["id"]]], members) == [{"founder"}]


async def test_who_may_not_see_it_is_told_nothing_by_the_transaction(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, olga: httpx.AsyncClient, tree: Settings
) -> None:
    made = await report(alice)
    await patch(alice, made, owner={"email": "bob@trm.test"})
    decision = await asked(olga, made, severity=4)
    await patch(alice, made, owner=None, visibility="parties")
    members = Authorities({"moderator": ["olga@trm.test"]})
    async with GraphDatabase(tree.graph) as graph:
        for who in ("bob", "olga"):
            change = rejected(decision, f"{who}@trm.test").model_copy(update={"authorities": ["moderator"]})
            with pytest.raises(ThingUnknownError, match="there is no Decision"):
                await change_thing(graph, change, Run("test", "run"), timedelta(), members)
