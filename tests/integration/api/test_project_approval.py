"""A project is carried out once somebody else than its proposer has approved it."""

import asyncio
from typing import Any

import httpx
import pytest

from tests.clients import until
from tests.integration.api.test_approvals import decide
from tests.integration.api.test_projects import named, propose
from tests.people import sent, thank

pytestmark = pytest.mark.servers


async def approvals(web: httpx.AsyncClient, project: dict[str, Any], status: str = "Pending") -> list[dict[str, Any]]:
    """Decisions on a project, the newest first."""
    asked: dict[str, Any] = {"kind": "ProjectApproval", "status": status, "limit": 100}
    items = (await web.get("/v1/approvals", params=asked)).raise_for_status().json()["items"]
    return [one for one in items if one["subject"]["id"] == project["id"]]


async def asked(web: httpx.AsyncClient, project: dict[str, Any]) -> dict[str, Any]:
    """The decision that a project waits for, once it is asked."""

    async def there() -> bool:
        return bool(await approvals(web, project))

    await until(there)
    [decision] = await approvals(web, project)
    return decision


async def is_at(web: httpx.AsyncClient, project: dict[str, Any], status: str) -> dict[str, Any]:
    """The project once it has come to a state."""
    path = f"/v1/projects/{project['id']}"

    async def there() -> bool:
        return bool((await web.get(path)).json()["status"] == status)

    await until(there)
    return dict((await web.get(path)).json())


async def move(web: httpx.AsyncClient, project: dict[str, Any], to: str) -> httpx.Response:
    path = f"/v1/projects/{project['id']}/transitions"
    return await web.post(path, json={"to": to, "reason": "a test"}, headers=sent(**{"If-Match": "*"}))


async def put_away(web: httpx.AsyncClient, project: dict[str, Any]) -> None:
    """Archive a project that has completed, once it is scored."""

    async def rests() -> bool:
        moved = await move(web, project, "Archived")
        assert moved.status_code == 200 or moved.json()["code"] == "notScored", moved.text
        return moved.status_code == 200

    await until(rests)


async def test_the_proposer_cannot_approve_and_another_does(alice: httpx.AsyncClient, olga: httpx.AsyncClient) -> None:
    project = (await propose(alice, goal="Deliver on Saturdays")).json()
    decision = await asked(alice, project)
    assert (decision["authorities"], decision["proposedBy"]["id"]) == (["founder"], project["proposer"]["id"])
    assert decision["proposal"] == {"name": project["name"], "goal": "Deliver on Saturdays", "rev": 1}
    early = await move(alice, project, "Planning")
    assert (early.status_code, early.json()["code"], early.json()["errors"][0]["pointer"]) == (
        409,
        "notApproved",
        "/to",
    )
    refused = await decide(alice, decision)
    assert (refused.status_code, refused.json()["code"]) == (403, "notAsked")
    assert (await decide(olga, decision)).status_code == 200
    planned = await is_at(alice, project, "Planning")
    newest, first = (await alice.get(f"/v1/projects/{project['id']}/history")).json()["items"]
    assert (newest["madeBy"]["type"], first["madeBy"]["type"]) == ("PROJECT_APPROVED", "PROJECT_PROPOSED")
    assert newest["madeBy"]["cause"]
    unmanaged = await move(alice, planned, "Active")
    assert (unmanaged.status_code, unmanaged.json()["code"]) == (409, "managerMissing")


async def test_a_founder_does_not_approve_what_they_proposed(olga: httpx.AsyncClient) -> None:
    project = (await propose(olga)).json()
    answer = await decide(olga, await asked(olga, project))
    assert (answer.status_code, answer.json()["code"]) == (403, "notAsked")


