"""What a project was worth: scored once it completes, explained, published by who did not manage it."""

from datetime import datetime, timedelta
from math import exp
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import orjson
import pytest

from activities.wins import evaluating
from graph.database import GraphDatabase
from graph.ledger import Run
from graph.win_evidence import evidence_of
from graph.wins import score_project, scores_due
from runtime.clock import now
from runtime.settings import Settings
from runtime.temporal_client import connect
from scoring.win import judge
from tests.clients import foreign_headers, produce, until
from tests.integration.api.test_approvals import decide, temporal_cli
from tests.integration.api.test_imports import ended, started
from tests.integration.api.test_imports import sent as sent_file
from tests.integration.api.test_merges import merge
from tests.integration.api.test_participants import ALICE, active, add
from tests.integration.api.test_project_approval import move, put_away
from tests.integration.api.test_projects import changed, propose
from tests.integration.api.test_resolving import accepted, stands
from tests.integration.api.test_resolving import add as resolve
from tests.people import sent, thank, write

pytestmark = pytest.mark.servers

CLEAR = {"facts": "Three of ten", "currentState": "They wait", "desiredState": "They do not"}


async def scored(web: httpx.AsyncClient, project: dict[str, Any], status: str, score: float | None = None) -> Any:
    """What a project was worth, once that has a state and whom to ask then, and another score than it had."""

    async def found() -> list[dict[str, Any]]:
        page = await web.get("/v1/wins", params={"projectId": project["id"]})
        return list(page.raise_for_status().json()["items"])

    async def there() -> bool:
        return any(
            one["status"] == status and one["score"] != score and bool(one["approval"]) is (status == "UnderReview")
            for one in await found()
        )

    await until(there)
    [win] = await found()
    return win


async def scored_again(web: httpx.AsyncClient, graph: GraphDatabase, project: dict[str, Any]) -> int:
    """How many scores of a project were kept, each found again: what was known then is known ever after."""
    [win] = (await web.get("/v1/wins", params={"projectId": project["id"]})).raise_for_status().json()["items"]
    kept = (await web.get(f"/v1/wins/{win['id']}/evaluations")).raise_for_status().json()["items"]
    for one in kept:
        then = await evidence_of(graph, UUID(project["id"]), datetime.fromisoformat(one["evaluatedAt"]))
        assert then is not None
        again = judge(then)
        assert (again.inputs_hash, again.score.score) == (one["inputsHash"], one["score"])
    return len(kept)


def inputs(win: dict[str, Any]) -> dict[str, Any]:
    """The inputs of a score by their names."""
    return {one["part"]: one for one in win["inputs"]}


async def close(web: httpx.AsyncClient, tension: str) -> httpx.Response:
    body, headers = {"to": "Closed", "reason": "It is done"}, sent(**{"If-Match": "*"})
    return await web.post(f"/v1/tensions/{tension}/transitions", json=body, headers=headers)


async def completed(web: httpx.AsyncClient, olga: httpx.AsyncClient, tension: str) -> dict[str, Any]:
    project = await active(web, olga)
    assert (await resolve(web, project, tension)).status_code == 200
    await stands(web, tension, "InProgress")
    assert (await move(web, project, "Completed")).status_code == 200
    await stands(web, tension, "Resolved")
    return project


