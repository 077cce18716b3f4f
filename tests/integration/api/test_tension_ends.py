"""How tensions end: a small one by what was done, any other by a published WIN of a project that resolves it."""

from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from graph.audit import violations
from graph.database import GraphDatabase, Transaction
from ontology.enums import WinStatus
from runtime.settings import Settings
from tests.clients import until
from tests.people import sent, write
from tests.tensions import move, patch, report, resolving

pytestmark = pytest.mark.servers


async def accepted(client: httpx.AsyncClient, **said: Any) -> httpx.Response:
    made = await report(client, **said)
    for state in ("UnderReview", "Accepted"):
        assert (await move(client, made, state)).json()["status"] == state
    return made


async def resolve(client: httpx.AsyncClient, made: httpx.Response, reason: str | None) -> httpx.Response:
    body = {"to": "Resolved", **({"reason": reason} if reason else {})}
    where = f"{made.headers['Location']}/transitions"
    return await client.post(where, json=body, headers=sent(**{"If-Match": "*"}))


async def saying(client: httpx.AsyncClient, words: str, **filters: str) -> list[dict[str, Any]]:
    """What a search finds that says just these words."""
    hits = (await client.get("/v1/search", params={"q": words, **filters})).raise_for_status().json()["hits"]
    return [hit for hit in hits if words in hit["content"]]


async def test_a_small_one_is_resolved_by_what_was_done_which_is_known_from_then_on(alice: httpx.AsyncClient) -> None:
    made = await accepted(alice, affectedProjects=[{"name": f"Quiet hall {uuid4().hex[:8]}"}])
    silent = await resolve(alice, made, None)
    assert (silent.status_code, silent.json()["code"]) == (422, "reasonNeeded")
    assert silent.json()["errors"][0]["pointer"] == "/reason"
    done = f"Changed the bearing {uuid4().hex[:8]}"
    assert (await resolve(alice, made, done)).json()["status"] == "Resolved"

    async def found() -> bool:
        return bool(await saying(alice, done))

    await until(found)
    [project] = made.json()["affectedProjects"]
    assert await saying(alice, done, projectId=str(uuid4())) == []
    [hit] = await saying(alice, done, projectId=project["id"])
    snippet = (await alice.get(f"/v1/knowledgeSnippets/{hit['sourceId']}")).json()
    assert snippet["content"] == f"{made.json()['title']}\n{done}"
    assert snippet["author"]["fullName"] == "Alice Nguyễn"
    told = (await alice.get(f"/v1/why/{made.json()['id']}")).json()
    assert "GENERATES_KNOWLEDGE" in [one["type"] for one in told["relations"]]
    assert (await move(alice, made, "Archived")).json()["status"] == "Archived"


async def test_what_was_done_in_private_stays_private(alice: httpx.AsyncClient, bob: httpx.AsyncClient) -> None:
    made = await accepted(alice, visibility="parties")
    done = f"We talked it over {uuid4().hex[:8]}"
    assert (await resolve(alice, made, done)).json()["status"] == "Resolved"
    newest, *_ = (await alice.get(f"{made.headers['Location']}/history")).json()["items"]
    assert newest["madeBy"]["reason"] == done
    for client in (alice, bob):
        assert await saying(client, done) == []


async def test_what_was_learnt_from_one_that_becomes_private_is_seen_by_its_people_alone(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient
) -> None:
    made = await accepted(alice)
    done = f"Oiled the hinge {uuid4().hex[:8]}"
    assert (await resolve(alice, made, done)).status_code == 200

    async def found() -> bool:
        return bool(await saying(bob, done))

    await until(found)
    [hit] = await saying(bob, done)
    path = f"/v1/knowledgeSnippets/{hit['sourceId']}"
    citing = await write(bob, "/v1/knowledgeSnippets", content="What came of it", citesIds=[hit["sourceId"]])
    assert citing["citesIds"] == [hit["sourceId"]]
    assert (await patch(alice, made, visibility="parties")).status_code == 200
    assert await saying(bob, done) == []
    pages = (path, f"{path}/history", f"/v1/why/{hit['sourceId']}", f"/v1/chain/{hit['sourceId']}")
    for client, status in ((alice, 200), (bob, 404)):
        assert [(await client.get(one)).status_code for one in pages] == [status] * 4
        read = (await client.get(f"/v1/knowledgeSnippets/{citing['id']}")).json()["citesIds"]
        assert read == ([hit["sourceId"]] if client is alice else [])
        told = (await client.get("/v1/feed", params={"id": citing["id"]})).raise_for_status().text
        assert done not in told


