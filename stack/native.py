"""Brings a whole native stack up and down: parts, addresses, lock, supervisor."""

import asyncio
import contextlib
import fcntl
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from pathlib import Path

from runtime.settings import Settings, home
from stack.addresses import PortTakenError, addresses, check_free, write_environment
from stack.parts import Progress, install_all
from stack.servers import Stack, archive_java_classes
from stack.state import state_path
from stack.supervisor import Supervisor


def environment_path() -> Path:
    """Where this home's stack writes its addresses."""
    return home() / "stack.env"


@contextlib.asynccontextmanager
async def running(
    tree: Settings,
    names: Sequence[str],
    installing: Progress = lambda _: None,
    starting: Callable[[Supervisor], None] = lambda _: None,
) -> AsyncIterator[Supervisor]:
    """Run the named servers while the block runs.

    Parameters
    ----------
    tree
        Settings; their ports are the stack's.
    names
        Which servers, of ``SERVERS`` and ``PROCESSES``.
    installing
        Is told how many parts came into place.
    starting
        Is given the supervisor before it starts, to show its states.

    Raises
    ------
    PartError
        A part cannot be had, or a server does not become ready.
    PortTakenError
        A port is taken, or a stack already runs in this home.
    """
    home().mkdir(parents=True, exist_ok=True)
    with _only_one():
        parts = await install_all(tree.stack, installing)
        await asyncio.to_thread(archive_java_classes)
        check_free(tree, names)
        write_environment(environment_path(), addresses(tree))
        stack = Stack(tree, parts)
        logs = stack.data / "logs"
        supervisor = Supervisor(stack.servers(names), logs, state_path(), tree.stack.ready_timeout)
        starting(supervisor)
        try:
            await supervisor.start()
            yield supervisor
        finally:
            await asyncio.shield(supervisor.stop())
            environment_path().unlink(missing_ok=True)  # the next start follows its own settings, not these


@contextlib.contextmanager
def _only_one() -> Iterator[None]:
    path = home() / "stack.lock"
    with path.open("w", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise PortTakenError(f"a stack already runs in {home()}; stop it with `make stop`") from error
        yield
