"""Tensions over REST and Kafka: reported, found, changed by whom they are, moved along, supported, rated."""

from typing import Any
from uuid import uuid4

import httpx
import orjson
import pytest

from ontology import ids
from runtime.settings import Settings
from tests.clients import foreign_headers, produce, until
from tests.people import sent
from tests.tensions import move, patch, report

pytestmark = pytest.mark.servers


async def listed(client: httpx.AsyncClient, **filters: Any) -> list[str]:
    page = (await client.get("/v1/tensions", params={"limit": 100, **filters})).raise_for_status().json()
    return [one["id"] for one in page["items"]]


async def test_a_title_is_enough_and_hints_say_what_would_make_it_clearer(alice: httpx.AsyncClient) -> None:
    made = await report(alice)
    thing = made.json()
    assert (thing["status"], thing["rev"], thing["detector"]["fullName"]) == ("Open", 1, "Alice Nguyễn")
    assert thing["hints"] == ["sayWhatHappened", "sayWhatIs", "sayWhatShouldBe", "sayWhatKind", "sayWhomItAffects"]
    clearer = await patch(
        alice,
        made,
        facts="It howls since Monday",
        currentState="90 dB",
        desiredState="60 dB",
        kind="Problem",
        affectedPeople=[{"email": "bob@trm.test"}],
        affectedProjects=[{"name": "Quiet hall"}],
    )
    assert clearer.status_code == 200, clearer.text
    assert clearer.json()["hints"] == []
    assert clearer.json()["rev"] > thing["rev"]
    assert len(clearer.json()["affectedPeople"]) == 1
    fewer = await patch(alice, made, affectedPeople=[], facts=None)
    assert (fewer.json()["affectedPeople"], "facts" in fewer.json()) == ([], False)
    newest, *_ = (await alice.get(f"{made.headers['Location']}/history")).json()["items"]
    assert [one["type"] for one in newest["ended"]] == ["AFFECTS"]
    found = (await alice.get("/v1/search", params={"q": thing["title"]})).json()["hits"]
    assert thing["id"] in [hit["sourceId"] for hit in found]


async def test_filters_find_it_and_a_board_pages_by_state(alice: httpx.AsyncClient, bob: httpx.AsyncClient) -> None:
    made = await report(alice, kind="Risk", affectedProjects=[{"name": f"Filters {uuid4().hex[:6]}"}])
    thing = made.json()
    me = (await bob.get("/v1/me")).json()["person"]["id"]
    waiting = (await bob.get("/v1/me")).json()["tensionsOwned"]
    assert (await patch(alice, made, owner={"email": "bob@trm.test"})).json()["owner"]["id"] == me
    assert (await bob.get("/v1/me")).json()["tensionsOwned"] == waiting + 1
    supported = await bob.put(f"{made.headers['Location']}/support", json={"felt": True}, headers=sent())
    assert [one["id"] for one in supported.json()["supportedBy"]] == [me]
    for filters in (
        {"status": "Open"},
        {"kind": "Risk"},
        {"ownerId": me},
        {"detectorId": thing["detector"]["id"]},
        {"affectedId": thing["affectedProjects"][0]["id"]},
        {"supportedByMe": True},
        {"text": thing["title"][5:].upper()},
        {"ownerId": me, "status": "Open", "kind": "Risk", "supportedByMe": True},
        {"since": thing["occurredAt"]},
    ):
        assert thing["id"] in await listed(bob, **filters), filters
    for filters in ({"status": "Accepted"}, {"kind": "Idea"}, {"ownerId": thing["detector"]["id"]}, {"severity": 4}):
        assert thing["id"] not in await listed(bob, **filters), filters
    assert thing["id"] not in await listed(alice, supportedByMe=True)
    again = await bob.put(f"{made.headers['Location']}/support", json={"felt": True}, headers=sent())
    assert (again.status_code, again.json()["rev"]) == (200, supported.json()["rev"]), "it counts once"
    none = await bob.put(f"{made.headers['Location']}/support", json={"felt": False}, headers=sent())
    assert none.json()["supportedBy"] == []


async def test_it_is_moved_along_by_whose_it_is(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, olga: httpx.AsyncClient
) -> None:
    made = await report(alice)
    for refused in (await move(bob, made, "UnderReview"), await patch(bob, made, title="Mine")):
        assert (refused.status_code, refused.json()["code"]) == (403, "authorNeeded")
        assert "felt or owns" in refused.json()["detail"]
    assert (await move(alice, made, "UnderReview")).json()["status"] == "UnderReview"
    assert (await move(olga, made, "Accepted")).json()["status"] == "Accepted"
    assert (await patch(olga, made, owner={"email": "bob@trm.test"})).status_code == 200
    assert (await move(bob, made, "Resolved")).json()["status"] == "Resolved"
    never = await move(bob, made, "Open")
    assert (never.status_code, never.json()["code"]) == (409, "illegalTransition")
    assert (await move(bob, made, "Archived")).json()["status"] == "Archived"
    assert made.json()["id"] not in await listed(alice)
    assert made.json()["id"] in await listed(alice, status="Archived")


