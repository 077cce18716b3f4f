"""Where a thing stands, as the gateway tells it; what the ways lead to is tried on a real server."""

from typing import Any
from uuid import uuid4

import httpx

from tests.unit.api.worlds import World


def standing(label: str, **more: list[Any]) -> dict[str, Any]:
    item = {"id": str(uuid4()), "label": label, "name": "A name", "status": None, "severity": None}
    return {"here": item, "about": [], "learnt": [], **more}


async def test_a_text_that_nothing_led_to_stands_alone(world: World, client: httpx.AsyncClient) -> None:
    row = standing("KnowledgeSnippet")
    world.graph.anchors[row["here"]["id"]] = [row]
    answer = (await client.get(f"/v1/chain/{row['here']['id']}")).json()
    told = {one["label"]: (one["count"], one.get("here")) for one in answer["stations"]}
    assert told == {"Recognition": (0, False), "KnowledgeSnippet": (1, True)}, "the token covers these two"


async def test_a_person_stands_in_no_chain(world: World, client: httpx.AsyncClient) -> None:
    row = standing("Person")
    world.graph.anchors[row["here"]["id"]] = [row]
    answer = (await client.get(f"/v1/chain/{row['here']['id']}")).json()
    assert (answer["here"]["label"], answer["stations"]) == ("Person", [])


async def test_what_is_not_there_is_not_found(client: httpx.AsyncClient) -> None:
    answer = await client.get(f"/v1/chain/{uuid4()}")
    assert (answer.status_code, answer.json()["code"]) == (404, "notFound")
    assert (await client.get("/v1/chain/nobody")).status_code == 422


async def test_only_labels_that_the_token_covers_are_asked_for(world: World, client: httpx.AsyncClient) -> None:
    await client.get(f"/v1/chain/{uuid4()}")
    [labels] = [asked["labels"] for _, asked in world.graph.asked if "stations" in asked]
    assert "Recognition" in labels
    assert not {"Tension", "Identity"} & set(labels)
