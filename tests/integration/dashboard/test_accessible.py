"""Every screen in both languages and themes: no accessibility rule is broken."""

import httpx
import pytest
from playwright.async_api import Page

from tests.integration.dashboard.axe import violations
from tests.integration.dashboard.conftest import SignedIn
from tests.people import thank
from tests.tensions import report

pytestmark = pytest.mark.servers


async def settled(page: Page, path: str) -> None:
    """Open a page and wait until nothing on it is being read."""
    await page.goto(path, wait_until="networkidle")
    await page.locator("h1").first.wait_for()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "vi"])
async def test_no_screen_breaks_a_rule(
    signed_in: SignedIn, alice: httpx.AsyncClient, bob: httpx.AsyncClient, language: str, theme: str
) -> None:
    made = (await report(alice, title="Mùi gas dưới tầng hầm", facts="Ai cũng ngửi thấy")).json()["id"]
    given = (await thank(alice, {"email": "bob@trm.test"}, tensionId=made)).json()["id"]
    paths = (
        *("/", "/recognise", "/tensions", "/tensions?view=list", "/tensions/new", "/decisions"),
        *(f"/tensions/{made}", f"/tensions/{made}?why={made}", f"/recognitions/{given}", f"/things/{made}"),
    )
    page = await signed_in("Alice", language=language, theme=theme)
    broken: dict[str, list[str]] = {}
    for path in (*paths, "/dev/parts", "/nowhere"):
        await settled(page, path)
        if found := await violations(page):
            broken[path] = found
    assert broken == {}
