"""What the machine says of tensions: beside what people say, asked of them where it does not know, never over them."""

from random import choice
from string import ascii_lowercase
from typing import Any
from uuid import uuid4

import httpx
import orjson
import pytest

from ontology import ids
from runtime.settings import Settings
from tests.clients import foreign_headers, produce, until
from tests.people import sent, write
from tests.tensions import patch, report

pytestmark = pytest.mark.servers

UNSURE = "Le serveur de production est en panne et les clients ne peuvent pas payer"


async def read(client: httpx.AsyncClient, made: httpx.Response) -> dict[str, Any]:
    return dict((await client.get(made.headers["Location"])).raise_for_status().json())


async def asked_about(client: httpx.AsyncClient, made: httpx.Response) -> list[dict[str, Any]]:
    """Decisions on its severity that wait for the caller."""
    query: dict[str, Any] = {"mine": True, "kind": "TensionSeverity", "status": "Pending", "limit": 100}
    page = (await client.get("/v1/approvals", params=query)).raise_for_status().json()
    return [one for one in page["items"] if one["subject"]["id"] == made.json()["id"]]


async def test_a_judgement_stands_with_its_reasons(alice: httpx.AsyncClient) -> None:
    made = await report(alice, title=f"Mùi gas nồng dưới tầng hầm {uuid4().hex[:4]}")
    thing = await read(alice, made)
    judgement = thing["severityJudgement"]
    assert (thing["severity"], thing["severityBy"]) == (4, judgement["model"])
    assert judgement["model"].startswith("severity-")
    assert judgement["rules"] == [{"rule": "fire, gas or poison", "floor": 4, "words": "Mùi gas"}]
    assert judgement["wordsFor"]
    assert sum(judgement["probabilities"]) == pytest.approx(1, abs=0.001)
    [newest, *_] = (await alice.get(f"{made.headers['Location']}/history")).json()["items"]
    assert newest["madeBy"]["type"] == "TENSION_ANALYSED"
    page = (await alice.get("/v1/tensions", params={"severity": 4, "limit": 100})).json()["items"]
    assert thing["id"] in [one["id"] for one in page]
    assert await asked_about(alice, made) == []


async def test_what_it_does_not_know_a_human_says_and_no_machine_changes(
    alice: httpx.AsyncClient, olga: httpx.AsyncClient
) -> None:
    made = await report(alice, title=f"{UNSURE} {uuid4().hex[:4]}")
    thing = await read(alice, made)
    assert "severity" not in thing
    assert thing["severityJudgement"]["abstained"] == "Foreign"

    async def asked() -> bool:
        return len(await asked_about(alice, made)) == 1

    await until(asked)
    [decision] = await asked_about(alice, made)
    assert decision["id"] in [one["id"] for one in await asked_about(olga, made)], "and whoever has the authority"
    body = {"outcome": "Approve", "answer": {"severity": 3}}
    taken = await alice.post(f"/v1/approvals/{decision['id']}/decision", json=body, headers=sent())
    assert taken.status_code == 200, taken.text

    async def becomes_human() -> bool:
        now = await read(alice, made)
        return (now.get("severity"), now.get("severityBy")) == (3, "human")

    await until(becomes_human)
    before = (await read(alice, made))["severityJudgement"]
    await patch(alice, made, facts="There is a smell of gas in the basement")

    async def judged_again() -> bool:
        return bool((await read(alice, made))["severityJudgement"] != before)

    await until(judged_again)
    now = await read(alice, made)
    assert (now["severity"], now["severityBy"]) == (3, "human")
    assert now["severityJudgement"]["likeliest"] == 4, "what it thinks is told all the same"
    assert await asked_about(alice, made) == [], "nobody is asked what somebody said"


async def test_it_says_something_else_of_other_words(alice: httpx.AsyncClient) -> None:
    made = await report(alice, title=f"The coffee is cold {uuid4().hex[:4]}")
    assert (await read(alice, made)).get("severity") != 4
    changed = await patch(alice, made, facts="And two colleagues got electric shocks from the machine")
    assert changed.status_code == 200

    async def critical() -> bool:
        return (await read(alice, made)).get("severity") == 4

    await until(critical)