async def test_what_one_may_not_see_is_cited_as_little_as_what_is_not_there(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, machine: httpx.AsyncClient
) -> None:
    made = await accepted(alice)
    done = f"Greased the hinge {uuid4().hex[:8]}"
    assert (await resolve(alice, made, done)).status_code == 200
    history = (await alice.get(f"{made.headers['Location']}/history")).json()["items"]
    [snippet] = [
        one["target"]["id"] for entry in history for one in entry["made"] if one["type"] == "GENERATES_KNOWLEDGE"
    ]
    assert (await patch(alice, made, visibility="parties")).status_code == 200
    mine = {
        "/v1/projects": await write(bob, "/v1/projects", name=f"Hinges {uuid4().hex[:8]}"),
        "/v1/knowledgeSnippets": await write(bob, "/v1/knowledgeSnippets", content="What came of it"),
    }
    for path, thing in mine.items():
        for one in (snippet, str(uuid4())):
            where, headers = f"{path}/{thing['id']}", sent(**{"If-Match": "*"})
            refused = await bob.patch(where, json={"citesIds": [one]}, headers=headers)
            assert (refused.status_code, refused.json()["code"]) == (422, "referenceUnknown"), refused.text
            assert refused.json()["errors"][0]["pointer"] == "/citesIds/0"
            said = {"name": f"Doors {uuid4().hex[:8]}"} if path == "/v1/projects" else {"content": "Built on it"}
            waits = await bob.post(path, json={**said, "citesIds": [one]}, headers=sent(Prefer="wait=2"))
            assert (waits.status_code, waits.json()["writeStatus"]) == (202, "pending"), "it may come yet"
            run = f"/v1/runs/{waits.json()['workflowId']}/cancel"
            (await machine.post(run, headers=sent())).raise_for_status()
    assert (await alice.get(f"/v1/knowledgeSnippets/{snippet}")).status_code == 200
    own = await write(alice, "/v1/knowledgeSnippets", content="What I made of it", citesIds=[snippet])
    assert own["citesIds"] == [snippet]
    assert (await bob.get(f"/v1/knowledgeSnippets/{own['id']}")).json()["citesIds"] == []


async def test_closed_means_a_published_win_of_a_project_that_resolves_it(
    alice: httpx.AsyncClient, tree: Settings
) -> None:
    made = await accepted(alice, affectedProjects=[{"name": f"Bearings {uuid4().hex[:8]}"}])
    tension, project = (UUID(one["id"]) for one in (made.json(), made.json()["affectedProjects"][0]))
    assert (await resolve(alice, made, "Changed the bearing")).status_code == 200

    async def refused() -> None:
        answer = await move(alice, made, "Closed")
        assert (answer.status_code, answer.json()["code"]) == (409, "closedWithoutWin"), answer.text
        assert "published WIN" in answer.json()["detail"]
        assert (await alice.get(made.headers["Location"])).json()["status"] == "Resolved"

    await refused()
    await resolving(tree, tension, project, WinStatus.DRAFT)
    await refused()
    await resolving(tree, tension, project, WinStatus.PUBLISHED)
    assert (await move(alice, made, "Closed")).json()["status"] == "Closed"
    async with GraphDatabase(tree.graph) as graph:
        assert await violations(graph) == []
        await graph.write(lambda transaction: _unpublish(transaction, project))
        broken = {one.rule: one.ids for one in await violations(graph)}
        assert any(str(tension) in ids for rule, ids in broken.items() if "published WIN" in rule)
        await graph.write(lambda transaction: _unpublish(transaction, project, back=True))
        assert await violations(graph) == []


async def _unpublish(transaction: Transaction, project: UUID, *, back: bool = False) -> None:
    """Tamper with the graph as no door of the product can, and mend it again."""
    await transaction.rows(
        "MATCH (:Project {id: $id})-[:RESULTS_IN]->(:WIN)-[:HAS_STATE]->(s:State) WHERE s.status IN $states "
        "SET s.status = $status",
        id=str(project),
        states=["Gone" if back else "Published"],
        status="Published" if back else "Gone",
    )
