"""One real stack for the whole test session, started when the first test asks for it."""

import os
import shutil
import tempfile
from collections.abc import Generator, Iterator
from pathlib import Path

import hypothesis
import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling, Scheduling

from runtime.proxies import spare_own_servers
from runtime.settings import settings
from stack.session import StackSession

spare_own_servers(settings())
hypothesis.settings.register_profile("trm", deadline=None)  # time is measured by benchmarks
hypothesis.settings.load_profile("trm")


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StackSession]:
    """Every server and process of the product on free ports; this process's settings point to it."""
    chosen = {
        "TRM_TEMPORAL__WATCH_EVERY": "PT0S",  # its tensions would stand between those of the tests
        "TRM_TEMPORAL__SWEEP_EVERY": "PT12H",  # a pass would send what a test takes from Kafka
        "TRM_TEMPORAL__AUDIT_EVERY": "PT0S",  # it would find what a test damages
        "TRM_WINS__GATHER": "PT1S",
        "TRM_KNOWLEDGE__SEARCH_TIMEOUT": "30",  # a slow machine finds too
    }
    folder = tmp_path_factory.mktemp("stack")
    with StackSession(folder, environment=chosen) as session, pytest.MonkeyPatch.context() as patch:
        for name, value in session.environment.items():
            patch.setitem(os.environ, name, value)
        settings.cache_clear()
        yield session
    settings.cache_clear()


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Give this run a folder of its own: the usual one is closed to PostgreSQL's user by every run that starts."""
    if config.option.basetemp is None:
        config.option.basetemp = tempfile.mkdtemp(prefix="trm-tests-")


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Keep the folder of a run that failed, for whoever looks into it."""
    folder = Path(session.config.option.basetemp)
    if exitstatus == pytest.ExitCode.OK and folder.name.startswith("trm-tests-"):
        shutil.rmtree(folder, ignore_errors=True)


_ORDER = ("unit", "workflows", "faults", "graph", "cli", "integration")
_ON_SERVERS = ("tests/faults/", "tests/integration/")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Quick tests first; the faults' own stack is gone before the session's comes up, so one runs at a time.

    On the session's stack those first that read the whole graph again and again: it grows with every test.
    """
    items.sort(key=lambda item: next((n for n, part in enumerate(_ORDER) if part in item.path.parts), len(_ORDER)))


class ServersInOneProcess(LoadScopeScheduling):
    """Several processes share the quick tests out, and then one runs what needs servers.

    Not at once: quick tests miss their limits beside servers. Nor two stacks: each alone keeps two cores busy.
    """

    def __init__(self, config: pytest.Config, log: Producer) -> None:
        config.option.loadscopereorder = False  # else the largest scope came first, and that is the servers'
        super().__init__(config, log)

    def _split_scope(self, nodeid: str) -> str:
        return "servers" if nodeid.startswith(_ON_SERVERS) else nodeid


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Scheduling:
    """Share the tests out among processes (``--numprocesses``)."""
    return ServersInOneProcess(config, log)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """What a test logged is sent on between processes, as text that UTF-8 can hold."""
    report = yield
    report.sections = [(name, said.encode(errors="backslashreplace").decode()) for name, said in report.sections]
    return report
