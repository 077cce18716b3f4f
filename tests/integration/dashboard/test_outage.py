"""A gateway that dies while somebody reads: told calmly, and gone on with by itself."""

import asyncio

import httpx
import pytest
from playwright.async_api import Route, expect

from stack.session import StackSession
from tests.integration.dashboard.conftest import SignedIn
from tests.people import thank

pytestmark = pytest.mark.servers


async def test_a_killed_gateway_is_told_calmly_and_the_feed_goes_on(
    signed_in: SignedIn, stack: StackSession, machine: httpx.AsyncClient
) -> None:
    page = await signed_in("Bob")
    before = (await thank(machine, {"email": "bob@trm.test"})).json()["content"]
    await expect(page.get_by_text(before)).to_be_visible()
    restarts = stack.kill("gateway")
    await expect(page.get_by_text("Connecting").or_(page.get_by_text("Not connected")).first).to_be_visible()
    await asyncio.to_thread(stack.wait_restarted, "gateway", restarts)
    after = (await thank(machine, {"email": "bob@trm.test"})).json()["content"]
    await expect(page.get_by_text(after)).to_be_visible()
    await expect(page.get_by_text(before)).to_be_visible()
    await expect(page.get_by_text(after)).to_have_count(1)


async def test_a_page_that_cannot_be_loaded_leaves_the_others_where_they_are(signed_in: SignedIn) -> None:
    page = await signed_in("Alice", language="vi")
    await page.route("**/assets/TensionsPage*", lambda route: route.abort())
    await page.get_by_role("link", name="Tension", exact=True).click()
    await expect(page.get_by_role("heading", name="Không tải được trang này")).to_be_visible()
    await expect(page.get_by_role("navigation").first).to_be_visible()
    await page.unroute("**/assets/TensionsPage*")
    await page.get_by_role("button", name="Thử lại").click()
    await expect(page.get_by_role("heading", name="Tension", exact=True)).to_be_visible()


async def test_a_page_that_could_not_be_loaded_comes_with_the_network(signed_in: SignedIn) -> None:
    page = await signed_in("Alice")
    await page.route("**/assets/TensionsPage*", lambda route: route.abort())
    await page.get_by_role("link", name="Tensions", exact=True).click()
    await expect(page.get_by_role("heading", name="This page could not be loaded")).to_be_visible()
    await page.context.set_offline(True)
    await expect(page.get_by_text("Not connected").or_(page.get_by_text("Connecting")).first).to_be_visible()
    await page.unroute("**/assets/TensionsPage*")
    await page.context.set_offline(False)
    await expect(page.get_by_role("heading", name="Tensions", exact=True)).to_be_visible()


async def test_a_gateway_that_hangs_is_told_and_gone_on_with(signed_in: SignedIn) -> None:
    page = await signed_in("Bob")
    goes_on = asyncio.Event()

    async def hang(route: Route) -> None:
        await goes_on.wait()
        await route.continue_()

    await page.route("**/v1/me", hang)
    await page.reload()
    await expect(page.get_by_text("TRM-OS does not answer at the moment")).to_be_visible()
    goes_on.set()
    await expect(page.get_by_role("heading", name="Home")).to_be_visible()
