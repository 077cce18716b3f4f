"""Opens the dashboard as one of the sample people."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from playwright.async_api import Browser, BrowserContext, Page, async_playwright

from tests.browser import chromium


@asynccontextmanager
async def started() -> AsyncIterator[Browser]:
    """A Chromium."""
    async with async_playwright() as playwright:
        found = await chromium.find(playwright)
        arguments = ["--no-sandbox"] if os.geteuid() == 0 else []  # its sandbox refuses root
        browser = await playwright.chromium.launch(
            executable_path=found.path, env={**os.environ, **found.environment}, args=arguments
        )
        yield browser
        await browser.close()


async def context_of(
    browser: Browser, page_url: str, *, language: str = "en", theme: str = "light", width: int = 1280, height: int = 800
) -> BrowserContext:
    """A browser of somebody's own, in their language and theme."""
    return await browser.new_context(
        base_url=page_url,
        viewport={"width": width, "height": height},
        reduced_motion="reduce",
        color_scheme="dark" if theme == "dark" else "light",
        locale="vi-VN" if language == "vi" else "en-GB",
    )


async def sign_in(page: Page, who: str, language: str = "en") -> None:
    """Sign in as somebody whom the local issuer offers."""
    await page.goto("/")
    await page.get_by_role("button", name="Đăng nhập" if language == "vi" else "Sign in").click()
    await page.get_by_role("button", name=who).click()
    await page.get_by_role("navigation").first.wait_for()
