"""Recognising somebody in the dashboard: by keys alone, seen by others at once, and never lost or doubled."""

import asyncio
import re
from uuid import uuid4

import httpx
import pytest
from playwright.async_api import Page, Route, expect

from tests.clients import until
from tests.integration.dashboard.conftest import SignedIn
from tests.tensions import report

pytestmark = pytest.mark.servers


@pytest.fixture(autouse=True)
async def bob_is_known(bob: httpx.AsyncClient) -> None:
    """Somebody is offered by their name once they sent something themselves."""
    (await report(bob, title="What makes Bob known")).raise_for_status()


async def compose(page: Page, said: str, whom: str = "Bob Iyer") -> None:
    """Type a recognition; whom it is for is chosen from what is offered."""
    await page.keyboard.press("c")
    field = page.get_by_role("textbox", name="What did they do?")
    await expect(field).to_be_focused()
    await page.keyboard.type(f"@{whom[:3]}")
    await expect(page.get_by_role("option", name=whom)).to_be_visible()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("list", name="Named in it")).to_contain_text(whom)
    await page.keyboard.type(said)


async def with_words(machine: httpx.AsyncClient, said: str) -> int:
    """How many recognitions say something."""
    answer = (await machine.get("/v1/recognitions", params={"limit": "100"})).raise_for_status()
    return sum(said in one["content"] for one in answer.json()["items"])


async def test_it_is_typed_by_keys_alone_and_another_sees_it(signed_in: SignedIn, machine: httpx.AsyncClient) -> None:
    alice, bob = await signed_in("Alice"), await signed_in("Bob", language="vi")
    said = f"stayed until the pump ran again {uuid4().hex[:8]}"
    await compose(alice, said)
    await expect(alice.get_by_text("Who was helped by it, and how?")).to_be_visible()
    await alice.keyboard.type(" so that the clinic could open. #Calm pumps")
    await expect(alice.get_by_role("option", name="A new project")).to_be_visible()
    await alice.keyboard.press("ArrowDown")
    await alice.keyboard.press("Enter")
    await expect(alice.get_by_text("Who was helped by it, and how?")).to_be_hidden()
    await alice.keyboard.press("Control+Enter")
    await expect(alice.get_by_role("list", name="On its way").get_by_text("Written")).to_be_visible()
    await expect(bob.get_by_text(said)).to_be_visible()
    await expect(alice.get_by_role("list", name="On its way")).to_contain_text("recognition/")
    assert await with_words(machine, said) == 1


async def test_what_was_typed_stays_over_a_reload_and_an_outage(
    signed_in: SignedIn, machine: httpx.AsyncClient
) -> None:
    page = await signed_in("Alice")
    said = f"kept over everything {uuid4().hex[:8]}"
    await compose(page, said)
    await page.reload()
    field = page.get_by_role("textbox", name="What did they do?")
    await expect(field).to_have_value(f"Bob Iyer {said}")
    await page.route("**/v1/recognitions", lambda route: route.abort())  # the answer is lost, as by a bad network
    await page.keyboard.press("Control+Enter")
    await expect(page.get_by_role("alert")).to_contain_text("What you typed is still here")
    await page.unroute("**/v1/recognitions")
    await expect(field).to_be_focused()
    await page.keyboard.press("Control+Enter")
    await expect(page.get_by_role("heading", name="Home")).to_be_visible()

    async def once() -> bool:
        return await with_words(machine, said) == 1

    await until(once)


async def test_an_answer_that_is_lost_makes_no_second_one(signed_in: SignedIn, machine: httpx.AsyncClient) -> None:
    page = await signed_in("Alice")
    said = f"once and no more {uuid4().hex[:8]}"
    await compose(page, said)
    lost = 0

    async def lose(route: Route) -> None:
        nonlocal lost
        lost += 1
        await route.fetch()  # it arrives; its answer does not
        await route.abort()

    await page.route("**/v1/recognitions", lose)
    await page.keyboard.press("Control+Enter")
    await expect(page.get_by_role("alert")).to_be_visible()
    await page.unroute("**/v1/recognitions")
    await page.get_by_role("button", name="Send").click()
    await expect(page.get_by_role("list", name="On its way").get_by_text("Written")).to_be_visible()
    assert lost >= 1
    assert await with_words(machine, said) == 1


async def test_a_late_answer_pulls_nobody_away_and_takes_no_other_words(
    signed_in: SignedIn, machine: httpx.AsyncClient
) -> None:
    page = await signed_in("Alice")
    said, since = f"sent slowly {uuid4().hex[:8]}", f"typed since {uuid4().hex[:8]}"
    await compose(page, said)
    goes_on = asyncio.Event()

    async def slow(route: Route) -> None:
        await goes_on.wait()
        await route.continue_()

    await page.route("**/v1/recognitions", slow)
    await page.keyboard.press("Control+Enter")
    await page.get_by_role("link", name="Home", exact=True).click()
    await page.keyboard.press("c")
    field = page.get_by_role("textbox", name="What did they do?")
    await field.fill(since)
    goes_on.set()

    async def once() -> bool:
        return await with_words(machine, said) == 1

    await until(once)
    await expect(page).to_have_url(re.compile("/recognise$"))
    await expect(field).to_have_value(since)
    await page.get_by_role("link", name="Home", exact=True).click()
    await expect(page.get_by_role("list", name="On its way")).to_contain_text(said)
    await page.keyboard.press("c")
    await expect(field).to_have_value(since)


async def test_only_who_is_meant_is_taken(signed_in: SignedIn) -> None:
    page = await signed_in("Alice")
    named = page.get_by_role("list", name="Named in it")
    await page.keyboard.press("c")
    field = page.get_by_role("textbox", name="What did they do?")
    await expect(field).to_be_focused()
    await page.keyboard.type("@bo")
    await expect(page.get_by_role("option", name="Bob Iyer")).to_be_visible()
    await page.keyboard.type("qz")
    await page.keyboard.press("Enter")  # before it is known that nobody is called so
    await expect(page.get_by_text("Nobody has this name")).to_be_visible()
    await expect(named).to_be_hidden()
    await field.fill("")
    await page.keyboard.type("@Bob Iyer fixed it")
    await expect(page.get_by_role("option", name="Bob Iyer")).to_be_visible()
    await page.keyboard.press("Enter")
    await page.keyboard.type(" at once")
    await expect(field).to_have_value("Bob Iyer fixed it at once")
    await expect(named).to_contain_text("Bob Iyer")
    await field.fill("She fixed it")
    await expect(named).to_be_hidden()
    await page.keyboard.type(" #42 in the pump room")
    await expect(page.get_by_role("option", name="A new project")).to_be_visible()
    await page.keyboard.press("Tab")
    await expect(field).not_to_be_focused()
    await expect(named).to_be_hidden()