async def test_after_a_rejection_it_is_asked_again_and_never_twice_at_once(
    alice: httpx.AsyncClient, olga: httpx.AsyncClient
) -> None:
    project = (await propose(alice)).json()
    path = f"/v1/projects/{project['id']}/approvalProposals"
    first = await asked(alice, project)
    waits = await alice.post(path, json={}, headers=sent())
    assert (waits.status_code, waits.json()["code"]) == (409, "approvalRefused")
    await decide(olga, first, outcome="Reject", reason="Say what it costs")
    again = await alice.post(path, json={"reason": "The costs are in the goal now"}, headers=sent())
    assert again.status_code == 201, again.text
    assert (await decide(olga, again.json())).status_code == 200
    await is_at(alice, project, "Planning")
    late = await alice.post(path, json={}, headers=sent())
    assert (late.status_code, late.json()["code"]) == (409, "approvalRefused")


async def test_a_proposal_is_cancelled_and_put_away_by_who_made_it(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient
) -> None:
    project = (await propose(alice)).json()
    refused = await move(bob, project, "Cancelled")
    assert (refused.status_code, refused.json()["code"]) == (403, "authorNeeded")
    cancelled = await move(alice, project, "Cancelled")
    assert (cancelled.json()["status"], "endAt" in cancelled.json()) == ("Cancelled", True), cancelled.text
    assert (await move(alice, project, "Planning")).json()["code"] == "illegalTransition"
    archived = await move(alice, project, "Archived")
    assert archived.json()["status"] == "Archived"
    listed = (await alice.get("/v1/projects", params={"text": project["name"]})).json()["items"]
    assert listed == []
    changed = await alice.patch(f"/v1/projects/{project['id']}", json={"goal": "x"}, headers=sent(**{"If-Match": "*"}))
    assert (changed.status_code, changed.json()["code"]) == (409, "archived")


async def test_who_claims_a_project_that_others_named_is_its_proposer_once_it_is_approved(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, olga: httpx.AsyncClient
) -> None:
    name = named("Claimed")
    thanks = await thank(alice, {"email": "bob@trm.test"}, project={"name": name})
    project = {"id": thanks.json()["project"]["id"]}
    path = f"/v1/projects/{project['id']}"
    details = {"goal": "Deliver on Sundays", "plannedEndAt": "2027-05-01T00:00:00Z"}
    claim = await alice.post(f"{path}/approvalProposals", json=details, headers=sent())
    assert claim.status_code == 201, claim.text
    assert (claim.json()["proposal"]["claims"], claim.json()["proposal"]["goal"]) == (True, "Deliver on Sundays")
    assert (await alice.get(path)).json()["provisional"] is True, "nobody approved it yet"
    assert (await decide(alice, claim.json())).json()["code"] == "notAsked"
    assert (await decide(olga, claim.json())).status_code == 200
    planned = await is_at(alice, project, "Planning")
    assert (planned["provisional"], planned["proposer"]["fullName"]) == (False, "Alice Nguyễn")
    assert (planned["goal"], planned["plannedEndAt"]) == ("Deliver on Sundays", "2027-05-01T00:00:00Z")
    known = (await propose(alice)).json()
    decision = await asked(alice, known)
    await decide(olga, decision, outcome="Reject", reason="Not now")
    refused = await alice.post(f"/v1/projects/{known['id']}/approvalProposals", json=details, headers=sent())
    assert (refused.status_code, refused.json()["code"]) == (409, "approvalRefused")


async def refused_in_the_end(web: httpx.AsyncClient, decision: dict[str, Any]) -> dict[str, Any]:
    """A decision once it says that what was approved could not be done."""
    path = f"/v1/approvals/{decision['id']}"

    async def there() -> bool:
        return (await web.get(path)).json().get("followed") in {"Done", "Refused"}

    await until(there)
    return dict((await web.get(path)).json())


