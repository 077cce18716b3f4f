"""One real stack for the whole test session, started when the first test asks for it."""

import os
from collections.abc import Iterator

import pytest

from runtime.proxies import spare_own_servers
from runtime.settings import settings
from stack.session import StackSession

spare_own_servers(settings())


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StackSession]:
    """Every server and process of the product on free ports; this process's settings point to it."""
    with StackSession(tmp_path_factory.mktemp("stack")) as session, pytest.MonkeyPatch.context() as patch:
        for name, value in session.environment.items():
            patch.setitem(os.environ, name, value)
        settings.cache_clear()
        yield session
    settings.cache_clear()


_ORDER = ("unit", "workflows", "faults", "integration")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Quick tests first; the faults' own stack is gone before the session's comes up, so one runs at a time."""
    items.sort(key=lambda item: next((n for n, part in enumerate(_ORDER) if part in item.path.parts), 0))
