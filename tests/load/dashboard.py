"""How fast the dashboard is: its first load, a board of two thousand tensions, and a recognition that another sees.

Run by ``make bench-dashboard``: ``python -m tests.load.dashboard --tensions 2000``. It starts a stack of its own, loads
tensions in bulk, and looks with a real Chromium: the first load on a slow network and a processor slowed down four
times, the board while it is scrolled, and the time from sending a recognition until it stands on another person's page.
"""

import argparse
import asyncio
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any
from uuid import uuid4

from playwright.async_api import Browser, Page, expect
from rich.console import Console
from rich.table import Table

from graph.database import GraphDatabase
from runtime.settings import Settings
from stack.session import StackSession
from tests.browser.people import context_of, sign_in, started
from tests.clients import settings_of
from tests.load.boards import load

console = Console()

_SLOW_NETWORK = {"offline": False, "latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 94_000}
"""1.6 Mbit/s down, 750 kbit/s up, 150 ms: what browsers' own tools call a fast 3G."""
_SLOWER = 4
_SCROLLS = 60

_WATCH = """
window.seen = { paint: 0, tasks: [] };
new PerformanceObserver((list) => { for (const one of list.getEntries()) window.seen.paint = one.startTime; })
  .observe({ type: 'largest-contentful-paint', buffered: true });
new PerformanceObserver((list) => { for (const one of list.getEntries()) window.seen.tasks.push(one.duration); })
  .observe({ type: 'longtask', buffered: true });
"""


async def _first_load(browser: Browser, tree: Settings) -> float:
    """Milliseconds to the largest contentful paint of somebody who is there for the first time."""
    context = await context_of(browser, tree.dashboard.public_url)
    await context.add_init_script(_WATCH)
    page = await context.new_page()
    tools = await context.new_cdp_session(page)
    await tools.send("Network.enable")
    await tools.send("Network.emulateNetworkConditions", _SLOW_NETWORK)
    await tools.send("Emulation.setCPUThrottlingRate", {"rate": _SLOWER})
    await page.goto("/")
    await page.get_by_role("button", name="Sign in").wait_for()
    await page.wait_for_timeout(500)
    paint = float(await page.evaluate("() => window.seen.paint"))
    await context.close()
    return paint


async def _board(page: Page) -> dict[str, Any]:
    """What scrolling a long column costs: the longest task, and the most rows in the document."""
    await page.goto("/tensions")
    column = page.locator("[data-column=Closed]")
    await column.get_by_role("link").first.wait_for()
    await column.scroll_into_view_if_needed()
    await column.get_by_role("link").first.hover()
    await page.wait_for_timeout(1000)
    await page.evaluate("() => { window.seen.tasks = []; }")
    rows = 0
    for _ in range(_SCROLLS):
        await page.mouse.wheel(0, 900)
        await page.wait_for_timeout(50)
        rows = max(rows, await page.locator("[data-column] a[id^=card-]").count())
    tasks: list[float] = await page.evaluate("() => window.seen.tasks")
    return {"tasks over 50 ms": len(tasks), "longest": max(tasks, default=0.0), "rows": rows}


async def _seen(alice: Page, bob: Page) -> float:
    """Milliseconds from sending a recognition until another person sees it."""
    said = f"seen at once {uuid4().hex[:8]}"
    await alice.goto("/recognise")
    await alice.get_by_role("textbox").fill("@bob@trm.test")
    await alice.locator("[role=option]").first.click()
    await alice.get_by_role("textbox").press("End")
    await alice.keyboard.type(said)
    began = time.perf_counter()
    await alice.keyboard.press("Control+Enter")
    await expect(bob.get_by_text(said)).to_be_visible(timeout=30_000)
    return (time.perf_counter() - began) * 1000


async def run(tensions: int, times: int) -> None:
    """Load, look, print."""
    with tempfile.TemporaryDirectory(prefix="trm-bench-") as folder, StackSession(Path(folder)) as session:
        tree = settings_of(session)
        async with GraphDatabase(tree.graph) as graph, started() as browser:
            await load(graph, tensions)
            paints = [await _first_load(browser, tree) for _ in range(times)]
            pages = []
            for who in ("Alice", "Bob"):
                context = await context_of(browser, tree.dashboard.public_url)
                await context.add_init_script(_WATCH)
                pages.append(await context.new_page())
                await sign_in(pages[-1], who)
            board = await _board(pages[0])
            await pages[1].goto("/")
            took = sorted([await _seen(*pages) for _ in range(times + 1)][1:])
    table = Table("what", "median", "most", title=f"{tensions:,} tensions, {times} times")
    table.add_row("largest contentful paint, slowed", f"{statistics.median(paints):.0f} ms", f"{max(paints):.0f} ms")
    table.add_row("sent until another sees it", f"{statistics.median(took):.0f} ms", f"{took[-1]:.0f} ms")
    table.add_row("longest task while scrolling", "", f"{board['longest']:.0f} ms")
    table.add_row("tasks over 50 ms while scrolling", "", str(board["tasks over 50 ms"]))
    table.add_row("rows in the document", "", str(board["rows"]))
    console.print(table)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tensions", type=int, default=2_000)
    parser.add_argument("--times", type=int, default=10)
    given = parser.parse_args()
    asyncio.run(run(given.tensions, given.times))