async def test_of_two_who_claim_a_project_at_once_one_is_asked_about(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, olga: httpx.AsyncClient
) -> None:
    for _ in range(5):
        thanks = await thank(olga, {"email": "bob@trm.test"}, project={"name": named("Claimed by two")})
        project = {"id": thanks.json()["project"]["id"]}
        path = f"/v1/projects/{project['id']}/approvalProposals"
        answers = await asyncio.gather(
            *(web.post(path, json={"goal": goal}, headers=sent()) for web, goal in ((alice, "A"), (bob, "B")))
        )
        assert sorted(one.status_code for one in answers) == [201, 409], [one.text for one in answers]
        [refused] = [one for one in answers if one.status_code == 409]
        assert refused.json()["code"] == "approvalRefused"
        [pending] = await approvals(olga, project)
        assert pending["id"] == next(one.json()["id"] for one in answers if one.status_code == 201)
    assert (await decide(olga, pending)).status_code == 200
    planned = await is_at(alice, project, "Planning")
    assert planned["goal"] == pending["proposal"]["goal"]


async def test_of_two_who_ask_again_at_once_one_is_asked_about(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, olga: httpx.AsyncClient
) -> None:
    project = (await propose(alice)).json()
    await decide(olga, await asked(alice, project), outcome="Reject", reason="Not now")
    path = f"/v1/projects/{project['id']}/approvalProposals"
    answers = await asyncio.gather(*(web.post(path, json={}, headers=sent()) for web in (alice, bob, alice, bob)))
    assert sorted(one.status_code for one in answers) == [201, 409, 409, 409], [one.text for one in answers]
    assert len(await approvals(alice, project)) == 1


async def test_an_approval_of_what_is_no_proposal_any_more_changes_nothing(
    alice: httpx.AsyncClient, olga: httpx.AsyncClient
) -> None:
    project = (await propose(alice)).json()
    decision = await asked(alice, project)
    assert (await move(alice, project, "Cancelled")).status_code == 200
    assert (await decide(olga, decision)).status_code == 200
    taken = await refused_in_the_end(olga, decision)
    assert (taken["status"], taken["followed"]) == ("Approved", "Refused")
    assert taken["followReason"] == "only a proposal is approved; the project is Cancelled"
    assert (await alice.get(f"/v1/projects/{project['id']}")).json()["status"] == "Cancelled"


async def test_whoever_wants_it_asks_again_and_decides_as_little_as_who_proposed_it(
    alice: httpx.AsyncClient, olga: httpx.AsyncClient, bob: httpx.AsyncClient
) -> None:
    project = (await propose(alice)).json()
    await decide(olga, await asked(alice, project), outcome="Reject", reason="Not now")
    path, headers = f"/v1/projects/{project['id']}/approvalProposals", sent()
    again = await olga.post(path, json={"reason": "I was wrong"}, headers=headers)
    assert again.status_code == 201, again.text
    assert again.json()["proposedBy"]["id"] != project["proposer"]["id"]
    assert again.json()["proposal"]["proposerId"] == project["proposer"]["id"]
    assert again.json()["managers"] == []
    assert (await olga.post(path, json={"reason": "I was wrong"}, headers=headers)).json()["id"] == again.json()["id"]
    for web in (olga, alice):
        answer = await decide(web, again.json())
        assert (answer.status_code, answer.json()["code"]) == (403, "notAsked"), answer.text
    waiting = await bob.post(path, json={}, headers=sent())
    assert (waiting.status_code, waiting.json()["code"]) == (409, "approvalRefused")


async def test_a_claim_does_not_end_before_it_begins(alice: httpx.AsyncClient) -> None:
    thanks = await thank(alice, {"email": "bob@trm.test"}, project={"name": named("Backwards")})
    project = {"id": thanks.json()["project"]["id"]}
    details = {"plannedStartAt": "2027-01-01T00:00:00Z", "plannedEndAt": "2026-01-01T00:00:00Z"}
    path = f"/v1/projects/{project['id']}/approvalProposals"
    refused = await alice.post(path, json=details, headers=sent())
    assert (refused.status_code, refused.json()["code"]) == (422, "endBeforeStart"), refused.text
    assert refused.json()["errors"][0]["pointer"] == "/plannedEndAt"
    assert await approvals(alice, project) == []