async def test_a_judgement_is_no_change_that_anybody_has_to_read_again(alice: httpx.AsyncClient) -> None:
    made = await report(alice)
    assert (await read(alice, made))["rev"] == made.json()["rev"] + 1
    headers = sent(**{"If-Match": made.headers["ETag"]})
    kept = await alice.patch(made.headers["Location"], json={"kind": "Problem"}, headers=headers)
    assert kept.status_code == 200, kept.text
    again = await alice.patch(
        made.headers["Location"], json={"kind": "Risk"}, headers=sent(**{"If-Match": made.headers["ETag"]})
    )
    assert again.status_code == 412, "but somebody's change is"


async def test_another_systems_tension_is_judged_too(alice: httpx.AsyncClient, tree: Settings) -> None:
    subject = f"T-{uuid4().hex[:8]}"
    body = {"title": "The emergency exit is blocked by pallets", "detector": {"email": "alice@trm.test"}}
    headers = foreign_headers(subject, "TENSION_REPORTED")
    await produce(tree, tree.events.tensions_topic, [(subject.encode(), orjson.dumps(body), headers)])
    entity = ids.foreign_entity("Tension", "urn:test:hr", subject)

    async def critical() -> bool:
        answer = await alice.get(f"/v1/tensions/{entity}")
        return answer.status_code == 200 and answer.json().get("severity") == 4

    await until(critical)


async def test_whom_its_words_name_is_linked_and_who_is_not_clear_is_asked(
    alice: httpx.AsyncClient, machine: httpx.AsyncClient
) -> None:
    tag = "".join(choice(ascii_lowercase) for _ in range(6)).title()
    one = await write(machine, "/v1/people", fullName=f"Nguyễn Thị {tag}")
    twins = [await write(machine, "/v1/people", fullName=f"Trần Văn {tag}") for _ in range(2)]
    made = await report(
        alice,
        title=f"Hỏi Nguyễn Thị {tag} và Trần Văn {tag} về cái máy",
        affectedProjects=[{"name": f"Quiet {tag} Hall"}],
        facts=f"It is in the way of Quiet {tag} Hall",
    )
    thing = await read(alice, made)
    assert [person["id"] for person in thing["mentionedPeople"]] == [one["id"]]
    assert [project["name"] for project in thing["mentionedProjects"]] == [f"Quiet {tag} Hall"]
    first, second, third = thing["mentions"]
    assert (first["field"], first["words"]) == ("title", f"Nguyễn Thị {tag}")
    assert thing["title"][first["start"] : first["end"]] == first["words"]
    assert set(second["ids"]) == {twin["id"] for twin in twins}
    assert third["field"] == "facts"
    for mentioned in (one["id"], thing["mentionedProjects"][0]["id"]):
        page = (await alice.get("/v1/tensions", params={"mentionedId": mentioned})).json()["items"]
        assert [one["id"] for one in page] == [thing["id"]]

    async def asked() -> list[dict[str, Any]]:
        query: dict[str, Any] = {"mine": True, "kind": "PersonMention", "limit": 100}
        page = (await alice.get("/v1/approvals", params=query)).raise_for_status().json()["items"]
        return [one for one in page if one["subject"]["id"] == thing["id"]]

    async def once() -> bool:
        return len(await asked()) == 1

    await until(once)
    [decision] = await asked()
    body = {"outcome": "Approve", "answer": {"personId": twins[1]["id"]}}
    taken = await alice.post(f"/v1/approvals/{decision['id']}/decision", json=body, headers=sent())
    assert taken.status_code == 200, taken.text

    async def linked() -> bool:
        return {person["id"] for person in (await read(alice, made))["mentionedPeople"]} == {one["id"], twins[1]["id"]}

    await until(linked)
    await patch(alice, made, title=f"Hỏi Trần Văn {tag} về cái máy")

    async def forgotten() -> bool:
        return {person["id"] for person in (await read(alice, made))["mentionedPeople"]} == {twins[1]["id"]}

    await until(forgotten)  # whom a human named stays
    assert len(await asked()) == 1, "nobody is asked the same again"
