"""Entity tags: they change with anything that is sent, and a reader who has one is not sent it again."""

from typing import Any

import httpx
import pytest

from tests.unit.api.worlds import World, post


def things(world: World) -> dict[str, tuple[str, dict[str, Any]]]:
    """Path of one thing of each kind, and a name of somebody else that stands in it."""
    graph = world.graph
    said, known, person = graph.add_recognition(), graph.add_snippet(), graph.add_person()
    return {
        "receiver": (f"/v1/recognitions/{said}", graph.recognitions[said]["receivers"][0]),
        "giver": (f"/v1/recognitions/{said}", graph.recognitions[said]["giver"]),
        "project": (f"/v1/recognitions/{said}", graph.recognitions[said]["projects"][0]),
        "author": (f"/v1/knowledgeSnippets/{known}", graph.snippets[known]["authors"][0]),
        "person": (f"/v1/people/{person}", graph.people[person]["person"]),
    }


@pytest.mark.parametrize("kind", ["receiver", "giver", "project", "author", "person"])
async def test_another_name_within_is_another_tag(world: World, client: httpx.AsyncClient, kind: str) -> None:
    path, named = things(world)[kind]
    tag = (await client.get(path)).headers["etag"]
    assert (await client.get(path, headers={"If-None-Match": tag})).status_code == 304
    named["name" if kind == "project" else "fullName"] = "Nguyễn Mới"
    answer = await client.get(path, headers={"If-None-Match": tag})
    assert (answer.status_code, "Nguyễn Mới" in answer.text) == (200, True)
    assert answer.headers["etag"] != tag


async def test_a_tag_is_strong_and_begins_with_the_revision(world: World, client: httpx.AsyncClient) -> None:
    path = f"/v1/people/{world.graph.add_person(rev=7)}"
    tag = (await client.get(path)).headers["etag"]
    assert tag.startswith('"7.')
    assert tag.endswith('"')


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ("{tag}", 304),
        ("W/{tag}", 304),
        ('"x", {tag}', 304),
        ('"a,b" ,W/{tag}', 304),
        ("*", 304),
        ("  *  ", 304),
        ('"7.0"', 200),
        ("w/{tag}x", 200),
        ('"x, {bare}"', 200),
        ("{bare}", 200),
        ('*, "x"', 200),
        ("", 200),
    ],
)
async def test_tags_are_compared_as_the_rfc_says(
    world: World, client: httpx.AsyncClient, said: str, status: int
) -> None:
    path = f"/v1/people/{world.graph.add_person()}"
    tag = (await client.get(path)).headers["etag"]
    answer = await client.get(path, headers={"If-None-Match": said.format(tag=tag, bare=tag.strip('"'))})
    assert answer.status_code == status
    assert (answer.content == b"", answer.headers["etag"]) == (status == 304, tag)


async def test_tags_may_come_in_several_headers(world: World, client: httpx.AsyncClient) -> None:
    path = f"/v1/people/{world.graph.add_person()}"
    tag = (await client.get(path)).headers["etag"]
    answer = await client.get(path, headers=[("If-None-Match", '"x"'), ("If-None-Match", tag)])
    assert answer.status_code == 304


async def test_an_accepted_write_has_a_tag_until_it_stands(world: World, client: httpx.AsyncClient) -> None:
    accepted = await post(client, "/v1/people", {"fullName": "Mai"})
    assert accepted.status_code == 202
    tag = (await client.get(accepted.headers["location"])).headers["etag"]
    assert (await client.get(accepted.headers["location"], headers={"If-None-Match": tag})).status_code == 304
    world.graph.people[accepted.json()["id"]] = world.graph.people[world.graph.add_person()]
    assert (await client.get(accepted.headers["location"], headers={"If-None-Match": tag})).status_code == 200


async def test_a_written_answer_has_the_tag_its_location_has(world: World, client: httpx.AsyncClient) -> None:
    said = {"receivers": [{"email": "bob@trm.test"}], "content": "Thank you"}
    key = {"Idempotency-Key": "one"}
    first = await client.post("/v1/recognitions", json=said, headers=key)
    made = first.json()["id"]
    world.graph.recognitions[made] = world.graph.recognitions[world.graph.add_recognition()]
    written = await client.post(
        "/v1/recognitions", json=said, headers={**key, "Prefer": "wait=1", "If-None-Match": "*"}
    )
    assert written.status_code == 201
    assert written.headers["etag"] == (await client.get(written.headers["location"])).headers["etag"]
