"""What nobody saw to: found once it stalled long enough, escalated once, and left alone after anybody did something."""

from datetime import timedelta
from uuid import UUID

import httpx
import pytest

from activities.overdue import escalation_of
from events.publisher import EventPublisher
from graph.changes import change_thing
from graph.database import GraphDatabase
from graph.errors import RevisionStaleError
from graph.ledger import Run
from graph.overdue import Stalled, stalled_tensions
from runtime.authorities import Authorities
from runtime.clock import now
from runtime.settings import Settings
from tests.people import sent
from tests.tensions import move, patch, report

pytestmark = pytest.mark.servers

CHAIN = ["moderator", "founder"]
HOUR = timedelta(hours=1)


async def stalled(graph: GraphDatabase, made: httpx.Response) -> Stalled | None:
    """A tension as a pass would find it that thinks a minute is long."""
    found = await stalled_tensions(graph, now() + timedelta(minutes=1), CHAIN[-1], 100_000)
    return next((one for one in found if one.id == UUID(made.json()["id"])), None)


async def escalate(graph: GraphDatabase, found: Stalled, tree: Settings) -> str:
    change = escalation_of(found, CHAIN, tree.events.source, now())
    async with EventPublisher(tree.events) as publisher:
        written = await change_thing(graph, change, Run("sweep", "run"), HOUR, Authorities({}))
        await publisher.publish(records=written.records, events=[])
    return written.outcome


async def test_each_silence_escalates_once_to_the_next_in_the_list(
    alice: httpx.AsyncClient, olga: httpx.AsyncClient, tree: Settings
) -> None:
    made = await report(alice)
    where = made.headers["Location"]
    waiting = (await olga.get("/v1/me")).json()["tensionsEscalated"]
    async with GraphDatabase(tree.graph) as graph:
        assert made.json()["id"] not in {
            str(one.id) for one in await stalled_tensions(graph, now() - HOUR, CHAIN[-1], 100_000)
        }
        first = await stalled(graph, made)
        assert first
        assert (await escalate(graph, first, tree), await escalate(graph, first, tree)) == ("created", "same")
        thing = (await alice.get(where)).json()
        assert (thing["escalatedTo"], thing["rev"]) == ("moderator", 3)
        newest, *_ = (await alice.get(f"{where}/history")).json()["items"]
        assert newest["madeBy"]["type"] == "TENSION_ESCALATED"
        assert "nobody changed it" in newest["madeBy"]["reason"]
        page = (await olga.get("/v1/tensions", params={"escalatedTo": "moderator", "limit": 100})).json()["items"]
        assert made.json()["id"] in [one["id"] for one in page]
        assert (await olga.get("/v1/me")).json()["tensionsEscalated"] == waiting + 1
        second = await stalled(graph, made)
        assert second
        assert second.escalated == "moderator"
        commented = await report(alice)
        waits = await stalled(graph, commented)
        assert waits
        await escalate(graph, waits, tree)
        said = await alice.post(f"{commented.headers['Location']}/comments", json={"text": "Soon"}, headers=sent())
        assert said.status_code == 201
        assert "escalatedTo" not in (await alice.get(commented.headers["Location"])).json(), "a comment is progress"
        page = (await olga.get("/v1/tensions", params={"escalatedTo": "moderator", "limit": 100})).json()["items"]
        assert commented.json()["id"] not in [one["id"] for one in page]
        assert (await olga.get("/v1/me")).json()["tensionsEscalated"] == waiting + 1
        anew = await stalled(graph, commented)
        assert anew
        assert anew.escalated is None, "a new silence begins with the first in the list"
        await escalate(graph, second, tree)
        assert (await alice.get(where)).json()["escalatedTo"] == "founder"
        assert await stalled(graph, made) is None, "there is nobody further"
        assert (await patch(olga, made, facts="I saw to it")).status_code == 200
        assert "escalatedTo" not in (await alice.get(where)).json()
        again = await stalled(graph, made)
        assert again
        assert again.escalated is None, "a new silence begins with the first in the list"
        with pytest.raises(RevisionStaleError):
            await escalate(graph, Stalled(second.id, second.rev + 5, second.since, None), tree)


async def test_what_is_private_on_hold_or_talked_about_does_not_stall(alice: httpx.AsyncClient, tree: Settings) -> None:
    private, held, talked = await report(alice, visibility="parties"), await report(alice), await report(alice)
    for state in ("UnderReview", "Accepted", "InProgress", "OnHold"):
        assert (await move(alice, held, state)).json()["status"] == state
    async with GraphDatabase(tree.graph) as graph:
        assert await stalled(graph, talked)
        before = now()
        said = await alice.post(f"{talked.headers['Location']}/comments", json={"text": "Soon"}, headers=sent())
        assert said.status_code == 201
        assert [await stalled(graph, one) for one in (private, held)] == [None, None]
        found = await stalled_tensions(graph, before, CHAIN[-1], 100_000)
        assert UUID(talked.json()["id"]) not in {one.id for one in found}
