"""Chromium, and people who are signed in to the dashboard of the session's stack."""

import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack

import pytest
from playwright.async_api import Browser, Page, async_playwright

from runtime.settings import Settings
from tests.browser import chromium

SignedIn = Callable[..., Awaitable[Page]]
"""Opens the dashboard as somebody: ``await signed_in("Alice", language="vi", theme="dark")``."""


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        found = await chromium.find(playwright)
        arguments = ["--no-sandbox"] if os.geteuid() == 0 else []  # its sandbox refuses root
        started = await playwright.chromium.launch(
            executable_path=found.path, env={**os.environ, **found.environment}, args=arguments
        )
        yield started
        await started.close()


@pytest.fixture
async def signed_in(browser: Browser, tree: Settings) -> AsyncIterator[SignedIn]:
    """Whatever a page says to its console as an error fails the test."""
    complaints: list[str] = []
    async with AsyncExitStack() as opened:

        async def sign_in(who: str, *, language: str = "en", theme: str = "light", width: int = 1280) -> Page:
            context = await browser.new_context(
                base_url=tree.dashboard.public_url,
                viewport={"width": width, "height": 800},
                reduced_motion="reduce",
                color_scheme="dark" if theme == "dark" else "light",
                locale="vi-VN" if language == "vi" else "en-GB",
            )
            opened.push_async_callback(context.close)
            page = await context.new_page()
            page.set_default_timeout(30_000)
            page.on("pageerror", lambda error: complaints.append(str(error)))
            await page.goto("/")
            await page.get_by_role("button", name="Đăng nhập" if language == "vi" else "Sign in").click()
            await page.get_by_role("button", name=who).click()
            await page.get_by_role("navigation").first.wait_for()
            return page

        yield sign_in
    assert complaints == []