async def test_a_completed_project_is_scored_approved_and_closes_its_tension(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, olga: httpx.AsyncClient, tree: Settings
) -> None:
    tension = await accepted(alice, olga, **CLEAR, affectedProjects=[{"name": "Ground floor"}])
    early = await close(olga, tension)
    assert early.status_code == 409, early.text
    project = await completed(alice, olga, tension)
    win = await scored(alice, project, "UnderReview")
    assert win["scoreLow"] < win["score"] < win["scoreHigh"]
    assert sum(one["contribution"] for one in win["inputs"]) == pytest.approx(win["score"])
    said = inputs(win)
    assert (said["context"]["value"], said["context"]["evidence"][0]["id"]) == (1, tension)
    assert (said["rootCause"]["unknown"], said["rootCause"]["settledBy"]) == ([tension], "time")
    assert (said["efficiency"]["value"], said["efficiency"]["settledBy"]) == (0.5, None)
    assert said["collaboration"]["value"] == 0

    decision = (await alice.get(f"/v1/approvals/{win['approval']}")).json()
    assert (decision["kind"], decision["authorities"], len(decision["managers"])) == ("WinApproval", ["founder"], 1)
    assert decision["proposal"]["winId"] == win["id"]
    thanks = await thank(bob, ALICE, project={"id": project["id"]})
    assert thanks.status_code == 201, thanks.text
    more = await scored(alice, project, "UnderReview", win["score"])
    assert more["score"] > win["score"]
    assert inputs(more)["collaboration"]["evidence"][0]["id"] == thanks.json()["id"]

    assert (await decide(olga, decision)).status_code == 200
    published = await scored(alice, project, "Published")
    assert published["publishedScore"] == win["score"] < more["score"], "what was asked about"
    kept = (await alice.get(f"/v1/wins/{win['id']}/evaluations")).json()["items"]
    assert [one["score"] for one in kept] == [more["score"], win["score"]]
    history = (await alice.get(f"/v1/wins/{win['id']}/history")).json()["items"]
    assert [one["madeBy"]["type"] for one in reversed(history)] == [
        "WIN_SCORED",
        "WIN_SUBMITTED",
        "WIN_SCORED",
        "WIN_PUBLISHED",
    ]
    assert (await close(olga, tension)).status_code == 200

    [made] = [one for entry in history for one in entry["made"] if one["type"] == "GENERATES_KNOWLEDGE"]
    learnt = (await alice.get(f"/v1/knowledgeSnippets/{made['target']['id']}")).raise_for_status().json()
    assert learnt["kind"] == "win"
    assert project["name"] in learnt["content"]
    await write(bob, "/v1/knowledgeSnippets", content="What we took from it", citesIds=[learnt["id"]])
    cited = await scored(alice, project, "Published", more["score"])
    assert inputs(cited)["knowledgeSharing"]["evidence"][0]["id"] == learnt["id"]
    assert cited["publishedScore"] == win["score"], "it moved by less than ten points"
    async with GraphDatabase(tree.graph) as graph:
        assert await scored_again(alice, graph, project) == 3


async def test_what_a_win_taught_is_seen_by_who_sees_its_project(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, olga: httpx.AsyncClient
) -> None:
    tension = await accepted(alice, olga, **CLEAR)
    project = await completed(alice, olga, tension)
    win = await scored(alice, project, "UnderReview")
    decision = (await alice.get(f"/v1/approvals/{win['approval']}")).json()
    assert (await decide(olga, decision)).status_code == 200
    await scored(alice, project, "Published")
    history = (await alice.get(f"/v1/wins/{win['id']}/history")).json()["items"]
    [made] = [one for entry in history for one in entry["made"] if one["type"] == "GENERATES_KNOWLEDGE"]
    snippet = made["target"]["id"]

    async def found() -> bool:
        answer = await bob.get("/v1/search", params={"q": project["name"], "limit": 50})
        return snippet in {hit["sourceId"] for hit in answer.raise_for_status().json()["hits"]}

    await until(found)
    stands_now = (await alice.get(f"/v1/projects/{project['id']}")).json()
    hidden = await changed(alice, stands_now, visibility="parties")
    assert hidden.status_code == 200, hidden.text
    assert not await found()
    path = f"/v1/knowledgeSnippets/{snippet}"
    pages = (path, f"{path}/history", f"/v1/why/{snippet}", f"/v1/chain/{snippet}", f"/v1/wins/{win['id']}")
    for client, status in ((alice, 200), (bob, 404)):
        assert [(await client.get(one)).status_code for one in pages] == [status] * len(pages)

    async def withdrawn() -> bool:
        return bool((await alice.get(path)).json()["status"] == "Archived")

    await until(withdrawn)
    newest = (await alice.get(f"{path}/history")).json()["items"][0]["madeBy"]
    assert newest["type"] == "KNOWLEDGE_SNIPPET_WITHDRAWN"
    assert (await bob.get("/v1/feed", params={"id": snippet})).json()["items"] == []


