"""A Temporal server for each module's tests: once a run began another, it skips no time any more."""

from collections.abc import AsyncIterator

import pytest
from temporalio.testing import WorkflowEnvironment

from tests.workflows.servers import time_skipping


@pytest.fixture(scope="module")
async def temporal() -> AsyncIterator[WorkflowEnvironment]:
    async with time_skipping() as environment:
        yield environment
