"""Names as one types them: the likeliest first, and nothing that its reader may not see."""

from uuid import uuid4

import httpx
import pytest

from tests.people import sent, write

pytestmark = pytest.mark.servers


async def suggested(client: httpx.AsyncClient, kind: str, text: str) -> list[str]:
    answer = (await client.get("/v1/suggestions", params={"kind": kind, "text": text})).raise_for_status()
    return [one["name"] for one in answer.json()["items"]]


async def test_whole_names_come_first_and_accents_as_they_were_typed(machine: httpx.AsyncClient) -> None:
    tag = f"q{uuid4().hex[:6]}"
    for name in (f"Thu Hà{tag}", f"Hạ{tag}", f"Hà{tag} Thu", f"Hà{tag}", f"Liha{tag} Lan"):
        await write(machine, "/v1/people", fullName=name)
    names = await suggested(machine, "Person", f"Hà{tag}")
    assert names == [f"Hà{tag}", f"Hạ{tag}", f"Hà{tag} Thu", f"Thu Hà{tag}", f"Liha{tag} Lan"]
    assert (await suggested(machine, "Person", f"hạ{tag}"))[0] == f"Hạ{tag}"
    assert await suggested(machine, "Person", f"{tag} nobody") == []


async def test_projects_are_suggested_once_somebody_named_them(machine: httpx.AsyncClient) -> None:
    tag = uuid4().hex[:8]
    body = {"receivers": [{"email": "bob@trm.test"}], "content": "Thanks", "project": {"name": f"Máy bơm {tag}"}}
    assert (await machine.post("/v1/recognitions", json=body, headers=sent())).status_code == 201
    assert await suggested(machine, "Project", f"bom {tag}") == [f"Máy bơm {tag}"]


async def test_a_private_tension_is_suggested_to_its_parties_alone(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient
) -> None:
    tag = uuid4().hex[:8]
    await write(alice, "/v1/tensions", title=f"Open gap {tag}")
    await write(alice, "/v1/tensions", title=f"Hidden gap {tag}", visibility="parties")
    assert set(await suggested(alice, "Tension", f"gap {tag}")) == {f"Open gap {tag}", f"Hidden gap {tag}"}
    assert await suggested(bob, "Tension", f"gap {tag}") == [f"Open gap {tag}"]


@pytest.mark.parametrize("query", [{"kind": "Event", "text": "a"}, {"kind": "Person"}, {"kind": "Person", "text": ""}])
async def test_what_is_not_asked_well_is_refused(machine: httpx.AsyncClient, query: dict[str, str]) -> None:
    answer = await machine.get("/v1/suggestions", params=query)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalidRequest")
