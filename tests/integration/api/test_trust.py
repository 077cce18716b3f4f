"""How far a detector's reports may be relied on: what was confirmed and refuted of them, told to whom it concerns."""

from uuid import uuid4

import httpx
import pytest

from tests.people import write
from tests.tensions import move, report

pytestmark = pytest.mark.servers


async def test_it_counts_what_was_accepted_and_rejected(machine: httpx.AsyncClient, olga: httpx.AsyncClient) -> None:
    tag = uuid4().hex[:8]
    agent = await write(machine, "/v1/people", fullName=f"Sensor {tag}", handle=f"sensor-{tag}", kind="agent")
    path = f"/v1/people/{agent['id']}/trust"
    assert (await machine.get(path)).json() == {"confirmed": 0, "falseAlarms": 0, "trust": 0.5}
    for ends in (("UnderReview", "Accepted"), ("UnderReview", "Accepted", "Resolved"), ("Rejected",), ()):
        made = await report(machine, detector={"id": agent["id"]})
        for to in ends:
            assert (await move(olga, made, to)).status_code == 200
    assert (await machine.get(path)).json() == {"confirmed": 2, "falseAlarms": 1, "trust": 0.6}


async def test_of_a_human_only_they_and_moderators_know(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, olga: httpx.AsyncClient
) -> None:
    own = (await report(alice)).json()["detector"]["id"]
    path = f"/v1/people/{own}/trust"
    assert (await alice.get(path)).status_code == 200
    assert (await olga.get(path)).status_code == 200
    refused = await bob.get(path)
    assert (refused.status_code, refused.json()["code"]) == (403, "authorityNeeded")
    assert (await bob.get(f"/v1/people/{uuid4()}/trust")).status_code == 404