async def test_a_human_says_how_severe_it_is_and_why(alice: httpx.AsyncClient, bob: httpx.AsyncClient) -> None:
    made = await report(alice)
    where = f"{made.headers['Location']}/severity"
    rated = await alice.post(where, json={"severity": 3, "reason": "People go home deaf"}, headers=sent())
    assert (rated.json()["severity"], rated.json()["severityBy"]) == (3, "human"), rated.text
    newest, *_ = (await alice.get(f"{made.headers['Location']}/history")).json()["items"]
    assert newest["madeBy"]["reason"] == "People go home deaf"
    unexplained = await alice.post(where, json={"severity": 3}, headers=sent())
    assert (unexplained.status_code, unexplained.json()["errors"][0]["pointer"]) == (422, "/reason")
    assert (await bob.post(where, json={"severity": 1, "reason": "no"}, headers=sent())).status_code == 403


async def searched(client: httpx.AsyncClient, words: str) -> list[str]:
    """Ids of what is found."""
    hits = (await client.get("/v1/search", params={"q": words})).json()["hits"]
    return [hit["sourceId"] for hit in hits]


async def test_a_private_one_is_for_those_it_names(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, olga: httpx.AsyncClient
) -> None:
    made = await report(alice, visibility="parties", visibleTo=[{"email": "bob@trm.test"}])
    thing = made.json()

    async def searchable() -> bool:
        return thing["id"] in await searched(alice, thing["title"])

    await until(searchable)
    for client, status in ((alice, 200), (bob, 200), (olga, 404)):
        assert (await client.get(made.headers["Location"])).status_code == status
        assert (thing["id"] in await searched(client, thing["title"])) == (status == 200)
        assert (thing["id"] in await listed(client)) == (status == 200)
    for refused in (
        await patch(olga, made, title="Mine"),
        await olga.put(f"{made.headers['Location']}/support", json={"felt": True}, headers=sent()),
        await move(olga, made, "Rejected"),
        await olga.get(f"{made.headers['Location']}/history"),
    ):
        assert refused.status_code == 404, refused.text
    assert (await patch(alice, made, visibleTo=[])).status_code == 200
    assert (await bob.get(made.headers["Location"])).status_code == 404


async def test_another_systems_event_is_one_tension(alice: httpx.AsyncClient, tree: Settings) -> None:
    subject = uuid4().hex
    value = orjson.dumps({"title": "Der Kran klemmt", "detector": {"email": "c@partner.test"}, "language": "de"})
    message = (b"k", value, foreign_headers(subject, event_type="TENSION_REPORTED", event_id=subject))
    await produce(tree, tree.events.tensions_topic, [message] * 3)
    address = f"/v1/tensions/{ids.foreign_entity('Tension', 'urn:test:hr', subject)}"

    async def written() -> bool:
        answer = await alice.get(address)
        return answer.status_code == 200 and answer.json().get("writeStatus") == "written"

    await until(written)
    thing = (await alice.get(address)).json()
    assert (thing["title"], thing["detector"]["fullName"]) == ("Der Kran klemmt", "c")
    assert [one["type"] for one in thing["recordedBy"]].count("TENSION_REPORTED") == 1


async def test_who_touched_it_reads_it_only_as_long_as_it_is_theirs_to_see(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, olga: httpx.AsyncClient
) -> None:
    made = await report(alice)
    await bob.put(f"{made.headers['Location']}/support", json={"felt": True}, headers=sent())
    assert (await patch(olga, made, facts="Moderated")).status_code == 200
    assert (await patch(alice, made, visibility="parties", facts="Between us")).status_code == 200
    for client in (bob, olga):
        for answer in (
            await client.get(made.headers["Location"]),
            await client.get(f"{made.headers['Location']}/history"),
            await client.patch(made.headers["Location"], json={}, headers=sent(**{"If-Match": '"9.ab"'})),
        ):
            assert answer.status_code == 404, answer.text
        assert made.json()["id"] not in await listed(client)


