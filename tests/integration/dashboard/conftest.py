"""Chromium, and people who are signed in to the dashboard of the session's stack."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack

import pytest
from playwright.async_api import Browser, Page, expect

from runtime.settings import Settings
from tests.browser.people import context_of, sign_in, started

expect.set_options(timeout=30_000)

SignedIn = Callable[..., Awaitable[Page]]
"""Opens the dashboard as somebody: ``await signed_in("Alice", language="vi", theme="dark")``."""


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    async with started() as chromium:
        yield chromium


@pytest.fixture
async def signed_in(browser: Browser, tree: Settings) -> AsyncIterator[SignedIn]:
    """An error that a page throws fails the test."""
    thrown: list[str] = []
    async with AsyncExitStack() as opened:

        async def opens(who: str, *, language: str = "en", theme: str = "light", width: int = 1280) -> Page:
            context = await context_of(browser, tree.dashboard.public_url, language=language, theme=theme, width=width)
            opened.push_async_callback(context.close)
            page = await context.new_page()
            page.set_default_timeout(30_000)
            page.on("pageerror", lambda error: thrown.append(str(error)))
            await sign_in(page, who, language)
            return page

        yield opens
    assert thrown == []