async def test_another_systems_event_and_an_operators_signal_bring_it_as_far(
    alice: httpx.AsyncClient, olga: httpx.AsyncClient, tree: Settings
) -> None:
    tension, project = await accepted(alice, olga, **CLEAR), await active(alice, olga)
    event = {
        "project": {"id": project["id"]},
        "completedAt": "2026-11-01T09:00:00+07:00",
        "resolvedTensionIds": [tension],
    }
    headers = foreign_headers(str(uuid4()), "PROJECT_COMPLETED", schema="project-completed")
    await produce(tree, tree.events.projects_topic, [(project["id"].encode(), orjson.dumps(event), headers)])
    await stands(alice, tension, "Resolved")
    win = await scored(alice, project, "UnderReview")
    said = orjson.dumps({"requestId": "1", "who": "olga@trm.test", "why": "it is true"}).decode()
    run = f"decision/{win['approval']}"
    await temporal_cli(tree, "workflow", "signal", "--workflow-id", run, "--name", "approve", "--input", said)
    await scored(alice, project, "Published")
    assert (await close(olga, tension)).status_code == 200


async def test_a_rejected_score_is_asked_about_again_once_it_rests_on_more(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, olga: httpx.AsyncClient
) -> None:
    project = await active(alice, olga)
    assert (await move(alice, project, "Completed")).status_code == 200
    win = await scored(alice, project, "UnderReview")
    answer = await decide(olga, {"id": win["approval"]}, outcome="Reject", reason="Ask the printers first")
    assert answer.status_code == 200, answer.text
    rejected = await scored(alice, project, "Rejected")
    assert not rejected.get("approval")
    assert (await thank(bob, ALICE, project={"id": project["id"]})).status_code == 201
    again = await scored(alice, project, "UnderReview", win["score"])
    assert again["approval"] != win["approval"]


async def test_what_is_asked_for_again_stays_where_nothing_is_new(
    alice: httpx.AsyncClient, olga: httpx.AsyncClient, tree: Settings
) -> None:
    project = await active(alice, olga)
    assert (await move(alice, project, "Completed")).status_code == 200
    win = await scored(alice, project, "UnderReview")
    receipt = await olga.post(f"/v1/wins/{win['id']}/evaluate", headers=sent())
    assert receipt.status_code == 202, receipt.text
    client = await connect(tree.temporal)
    await client.get_workflow_handle(receipt.json()["workflowId"]).result()
    assert len((await alice.get(f"/v1/wins/{win['id']}/evaluations")).json()["items"]) == 1
    [made] = win["recordedBy"][:1]
    again = evaluating(UUID(project["id"]), tree).origin.model_copy(update={"event_id": UUID(made["eventId"])})
    async with GraphDatabase(tree.graph) as graph:
        written = await score_project(graph, UUID(project["id"]), judge, again, Run("again", "after a kill"))
    assert (written.outcome, str(written.id), len(written.records)) == ("same", win["id"], 1)
    unknown = await olga.post(f"/v1/wins/{project['id']}/evaluate", headers=sent())
    assert unknown.status_code == 404


async def test_who_managed_a_project_does_not_say_what_it_was_worth(
    alice: httpx.AsyncClient, olga: httpx.AsyncClient
) -> None:
    project = await active(alice, olga, {"email": "olga@trm.test"})
    assert (await move(olga, project, "Completed")).status_code == 200
    win = await scored(olga, project, "UnderReview")
    refused = await decide(olga, (await olga.get(f"/v1/approvals/{win['approval']}")).json())
    assert (refused.status_code, refused.json()["code"]) == (403, "notAsked")


async def test_two_who_turn_out_to_be_one_count_once(
    alice: httpx.AsyncClient, olga: httpx.AsyncClient, machine: httpx.AsyncClient
) -> None:
    project = await active(alice, olga)
    assert (await move(alice, project, "Completed")).status_code == 200
    alone = await scored(alice, project, "UnderReview")
    givers = []
    for _ in range(2):
        givers.append((await write(machine, "/v1/people", fullName=f"Giver {uuid4().hex[:8]}"))["id"])
        assert (await thank(machine, ALICE, giver={"id": givers[-1]}, project={"id": project["id"]})).is_success
    one = await collaboration(alice, project, 2, alone)
    merged = await merge(olga, *givers)
    assert merged.is_success, merged.text
    await collaboration(alice, project, 1, one)


