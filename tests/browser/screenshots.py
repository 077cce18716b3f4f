"""Pictures of every screen: ``python -m tests.browser.screenshots FOLDER`` on the running stack.

Each screen is taken wide and as on a phone, light and dark, in English and Vietnamese, as Alice sees the sample
organisation of ``make run``.
"""

import argparse
import asyncio
from pathlib import Path

import httpx
from playwright.async_api import Browser, Page
from rich.progress import track

from runtime.settings import Settings, settings
from stack.addresses import located
from tests.browser.people import context_of, sign_in, started
from tests.clients import http_client

SIZES = {"wide": (1440, 900), "phone": (390, 844)}
SETTINGS = [("en", "light"), ("en", "dark"), ("vi", "light"), ("vi", "dark")]


async def screens(alice: httpx.AsyncClient) -> dict[str, str]:
    """Name → path of every screen; of things the newest."""
    newest: dict[str, str] = {}
    for name, page in (("tensions", "tension"), ("approvals", "decision")):
        read = (await alice.get(f"/v1/{name}", params={"limit": "1"})).raise_for_status()
        if items := read.json()["items"]:
            newest[page] = f"/{page}s/{items[0]['id']}"
    return newest | {
        "home": "/",
        "recognise": "/recognise",
        "tensions-board": "/tensions",
        "tensions-list": "/tensions?view=list",
        "report": "/tensions/new",
        "decisions": "/decisions",
        "parts": "/dev/parts",
        "not-found": "/nowhere",
    }


async def shoot(page: Page, path: str, file: Path) -> None:
    """One picture, once nothing is being read any more."""
    await page.goto(path, wait_until="networkidle")
    await page.locator("h1").first.wait_for()
    await page.evaluate("() => document.fonts.ready")
    await page.screenshot(path=file, animations="disabled")


async def _all(browser: Browser, tree: Settings, folder: Path, only: list[str]) -> None:
    async with http_client(tree, "alice") as alice:
        chosen = {name: path for name, path in (await screens(alice)).items() if not only or name in only}
    shots = [(size, *how) for size in SIZES for how in SETTINGS]
    for size, language, theme in track(shots, "screens"):
        width, height = SIZES[size]
        context = await context_of(
            browser, tree.dashboard.public_url, language=language, theme=theme, width=width, height=height
        )
        page = await context.new_page()
        await page.goto("/")
        await page.screenshot(path=folder / f"sign-in-{size}-{language}-{theme}.png")
        await sign_in(page, "Alice", language)
        for name, path in chosen.items():
            await shoot(page, path, folder / f"{name}-{size}-{language}-{theme}.png")
        await context.close()


async def main(folder: Path, only: list[str]) -> None:
    """Take them all."""
    folder.mkdir(parents=True, exist_ok=True)
    async with started() as browser:
        await _all(browser, located(settings()), folder, only)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", nargs="*", default=[], help="names of screens")
    given = parser.parse_args()
    asyncio.run(main(given.folder, given.only))
