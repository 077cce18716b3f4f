"""``Prefer``, RFC 7240: in every spelling it allows; what it does not allow is as if it were not said."""

import time

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.preferences import Preferences, parse
from tests.unit.api.worlds import World, post


@pytest.mark.parametrize(
    ("headers", "wait", "respond_async"),
    [
        (["wait=2"], 2, False),
        (['wait="2"'], 2, False),
        (['wait = "2"'], 2, False),
        (["wait = 2 , respond-async"], 2, True),
        (["respond-async", "wait=2"], 2, True),
        (["WAIT=2, Respond-Async"], 2, True),
        (["wait=2; foo=bar, handling=lenient"], 2, False),
        (['return=minimal; foo="a, wait=9", wait=3'], 3, False),
        (["wait=2, wait=9"], 2, False),
        (["wait=2", "wait=9"], 2, False),
        ([", wait=2,,"], 2, False),
        (['wait="\\2"'], 2, False),
        (["wait=007"], 7, False),
        (["wait=0"], 0, False),
        (["wait=" + "9" * 500], 10**9, False),
        (['wait=2, x="' + '\\"' * 20_000], None, False),
        (['respond-async=""'], None, True),
        (['foo="wait=2'], None, False),
        (['x=", wait=2'], 2, False),
        (["wait=2.5"], None, False),
        (["wait=-1"], None, False),
        (["wait=٢"], None, False),
        (["wait"], None, False),
        (["wait=2 3"], None, False),
        (["await=2"], None, False),
        (["wait=2foo"], None, False),
        ([""], None, False),
        ([], None, False),
    ],
)
def test_spellings(headers: list[str], wait: int | None, respond_async: bool) -> None:
    assert parse(headers) == Preferences(wait, respond_async)


@given(st.lists(st.text(alphabet=' \t,;="\\wait2é', max_size=60), max_size=4))
def test_any_text_is_read(headers: list[str]) -> None:
    parse(headers)


@pytest.mark.parametrize("spaces", ["; " * 20_000 + "!(", "wait" + " " * 60_000 + "(", '"' * 60_000, ";" * 60_000])
def test_no_text_takes_long(spaces: str) -> None:
    began = time.perf_counter()
    parse([f"x{spaces}"])
    assert time.perf_counter() - began < 20, "steps that grow with the square of the text take minutes"


async def test_what_was_applied_is_said(world: World, client: httpx.AsyncClient) -> None:
    answer = await post(client, "/v1/people", {"fullName": "Mai"})
    assert "preference-applied" not in answer.headers
    answer = await post(client, "/v1/people", {"fullName": "Mai"}, Prefer="respond-async")
    assert answer.headers["preference-applied"] == "respond-async"
    world.settings.api.wait_limit = 1.0
    answer = await post(client, "/v1/people", {"fullName": "Mai"}, Prefer='wait = "60", respond-async')
    assert (answer.status_code, answer.headers["preference-applied"]) == (202, "respond-async, wait=1")


async def test_several_headers_are_read_together(world: World, client: httpx.AsyncClient) -> None:
    world.settings.api.wait_limit = 1.0
    headers = [("Prefer", "respond-async"), ("Prefer", 'wait="1"'), ("Idempotency-Key", "k")]
    answer = await client.post("/v1/people", json={"fullName": "Mai"}, headers=headers)
    assert answer.headers["preference-applied"] == "respond-async, wait=1"
