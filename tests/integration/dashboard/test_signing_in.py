"""Signing in and out with the real issuer, and the home page, as people see them."""

import re

import httpx
import pytest
from playwright.async_api import expect

from runtime.settings import Settings
from tests.integration.dashboard.axe import violations
from tests.integration.dashboard.conftest import SignedIn
from tests.people import thank

pytestmark = pytest.mark.servers


async def test_somebody_signs_in_reads_signs_out_and_is_not_signed_in_any_more(signed_in: SignedIn) -> None:
    page = await signed_in("Alice")
    await expect(page.get_by_role("heading", name="Home")).to_be_visible()
    await page.reload()
    await expect(page.get_by_role("heading", name="Home")).to_be_visible()
    await page.get_by_text("Alice Nguyễn").click()
    await page.get_by_role("button", name="Sign out").click()
    await expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    await page.reload()
    await expect(page.get_by_role("button", name="Sign in")).to_be_visible()


_AGE = """() => {
  const name = Object.keys(sessionStorage).find((one) => one.startsWith('trm.oidc.user'));
  const user = JSON.parse(sessionStorage.getItem(name));
  user.expires_at = Math.floor(Date.now() / 1000) + 5;
  sessionStorage.setItem(name, JSON.stringify(user));
  return user.access_token;
}"""


async def test_a_token_that_ends_is_renewed_without_a_word(signed_in: SignedIn) -> None:
    page = await signed_in("Alice")
    await page.wait_for_load_state("networkidle")  # else a late request renews it, and the reload breaks that off
    before = await page.evaluate(_AGE)
    async with page.expect_response(lambda answer: answer.url.endswith("/v1/me") and answer.status == 200) as read:
        await page.reload()
    used = (await (await read.value).request.all_headers())["authorization"].removeprefix("Bearer ")
    assert used != before
    await expect(page.get_by_role("heading", name="Home")).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "vi"])
async def test_what_happens_is_seen_and_anybody_can_read_it(
    signed_in: SignedIn, machine: httpx.AsyncClient, language: str, theme: str
) -> None:
    page = await signed_in("Bob", language=language, theme=theme)
    await expect(page.locator("html")).to_have_attribute("lang", language)
    said = (await thank(machine, {"email": "bob@trm.test"})).json()["content"]
    await expect(page.get_by_text(said)).to_be_visible()
    assert await violations(page) == []


async def test_keys_lead_where_they_say(signed_in: SignedIn) -> None:
    page = await signed_in("Alice")
    await page.keyboard.press("?")
    await expect(page.get_by_role("dialog")).to_be_visible()
    assert await violations(page) == []
    await page.keyboard.press("Escape")
    await page.keyboard.press("g")
    await page.keyboard.press("d")
    await expect(page).to_have_url(re.compile(r"/decisions(/|$)"))
    await page.keyboard.press("Control+k")
    await page.keyboard.type("home")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Home")).to_be_visible()


async def test_the_page_keeps_itself_to_itself(tree: Settings) -> None:
    async with httpx.AsyncClient(base_url=tree.dashboard.public_url) as client:
        answer = await client.get("/")
        policy = answer.headers["content-security-policy"]
        assert tree.identity.issuer in policy
        assert tree.api.public_url in policy
        assert (await client.get("/config.json")).json()["api"] == tree.api.public_url
