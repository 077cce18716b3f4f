"""The issuer, served once; each test has its own on it."""

from collections.abc import AsyncIterator

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tests.clients import served
from tests.issuer import Issuer
from tests.unit.api.worlds import World


class _Address:
    """Where the issuer of the running test answers."""

    url = ""
    issuer = Issuer()

    async def keys(self, request: Request) -> Response:
        return await self.issuer.keys(request)

    async def foreign_keys(self, request: Request) -> Response:
        return await self.issuer.foreign_keys(request)


@pytest.fixture(scope="package")
async def issuer_address() -> AsyncIterator[_Address]:
    address = _Address()
    paths = {"/.well-known/jwks.json": address.keys, "/foreign.json": address.foreign_keys}
    app = Starlette(routes=[Route(path, endpoint) for path, endpoint in paths.items()])
    async with served(app) as address.url:
        yield address


@pytest.fixture
def issuer(issuer_address: _Address) -> Issuer:
    issuer_address.issuer = Issuer()
    issuer_address.issuer.url = issuer_address.url
    return issuer_address.issuer


@pytest.fixture
def world(issuer: Issuer) -> World:
    return World(issuer)


@pytest.fixture
async def client(world: World) -> AsyncIterator[httpx.AsyncClient]:
    async with world.client() as client:
        yield client
