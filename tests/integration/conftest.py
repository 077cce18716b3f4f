"""Clients of the session's stack: alice and bob are members, olga has every authority, the machine every scope."""

from collections.abc import AsyncIterator

import httpx
import pytest

from runtime.settings import Settings
from stack.session import StackSession
from tests.clients import http_client, settings_of


@pytest.fixture(scope="session")
def tree(stack: StackSession) -> Settings:
    return settings_of(stack)


@pytest.fixture(scope="session")
async def alice(tree: Settings) -> AsyncIterator[httpx.AsyncClient]:
    async with http_client(tree, "alice") as client:
        yield client


@pytest.fixture(scope="session")
async def bob(tree: Settings) -> AsyncIterator[httpx.AsyncClient]:
    async with http_client(tree, "bob") as client:
        yield client


@pytest.fixture(scope="session")
async def olga(tree: Settings) -> AsyncIterator[httpx.AsyncClient]:
    async with http_client(tree, "olga") as client:
        yield client


@pytest.fixture(scope="session")
async def machine(tree: Settings) -> AsyncIterator[httpx.AsyncClient]:
    async with http_client(tree, "machine") as client:
        yield client