async def collaboration(web: httpx.AsyncClient, project: dict[str, Any], givers: int, before: dict[str, Any]) -> Any:
    """What a project was worth, once so many people count who gave recognition."""
    win = before

    async def there() -> bool:
        nonlocal win
        win = await scored(web, project, before["status"])
        return bool(inputs(win)["collaboration"]["value"] == pytest.approx(1 - exp(-givers / 4)))

    await until(there)
    return win


async def test_the_sweep_finds_what_time_or_an_import_moved(
    alice: httpx.AsyncClient, olga: httpx.AsyncClient, machine: httpx.AsyncClient, tree: Settings, tmp_path: Path
) -> None:
    project = await completed(alice, olga, await accepted(alice, olga, **CLEAR))
    await scored(alice, project, "UnderReview")
    async with GraphDatabase(tree.graph) as graph:

        async def due(after: timedelta) -> bool:
            found = await scores_due(graph, now() + after, tree.wins.overlooked_after, 10_000)
            return UUID(project["id"]) in found

        assert not await due(timedelta(days=29))
        assert await due(timedelta(days=30)), "nobody brought it back: its root cause is known"
        path = tmp_path / "thanks.csv"
        path.write_text(
            f"giver,receivers,content,project\nbob@trm.test,alice@trm.test,Thanks,{project['name']}\n", "utf-8"
        )
        made = await sent_file(machine, path, kind="recognitions", source=uuid4().hex)
        await started(machine, made["id"])
        told = await ended(machine, made["id"])
        assert told["progress"]["rows"]["written"] == 1, told
        assert not await due(timedelta())
        assert await due(tree.wins.overlooked_after)


async def reopened(olga: httpx.AsyncClient, tension: str) -> None:
    body, headers = {"to": "InProgress", "reason": "It came back"}, sent(**{"If-Match": "*"})
    moved = await olga.post(f"/v1/tensions/{tension}/transitions", json=body, headers=headers)
    assert moved.status_code == 200, moved.text


async def test_what_was_asked_about_is_published_and_what_moved_far_is_asked_about_again(
    alice: httpx.AsyncClient, olga: httpx.AsyncClient
) -> None:
    tension = await accepted(alice, olga, **CLEAR, affectedProjects=[{"name": "First floor"}])
    project = await completed(alice, olga, tension)
    win = await scored(alice, project, "UnderReview")
    await reopened(olga, tension)
    fallen = await scored(alice, project, "UnderReview", win["score"])
    assert fallen["score"] < win["score"] - 10
    assert (await decide(olga, {"id": win["approval"]})).status_code == 200

    async def asked_again() -> bool:
        [now_] = (await alice.get("/v1/wins", params={"projectId": project["id"]})).json()["items"]
        return now_["status"] == "UnderReview" and now_["approval"] not in {None, win["approval"]}

    await until(asked_again)
    again = await scored(alice, project, "UnderReview")
    assert again["publishedScore"] == win["score"], "nobody published another"
    proposal = (await olga.get(f"/v1/approvals/{again['approval']}")).json()["proposal"]
    assert proposal["score"] == fallen["score"]
    assert (await decide(olga, {"id": again["approval"]}, outcome="Reject", reason="It came back")).status_code == 200
    await scored(alice, project, "Rejected")
    body, headers = {"to": "Resolved", "reason": "by another"}, sent(**{"If-Match": "*"})
    assert (await olga.post(f"/v1/tensions/{tension}/transitions", json=body, headers=headers)).status_code == 200
    refused = await close(olga, tension)
    assert (refused.status_code, refused.json()["code"]) == (409, "closedWithoutWin")


