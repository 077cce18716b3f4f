"""One real stack for the whole test session, started when the first test asks for it."""

import os
from collections.abc import Iterator

import pytest

from runtime.settings import settings
from stack.session import StackSession


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StackSession]:
    """Every server and process of the product on free ports; this process's settings point to it."""
    with StackSession(tmp_path_factory.mktemp("stack")) as session, pytest.MonkeyPatch.context() as patch:
        for name, value in session.environment.items():
            patch.setitem(os.environ, name, value)
        settings.cache_clear()
        yield session
    settings.cache_clear()
