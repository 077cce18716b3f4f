"""Temporal servers for one module: one that skips time, so that hours of retries take none, and a real one."""

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest
from temporalio.testing import WorkflowEnvironment

from runtime.payloads import data_converter
from workflows.search_attributes import ALL, ASKED_OF


@asynccontextmanager
async def time_skipping() -> AsyncIterator[WorkflowEnvironment]:
    """The server, knowing the search attributes of our runs: it starts no child that carries others."""
    server = Path(sys.executable).parent / "temporal-test-server"
    environment = await WorkflowEnvironment.start_time_skipping(
        data_converter=data_converter, test_server_existing_path=str(server)
    )
    async with environment:
        client = environment.client
        keyword = IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD
        several = IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD_LIST
        names = {key.name: several if key == ASKED_OF else keyword for key in ALL}
        request = AddSearchAttributesRequest(namespace=client.namespace, search_attributes=names)
        await client.operator_service.add_search_attributes(request)
        yield environment


@asynccontextmanager
async def real_time() -> AsyncIterator[WorkflowEnvironment]:
    """The server as it runs in a deployment: the one that skips time knows no cancelled step between its attempts."""
    server = Path(sys.executable).parent / "temporal"
    environment = await WorkflowEnvironment.start_local(
        data_converter=data_converter, dev_server_existing_path=str(server), search_attributes=list(ALL)
    )
    async with environment:
        yield environment