async def test_what_came_back_is_brought_nowhere_by_projects_that_had_ended(
    alice: httpx.AsyncClient, olga: httpx.AsyncClient
) -> None:
    tension = await accepted(alice, olga, **CLEAR)
    first = await completed(alice, olga, tension)
    await scored(alice, first, "UnderReview")
    await reopened(olga, tension)
    second = (await propose(alice)).json()
    assert (await resolve(alice, second, tension)).status_code == 200
    gone = await alice.delete(f"/v1/projects/{second['id']}/tensions/{tension}", headers=sent())
    assert gone.status_code == 200, gone.text
    assert (await move(alice, first, "Archived")).status_code == 200
    await stands(alice, tension, "InProgress")
    third = await active(alice, olga)
    assert (await resolve(alice, third, tension)).status_code == 200
    assert (await move(alice, third, "Cancelled")).status_code == 200
    await stands(alice, tension, "Accepted")
    kept = await alice.delete(f"/v1/projects/{first['id']}/tensions/{tension}", headers=sent())
    assert kept.status_code == 409, "what it was there for stays as it was"


async def test_a_project_rests_once_it_is_scored_and_is_asked_about_still(
    alice: httpx.AsyncClient, olga: httpx.AsyncClient
) -> None:
    project = await completed(alice, olga, await accepted(alice, olga, **CLEAR))
    await put_away(alice, project)
    win = await scored(alice, project, "UnderReview")
    assert (await decide(olga, {"id": win["approval"]})).status_code == 200
    await scored(alice, project, "Published")


async def test_who_managed_it_for_a_moment_does_not_say_what_it_was_worth_either(
    alice: httpx.AsyncClient, olga: httpx.AsyncClient
) -> None:
    project = await active(alice, olga)
    assert (await add(alice, project, {"email": "olga@trm.test"}, "Manager")).status_code == 200
    assert (await add(alice, project, {"email": "olga@trm.test"}, "Member")).status_code == 200
    assert (await move(alice, project, "Completed")).status_code == 200
    win = await scored(alice, project, "UnderReview")
    refused = await decide(olga, {"id": win["approval"]})
    assert (refused.status_code, refused.json()["code"]) == (403, "notAsked")


async def test_who_managed_a_project_shares_nothing_by_citing_it_and_what_rests_cites_no_more(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, olga: httpx.AsyncClient, tree: Settings
) -> None:
    project = await completed(alice, olga, await accepted(alice, olga, **CLEAR))
    win = await scored(alice, project, "UnderReview")
    assert (await decide(olga, {"id": win["approval"]})).status_code == 200
    await scored(alice, project, "Published")
    history = (await alice.get(f"/v1/wins/{win['id']}/history")).json()["items"]
    [made] = [one for entry in history for one in entry["made"] if one["type"] == "GENERATES_KNOWLEDGE"]
    snippet = made["target"]["id"]
    assert (await propose(alice, citesIds=[snippet])).status_code == 201
    cites = (await propose(bob, citesIds=[snippet])).json()

    async def shared(number: int) -> bool:
        [found] = (await alice.get("/v1/wins", params={"projectId": project["id"]})).json()["items"]
        return len(inputs(found)["knowledgeSharing"]["evidence"]) == number

    await until(lambda: shared(1))
    assert (await move(bob, cites, "Cancelled")).status_code == 200
    await until(lambda: shared(0))
    async with GraphDatabase(tree.graph) as graph:
        assert await scored_again(alice, graph, project) >= 3


async def test_whom_a_tension_affects_moves_the_score_of_what_resolved_it(
    alice: httpx.AsyncClient, olga: httpx.AsyncClient
) -> None:
    tension = await accepted(alice, olga, **CLEAR)
    project = await completed(alice, olga, tension)
    win = await scored(alice, project, "UnderReview")
    said = {"affectedPeople": [{"email": "bob@trm.test"}]}
    changed = await olga.patch(f"/v1/tensions/{tension}", json=said, headers=sent(**{"If-Match": "*"}))
    assert changed.status_code == 200, changed.text
    more = await scored(alice, project, "UnderReview", win["score"])
    assert inputs(more)["context"]["value"] == 1
