"""A tension follows the projects that resolve it, each time in a change of its own with the same cause."""

from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.clients import until
from tests.integration.api.test_participants import active
from tests.integration.api.test_project_approval import move
from tests.integration.api.test_projects import propose
from tests.people import sent
from tests.tensions import move as move_tension
from tests.tensions import report

pytestmark = pytest.mark.servers


async def accepted(web: httpx.AsyncClient, olga: httpx.AsyncClient, **said: Any) -> str:
    """Id of a tension that was accepted."""
    made = await report(web, **said)
    for to in ("UnderReview", "Accepted"):
        assert (await move_tension(olga, made, to)).status_code == 200
    return str(made.json()["id"])


async def add(web: httpx.AsyncClient, project: dict[str, Any], tension: str) -> httpx.Response:
    path = f"/v1/projects/{project['id']}/tensions"
    return await web.post(path, json={"tensionId": tension}, headers=sent())


async def drop(web: httpx.AsyncClient, project: dict[str, Any], tension: str) -> httpx.Response:
    return await web.delete(f"/v1/projects/{project['id']}/tensions/{tension}", headers=sent())


async def stands(web: httpx.AsyncClient, tension: str, status: str) -> None:
    """Pass once a tension is in a state."""

    async def there() -> bool:
        return bool((await web.get(f"/v1/tensions/{tension}")).json()["status"] == status)

    await until(there)


async def test_it_is_in_progress_once_one_starts_and_resolved_once_the_last_completes(
    alice: httpx.AsyncClient, olga: httpx.AsyncClient
) -> None:
    tension = await accepted(alice, olga)
    first, second = await active(alice, olga), await active(alice, olga)
    planned = await add(alice, first, tension)
    assert (planned.status_code, [one["id"] for one in planned.json()["tensions"]]) == (200, [tension])
    again = (await add(alice, first, tension)).json()
    assert again["rev"] == planned.json()["rev"], "what is so already is no change"
    await stands(alice, tension, "InProgress")
    assert (await add(alice, second, tension)).status_code == 200
    assert (await move(alice, first, "Completed")).json()["endAt"]
    assert (await alice.get(f"/v1/tensions/{tension}")).json()["status"] == "InProgress", "one is left"
    await move(alice, second, "Completed")
    await stands(alice, tension, "Resolved")
    newest = (await alice.get(f"/v1/tensions/{tension}/history")).json()["items"][0]
    ended = (await alice.get(f"/v1/projects/{second['id']}/history")).json()["items"][0]
    assert (newest["madeBy"]["type"], newest["madeBy"]["cause"]) == ("TENSION_FOLLOWED", ended["madeBy"]["eventId"])
    late = await add(alice, second, await accepted(alice, olga))
    assert (late.status_code, late.json()["code"]) == (409, "resolutionRefused")


async def test_it_is_accepted_again_when_none_is_left(alice: httpx.AsyncClient, olga: httpx.AsyncClient) -> None:
    cancelled, dropped = await accepted(alice, olga), await accepted(alice, olga)
    project = await active(alice, olga)
    for tension in (cancelled, dropped):
        await add(alice, project, tension)
        await stands(alice, tension, "InProgress")
    left = (await drop(alice, project, dropped)).json()
    assert [one["id"] for one in left["tensions"]] == [cancelled]
    await stands(alice, dropped, "Accepted")
    gone = await drop(alice, project, dropped)
    assert (gone.status_code, gone.json()["code"]) == (404, "notFound")
    await move(alice, project, "Cancelled")
    await stands(alice, cancelled, "Accepted")


async def test_only_an_accepted_tension_that_one_sees_is_resolved(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, olga: httpx.AsyncClient
) -> None:
    project = (await propose(alice)).json()
    opened = await report(alice)
    early = await add(alice, project, opened.json()["id"])
    assert (early.status_code, early.json()["code"], early.json()["errors"][0]["pointer"]) == (
        409,
        "resolutionRefused",
        "/tensionId",
    )
    nowhere = await add(alice, project, str(uuid4()))
    assert (nowhere.status_code, nowhere.json()["errors"][0]["pointer"]) == (422, "/tensionId")
    private = await report(bob, visibility="parties")
    hidden = await add(alice, project, private.json()["id"])
    assert hidden.json()["detail"].replace(private.json()["id"], "") == nowhere.json()["detail"].replace(
        nowhere.json()["detail"].split()[-1], ""
    ), "who may not see it learns nothing of it"
    refused = await add(bob, project, await accepted(alice, olga))
    assert (refused.status_code, refused.json()["code"]) == (403, "authorNeeded")
    body = {"tensionId": opened.json()["id"], "surprise": 1}
    wrong = await alice.post(f"/v1/projects/{project['id']}/tensions", json=body, headers=sent())
    assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (422, "/surprise")


async def test_one_that_rests_goes_on_when_its_project_ends(alice: httpx.AsyncClient, olga: httpx.AsyncClient) -> None:
    done, dropped = await accepted(alice, olga), await accepted(alice, olga)
    projects = [await active(alice, olga) for _ in range(2)]
    for project, tension in zip(projects, (done, dropped), strict=True):
        await add(alice, project, tension)
        await stands(alice, tension, "InProgress")
        path = f"/v1/tensions/{tension}/transitions"
        rests = await olga.post(path, json={"to": "OnHold", "reason": "a test"}, headers=sent(**{"If-Match": "*"}))
        assert rests.status_code == 200, rests.text
    await move(alice, projects[0], "Completed")
    await move(alice, projects[1], "Cancelled")
    await stands(alice, done, "Resolved")
    await stands(alice, dropped, "Accepted")