async def test_what_is_archived_changes_no_more_and_unknown_projects_are_told_at_once(alice: httpx.AsyncClient) -> None:
    made = await report(alice, affectedProjects=[{"name": "Quiet hall"}])
    unknown = await patch(alice, made, affectedProjects=[{"id": str(uuid4())}])
    assert (unknown.status_code, unknown.json()["code"]) == (422, "referenceUnknown")
    assert unknown.json()["errors"][0]["pointer"] == "/affectedProjects/0"
    assert (await patch(alice, made, affectedProjects=None)).json()["affectedProjects"] == []
    assert (await move(alice, made, "Archived")).json()["status"] == "Archived", "reported by mistake"
    for refused in (
        await patch(alice, made, title="Again"),
        await alice.put(f"{made.headers['Location']}/support", json={"felt": True}, headers=sent()),
    ):
        assert (refused.status_code, refused.json()["code"]) == (409, "archived"), refused.text


async def test_a_repeated_change_keeps_whom_its_names_meant(alice: httpx.AsyncClient, olga: httpx.AsyncClient) -> None:
    name, made = f"Zed {uuid4().hex[:6]}", await report(alice)

    async def recorded() -> None:
        assert (await olga.post("/v1/people", json={"fullName": name}, headers=sent())).status_code == 201

    await recorded()
    headers, body = sent(**{"If-Match": "*"}), {"owner": {"name": name}}
    first = await alice.patch(made.headers["Location"], json=body, headers=headers)
    assert first.status_code == 200, first.text
    await recorded()
    again = await alice.patch(made.headers["Location"], json=body, headers=headers)
    assert (again.status_code, again.json()) == (200, first.json())


async def test_what_was_learnt_from_a_tension_that_becomes_private_is_everyones_no_more(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient
) -> None:
    made, word = await report(alice), uuid4().hex
    for to in ("UnderReview", "Accepted"):
        assert (await move(alice, made, to)).status_code == 200
    resolved = await move(alice, made, "Resolved", reason=f"swapped the fuse {word}")
    assert resolved.status_code == 200

    async def found() -> list[str]:
        hits = (await bob.get("/v1/search", params={"q": word})).json()["hits"]
        return [one["sourceId"] for one in hits if word in one["content"]]

    async def is_found() -> bool:
        return bool(await found())

    await until(is_found)
    [snippet] = await found()
    assert (await patch(alice, made, visibility="parties")).status_code == 200

    async def is_gone() -> bool:
        return not await found()

    await until(is_gone)
    why = await bob.get(f"/v1/why/{snippet}")
    assert (why.status_code, word in why.text) == (404, False)
    recorded = {"receivers": [{"email": "bob@trm.test"}], "content": "thanks", "tensionId": made.json()["id"]}
    thanked = await alice.post("/v1/recognitions", json=recorded, headers=sent())
    told = (await bob.get(f"/v1/recognitions/{thanked.json()['id']}")).json()
    assert "tensionId" not in told, "what is private is not named where everyone looks"


async def test_without_a_project_somebody_says_what_was_done(alice: httpx.AsyncClient) -> None:
    made = await report(alice)
    for to in ("UnderReview", "Accepted", "InProgress"):
        assert (await move(alice, made, to)).status_code == 200
    silent = await move(alice, made, "Resolved", reason=None)
    assert (silent.status_code, silent.json()["code"]) == (422, "reasonNeeded"), "also when it was in progress"
    assert (await move(alice, made, "Resolved", reason="a new bearing")).status_code == 200


async def test_why_tells_nobody_of_a_refused_change_of_what_is_private(
    alice: httpx.AsyncClient, olga: httpx.AsyncClient
) -> None:
    made = await report(alice, visibility="parties")
    said = await alice.post(f"{made.headers['Location']}/comments", json={"text": "hm"}, headers=sent())
    path, stale = f"/v1/comments/{said.json()['id']}", sent(**{"If-Match": '"9.ab"'})
    assert (await alice.patch(path, json={"text": "oh"}, headers=stale)).status_code == 412
    for where in (path, f"/v1/why/{said.json()['id']}"):
        assert (await olga.get(where)).status_code == 404


async def test_what_is_told_late_stands_where_it_happened(alice: httpx.AsyncClient) -> None:
    text = uuid4().hex
    for year in (2019, 2021, 2020):
        await report(alice, title=f"Late {text}", occurredAt=f"{year}-05-01T09:00:00Z")
    query: dict[str, Any] = {"text": text, "limit": 1}
    years, cursor = [], ""
    while cursor is not None:
        page = (await alice.get("/v1/tensions", params={**query, "cursor": cursor})).raise_for_status().json()
        years += [one["occurredAt"][:4] for one in page["items"]]
        cursor = page.get("nextCursor")
    assert years == ["2021", "2020", "2019"]
