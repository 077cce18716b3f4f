"""What stands in a query: moments as clients really send them, and cursors that are empty."""

from datetime import UTC, datetime
from urllib.parse import quote

import httpx
import pytest

from graph import recognitions
from tests.unit.api.worlds import World

MEANT = datetime(2026, 2, 28, 17, tzinfo=UTC)


async def asked(client: httpx.AsyncClient, name: str, sent: str) -> httpx.Response:
    """The query as it is written here: nothing is encoded that is not already."""
    return await client.get(httpx.URL(f"http://gateway.test/v1/recognitions?{name}={sent}"))


@pytest.mark.parametrize("name", ["since", "until"])
@pytest.mark.parametrize(
    "sent",
    [
        "2026-03-01T00:00:00+07:00",
        "2026-03-01T00:00:00%2B07:00",
        "2026-03-01T00:00:00%2B0700",
        "2026-03-01T00:00:00+0700",
        "2026-03-01T00:00:00.000+07:00",
        "2026-03-01t00:00:00+07:00",
        "2026-02-28T17:00:00Z",
        "2026-02-28t17:00:00z",
        "2026-02-28T10:00:00-07:00",
        "2026-02-28T10:00:00-0700",
        "2026-02-28%2017:00:00Z",
    ],
)
async def test_moments_mean_what_was_meant(world: World, client: httpx.AsyncClient, name: str, sent: str) -> None:
    answer = await asked(client, name, sent)
    assert answer.status_code == 200, answer.text
    [parameters] = [said for query, said in world.graph.asked if query.startswith(recognitions._ALL)]
    assert parameters[name] == MEANT


@pytest.mark.parametrize(
    "sent", ["2026-03-01T00:00:00+7", "2026-03-01T00:00:00++07:00", "2026-03-01T00:00:00+", "2026-03-01T00:00+07:0x"]
)
async def test_what_a_lost_plus_broke_is_told_how_to_write_it(client: httpx.AsyncClient, sent: str) -> None:
    problem = (await asked(client, "since", sent)).json()
    assert (problem["status"], problem["errors"][0]["pointer"]) == (422, "#query/since")
    assert "%2B" in problem["errors"][0]["detail"]


@pytest.mark.parametrize("sent", ["", "2026-03-01", "2026-03-01T00:00:00", quote("ngày mai"), "1767225600"])
async def test_what_is_no_moment_is_refused(client: httpx.AsyncClient, sent: str) -> None:
    assert (await asked(client, "until", sent)).json()["code"] == "invalidRequest"


@pytest.mark.parametrize("path", ["/v1/people?limit=2&cursor=", "/v1/recognitions?cursor=", "/v1/people?cursor&name="])
async def test_an_empty_cursor_is_the_first_page(world: World, client: httpx.AsyncClient, path: str) -> None:
    for _ in range(3):
        world.graph.add_person()
        world.graph.add_recognition()
    assert len((await client.get(path)).json()["items"]) in {2, 3}
    for cursor in ("%20", "AA", "null"):
        refused = await client.get(f"{path.partition('cursor')[0]}cursor={cursor}")
        assert (refused.status_code, refused.json()["code"]) == (400, "cursorInvalid")
