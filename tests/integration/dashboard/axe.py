"""What accessibility rules a page breaks, by axe-core."""

from functools import cache
from pathlib import Path

from playwright.async_api import Page

from tests.browser import chromium


@cache
def _script(folder: Path) -> str:
    return (folder / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")


async def violations(page: Page) -> list[str]:
    """Each broken rule with where it is broken; run with rights that the page's own policy does not give to scripts."""
    session = await page.context.new_cdp_session(page)
    source = _script(await chromium.modules())
    await session.send("Runtime.evaluate", {"expression": source})
    await session.detach()
    found = await page.evaluate("async () => (await axe.run()).violations")
    return [f"{one['id']}: {[node['html'][:120] for node in one['nodes']]}" for one in found]
