"""Tensions in the dashboard: reported, rated, felt by others, spoken about and moved, on the page and on the board."""

import re
from uuid import uuid4

import httpx
import pytest
from playwright.async_api import Page, expect

from tests.integration.dashboard.conftest import SignedIn
from tests.tensions import report

pytestmark = pytest.mark.servers


async def reported(page: Page, title: str) -> None:
    """Report a tension by keys alone, and wait until it is written."""
    await page.keyboard.press("t")
    await expect(page.get_by_role("textbox", name="What is the gap?")).to_be_focused()
    await page.keyboard.type(title)
    await page.keyboard.press("Control+Enter")
    await expect(page.get_by_role("heading", name=title)).to_be_visible()


async def test_it_is_followed_from_the_report_to_its_end(signed_in: SignedIn) -> None:
    alice, title = await signed_in("Alice"), f"Mùi gas dưới tầng hầm {uuid4().hex[:8]}"
    await reported(alice, title)
    await alice.locator("summary").filter(has_text="Why?").click()  # there once the machine judged
    await expect(alice.get_by_text("fire, gas or poison")).to_be_visible()
    await alice.get_by_role("button", name="Critical", exact=True).click()
    await alice.get_by_role("textbox", name="Why?").fill("I was there")
    await alice.get_by_role("button", name="Set to Critical").click()
    await expect(alice.get_by_text("said by a person")).to_be_visible()
    await expect(alice.get_by_role("status").filter(has_text="severity")).to_be_focused()
    bob = await signed_in("Bob")
    await bob.goto(alice.url)
    await bob.get_by_role("button", name="I feel it too").click()
    await expect(bob.get_by_text("You are counted.")).to_be_visible()
    await bob.get_by_role("textbox", name="Say something").fill("I smelled it as well")
    await bob.get_by_role("button", name="Comment", exact=True).click()
    await expect(alice.get_by_text("I smelled it as well")).to_be_visible()
    await expect(alice.get_by_text("1 person feels it too")).to_be_visible()
    await expect(bob.get_by_text("or a moderator")).to_be_visible()  # Bob moves it not
    await alice.get_by_role("button", name="Under review", exact=True).click()
    moved = re.compile("It is now: Under review|it is being written")
    await expect(alice.get_by_role("status").filter(has_text=moved)).to_be_focused()


async def test_a_card_is_moved_by_keys_and_what_is_refused_says_its_rule(
    signed_in: SignedIn, alice: httpx.AsyncClient
) -> None:
    page, title = await signed_in("Alice"), f"A card to move {uuid4().hex[:8]}"
    await report(alice, title=title)
    await page.goto("/tensions?whose=felt")
    card = page.get_by_role("link", name=title)
    await card.focus()
    await page.keyboard.press("m")
    await page.get_by_role("dialog").get_by_role("button", name="Under review").click()
    await expect(page.locator("[data-column=UnderReview]").get_by_role("link", name=title)).to_be_focused()
    await page.keyboard.press("m")
    await page.get_by_role("dialog").get_by_role("button", name="Accepted").click()
    await expect(page.locator("[data-column=Accepted]").get_by_role("link", name=title)).to_be_focused()
    await page.keyboard.press("m")
    dialog = page.get_by_role("dialog")
    await dialog.get_by_role("button", name="Resolved").click()
    await dialog.get_by_role("button", name="Move to Resolved").click()
    await expect(dialog.get_by_role("alert")).to_contain_text("what was done")
    await dialog.get_by_role("textbox", name="What was done?").fill("It was moved by keys")
    await page.keyboard.press("Control+Enter")
    await expect(page.locator("[data-column=Resolved]").get_by_role("link", name=title)).to_be_focused()


async def test_what_is_private_is_nobody_elses(signed_in: SignedIn, alice: httpx.AsyncClient) -> None:
    title = f"Between the two of us {uuid4().hex[:8]}"
    made = await report(alice, title=title, visibility="parties")
    bob = await signed_in("Bob")
    await bob.goto(f"/tensions/{made.json()['id']}")
    await expect(bob.get_by_text("There is no such thing, or it is not for you.")).to_be_visible()
    await expect(bob.get_by_text(title)).to_be_hidden()
    await bob.goto("/tensions?view=list")
    await expect(bob.get_by_role("heading", name="Tensions")).to_be_visible()
    await expect(bob.get_by_text(title)).to_be_hidden()
