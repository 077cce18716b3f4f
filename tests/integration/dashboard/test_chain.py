"""The chain of a thing and why it is so, beside it on every page."""

from uuid import uuid4

import httpx
import pytest
from playwright.async_api import expect

from tests.integration.dashboard.conftest import SignedIn
from tests.people import thank
from tests.tensions import report

pytestmark = pytest.mark.servers


async def test_one_goes_along_the_chain_and_asks_why(signed_in: SignedIn, alice: httpx.AsyncClient) -> None:
    title = f"The chain of this {uuid4().hex[:8]}"
    tension = (await report(alice, title=title)).json()["id"]
    given = (await thank(alice, {"email": "bob@trm.test"}, tensionId=tension)).json()
    page = await signed_in("Bob")
    await page.goto(f"/recognitions/{given['id']}")
    await expect(page.get_by_text(given["content"]).first).to_be_visible()
    ribbon = page.get_by_role("navigation", name="The chain it stands in")
    await ribbon.get_by_role("button", name="Tension").click()
    await ribbon.get_by_role("link", name=title).click()
    await expect(page.get_by_role("heading", name=title)).to_be_visible()
    await page.keyboard.press("w")
    drawer = page.get_by_role("dialog")
    await expect(drawer.get_by_text("Alice Nguyễn").first).to_be_visible()
    await expect(drawer.locator(f"a[href*='tension%2F{tension}'], a[href*='tension/{tension}']").first).to_be_visible()
    await page.go_back()
    await expect(drawer).to_be_hidden()
    await expect(page.get_by_role("heading", name=title)).to_be_visible()
