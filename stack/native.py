"""Brings a whole native stack up and down: parts, addresses, lock, supervisor."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from pathlib import Path

from runtime import locks
from runtime.settings import Settings, home
from stack import preflight
from stack.addresses import addresses, write_environment
from stack.data import claimed, clear, data_folder
from stack.jars import Progress
from stack.parts import all_unused, in_use, install_all, parts_directory, remove_all
from stack.processes import StackRunsError
from stack.servers import Stack, archive_java_classes
from stack.state import lock_path, state_path
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
    StackError
        What keeps it from starting: a stack that runs already, a port, a folder, a disk, a password, a part that
        cannot be had, a server that does not become ready.
    """
    preflight.check_folders(tree)
    parts, data = parts_directory(tree.stack), data_folder(tree)
    with _only_one(), claimed(data), in_use(parts):
        state_path().unlink(missing_ok=True)  # of one that was killed: its number may be somebody else's now
        preflight.check_servers(tree, names)
        with preflight.plain_disk_errors(home()):
            await install_all(tree.stack, installing)
            await asyncio.to_thread(archive_java_classes)
            write_environment(environment_path(), addresses(tree))
            servers = Stack(tree, parts).servers(names)
        supervisor = Supervisor(servers, data / "logs", state_path(), tree.stack)
        starting(supervisor)
        try:
            await supervisor.start()
            yield supervisor
        finally:
            await asyncio.shield(supervisor.stop())
            environment_path().unlink(missing_ok=True)  # the next start follows its own settings, not these


def clean_home(tree: Settings, *, parts: bool) -> bool:
    """Remove what stacks of this home made: data, logs, addresses, and the downloaded parts if asked for.

    Returns
    -------
    bool
        Whether there was anything.

    Raises
    ------
    StackRunsError
        A stack of this home runs, or one that uses the same data or parts.
    PartError
        The data folder holds files of something else.
    """
    if not home().is_dir():
        return False
    removable = [home() / name for name in ("stack.env", "stack.json", "stack.out")]
    folders = [data_folder(tree), *([parts_directory(tree.stack)] if parts else [])]
    found = any(map(Path.exists, [*removable, *folders]))
    with preflight.plain_disk_errors(home()), _only_one(), contextlib.ExitStack() as held:
        if parts:
            held.enter_context(all_unused(parts_directory(tree.stack)))
        for path in removable:
            path.unlink(missing_ok=True)
        clear(data_folder(tree))
        if parts:
            remove_all(parts_directory(tree.stack))
    return found


@contextlib.contextmanager
def _only_one() -> Iterator[None]:
    try:
        with locks.exclusive(lock_path(home())):
            yield
    except locks.LockHeldError:
        raise StackRunsError(f"a stack already runs in {home()}; stop it with `make stop`") from None
