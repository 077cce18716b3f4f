"""The chain of a thing from wherever one stands, as far as one may see it."""

from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from cli.identity import machine_token
from ontology.enums import WinStatus
from runtime.settings import Settings
from tests.clients import http_client, until
from tests.people import sent
from tests.tensions import report, resolving

pytestmark = pytest.mark.servers


async def chain(client: httpx.AsyncClient, thing: str, **asked: str) -> dict[str, list[str]]:
    """Label of a station → ids of what stands there; that of the thing itself under ``here``."""
    answer = (await client.get(f"/v1/chain/{thing}", params=asked)).raise_for_status().json()
    stations = {station["label"]: [item["id"] for item in station["items"]] for station in answer["stations"]}
    assert all(station["count"] == len(station["items"]) for station in answer["stations"] if not asked)
    return {**stations, "here": [station["label"] for station in answer["stations"] if station.get("here")]}


async def recognise(client: httpx.AsyncClient, **said: Any) -> dict[str, Any]:
    body = {"receivers": [{"email": "bob@trm.test"}], "content": f"Seen {uuid4()}", **said}
    made = await client.post("/v1/recognitions", json=body, headers=sent(Prefer="wait=10"))
    assert made.status_code == 201, made.text
    return dict(made.json())


@pytest.fixture
async def whole(tree: Settings, alice: httpx.AsyncClient) -> dict[str, str]:
    """A tension that a project with a WIN resolves, and recognitions of both."""
    tension = (await report(alice)).json()["id"]
    about = await recognise(alice, project={"name": f"Quiet pumps {uuid4().hex[:8]}"})
    eased = await recognise(alice, tensionId=tension)
    project = about["project"]["id"]
    await resolving(tree, UUID(tension), UUID(project), WinStatus.PUBLISHED)
    return {"Tension": tension, "Project": project, "about": about["id"], "eased": eased["id"]}


async def test_every_station_leads_to_the_others(alice: httpx.AsyncClient, whole: dict[str, str]) -> None:
    of_tension = await chain(alice, whole["Tension"])
    assert of_tension["here"] == ["Tension"]
    assert (of_tension["Tension"], of_tension["Project"]) == ([whole["Tension"]], [whole["Project"]])
    assert set(of_tension["Recognition"]) == {whole["about"], whole["eased"]}
    [win] = of_tension["WIN"]
    of_project, of_win = await chain(alice, whole["Project"]), await chain(alice, win)
    assert of_project["Tension"] == of_win["Tension"] == [whole["Tension"]]
    assert of_project["Recognition"] == of_win["Recognition"] == [whole["about"]]
    assert (of_project["WIN"], of_win["Project"]) == ([win], [whole["Project"]])
    of_about = await chain(alice, whole["about"])
    assert of_about["Recognition"][0] == whole["about"]
    assert (of_about["Tension"], of_about["Project"], of_about["WIN"]) == (
        [whole["Tension"]],
        [whole["Project"]],
        [win],
    )
    assert (await chain(alice, whole["eased"]))["Tension"] == [whole["Tension"]]


async def test_what_stands_beside_the_chain_stands_where_its_subject_does(
    alice: httpx.AsyncClient, whole: dict[str, str]
) -> None:
    path = f"/v1/tensions/{whole['Tension']}/comments"
    comment = (await alice.post(path, json={"text": "I hear it too"}, headers=sent(Prefer="wait=10"))).json()
    found = await chain(alice, comment["id"])
    assert (found["here"], found["Tension"], found["Project"]) == ([], [whole["Tension"]], [whole["Project"]])
    me = (await alice.get("/v1/me")).json()["person"]["id"]
    assert await chain(alice, me) == {"here": []}


async def test_nobody_sees_more_of_a_chain_than_of_its_things(
    tree: Settings, alice: httpx.AsyncClient, olga: httpx.AsyncClient, whole: dict[str, str]
) -> None:
    hidden = await recognise(alice, tensionId=whole["Tension"], visibility="parties")
    assert hidden["id"] in (await chain(alice, whole["Tension"]))["Recognition"]
    assert hidden["id"] not in (await chain(olga, whole["Tension"]))["Recognition"]
    assert (await olga.get(f"/v1/chain/{hidden['id']}")).status_code == 404
    async with http_client(tree, token=machine_token(tree, "r_tension")) as narrow:
        assert set(await chain(narrow, whole["Tension"])) == {"Tension", "here"}
        assert (await narrow.get(f"/v1/chain/{whole['Project']}")).status_code == 404


async def test_what_is_withdrawn_is_left_out_and_a_station_tells_how_many_stand_there(
    alice: httpx.AsyncClient, whole: dict[str, str]
) -> None:
    body = {"to": "Archived", "reason": "said twice"}
    where = f"/v1/recognitions/{whole['eased']}/transitions"
    assert (await alice.post(where, json=body, headers=sent(**{"If-Match": "*"}))).status_code == 200

    async def gone() -> bool:
        return (await chain(alice, whole["Tension"]))["Recognition"] == [whole["about"]]

    await until(gone)
    await recognise(alice, project={"id": whole["Project"]})
    assert len((await chain(alice, whole["Tension"]))["Recognition"]) == 2
    short = (await alice.get(f"/v1/chain/{whole['Tension']}", params={"limit": "1"})).json()
    [station] = [one for one in short["stations"] if one["label"] == "Recognition"]
    assert (station["count"], len(station["items"])) == (2, 1)
