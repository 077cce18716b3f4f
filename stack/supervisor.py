"""Starts servers in the order of their needs, keeps them alive, and leaves nothing behind.

Ours, since what exists either knows no readiness (circus, honcho, supervisor) or orphans its children when it is
killed itself. Children die with this process by ``PR_SET_PDEATHSIG``, so one kill -9 of it ends the whole stack; what
a server leaves running becomes a child of this process and is ended with it.
"""

import asyncio
import contextlib
import logging
import os
import signal
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from runtime.settings import StackSettings
from stack.logs import last_lines, rotate
from stack.processes import Account, PartError, adopt_orphans, as_account, dying_with_us, end_marked, utf8_locale
from stack.state import ServerState, StackState, write_state

log = logging.getLogger(__name__)

Probe = Callable[[], Awaitable[bool]]
"""Whether a server is ready; raises ``PartError`` when it knows that it never will be."""

Action = Callable[[], Awaitable[None]]

_PROBE_EVERY = 0.2
_PROBE_LIMIT = 5.0
_WATCH_EVERY = 10.0
_ARENAS = "MALLOC_ARENA_MAX"
"""Of glibc: each thread's own pool of memory is never given back, and servers have many threads."""
_MARK = "TRM_SUPERVISED_AS"
"""Environment variable by which everything a server starts is known to belong to it."""
_BACKOFF_FIRST, _BACKOFF_LAST = 0.2, 10.0


class Health(StrEnum):
    """What a server is up to."""

    WAITING = "waiting"
    STARTING = "starting"
    READY = "ready"
    RESTARTING = "restarting"
    FAILED = "failed"
    STOPPED = "stopped"
    DONE = "done"


@dataclass(frozen=True)
class Server:
    """One program of the stack.

    Parameters
    ----------
    name
        Its name, also of its log.
    command
        Makes its command line; runs after ``prepare``.
    probe
        Says whether it is ready; None for a task, which is ready when it ended well.
    port
        For people to read.
    needs
        Names of servers that must be ready first.
    prepare
        Runs before every start, for instance to format storage.
    settle
        Runs after every time it became ready, before its dependents start, for instance to set a password.
    environment
        Added to ours.
    grace
        Seconds between the stop signal and the kill.
    account
        Whom it runs as; None for our own user.
    directory
        Where it runs; None for ours.
    """

    name: str
    command: Callable[[], Sequence[str]]
    probe: Probe | None = None
    port: int | None = None
    needs: tuple[str, ...] = ()
    prepare: Action | None = None
    settle: Action | None = None
    environment: Mapping[str, str] = field(default_factory=dict)
    grace: float = 30.0
    account: Account | None = None
    directory: Path | None = None


class Supervisor:
    """Runs a set of servers until told to stop.

    Parameters
    ----------
    servers
        What to run; needs that are not part of the set are ignored.
    logs
        Folder with one log file per server.
    state_file
        Where the state is written for ``status`` and ``stop``.
    settings
        How long a server may take to be ready at the first start, and how large its log may become.
    """

    def __init__(self, servers: Sequence[Server], logs: Path, state_file: Path, settings: StackSettings) -> None:
        self._servers = {server.name: server for server in servers}
        self._logs = logs
        self._state_file = state_file
        self._settings = settings
        self._ready = {name: asyncio.Event() for name in self._servers}
        self._stopping = asyncio.Event()
        self._failed: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._processes: dict[str, asyncio.subprocess.Process] = {}
        self._tasks: list[asyncio.Task[None]] = []
        self.states = {
            name: ServerState(name=name, port=server.port, log=str(self._log_path(name)))
            for name, server in self._servers.items()
        }

    async def start(self) -> None:
        """Start everything; returns when every server was ready.

        Raises
        ------
        PartError
            A server did not become ready; the message names it, its last log lines and the log.
        """
        self._logs.mkdir(parents=True, exist_ok=True)
        adopt_orphans()
        self._tasks = [asyncio.create_task(self._keep(server), name=server.name) for server in self._servers.values()]
        everything: asyncio.Future[Any] = asyncio.create_task(self._all_ready())
        try:
            await asyncio.wait({everything, self._failed}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            everything.cancel()
        if self._failed.done():
            self._failed.result()

    async def stop(self) -> None:
        """Stop everything, dependents first; kills what does not stop in its grace."""
        self._stopping.set()
        for task in self._tasks:  # first, so that nothing is started any more
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        stopped = {name: asyncio.Event() for name in self._servers}

        async def stop_after_dependents(server: Server) -> None:
            for other in self._servers.values():
                if server.name in other.needs:
                    await stopped[other.name].wait()
            await self._stop_one(server)
            stopped[server.name].set()

        await asyncio.gather(*(stop_after_dependents(server) for server in self._servers.values()))
        self._state_file.unlink(missing_ok=True)

    async def _all_ready(self) -> None:
        for event in self._ready.values():
            await event.wait()

    async def _keep(self, server: Server) -> None:
        """Life of one server: wait for its needs, start, watch, start again."""
        try:
            await asyncio.gather(*(self._ready[need].wait() for need in server.needs if need in self._ready))
            backoff = _BACKOFF_FIRST
            while not self._stopping.is_set():
                began = time.monotonic()
                if await self._try_once(server):
                    return
                self._note(server, Health.RESTARTING, pid=None, restarted=True)
                if time.monotonic() - began > _BACKOFF_LAST:
                    backoff = _BACKOFF_FIRST
                await asyncio.sleep(backoff)
                backoff = min(backoff * 2, _BACKOFF_LAST)
        except PartError as error:
            self._fail(server, str(error))
        except Exception as error:  # the boundary of a server's life: said plainly, never swallowed
            log.exception("%s", server.name)
            self._fail(server, repr(error))

    async def _try_once(self, server: Server) -> bool:
        """One run of a server; once it was ready, whatever goes wrong is a reason to run it again, never to give up."""
        try:
            return await self._run_once(server)
        except Exception as error:
            if not self._ready[server.name].is_set():
                raise
            log.warning("%s does not run yet: %r", server.name, error)
            await self._stop_one(server)
            return False

    async def _run_once(self, server: Server) -> bool:
        """One run of a server; True when it shall not run again."""
        process = await self._spawn(server)
        ended = asyncio.create_task(process.wait())
        try:
            if server.probe is None:
                code = await ended
                if code:
                    raise PartError(_how_ended(code))
                self._ready[server.name].set()
                self._note(server, Health.DONE, pid=None)
                return True
            if not await self._become_ready(server, server.probe, ended):
                return self._stopping.is_set()
            await self._watch(server, server.probe, ended)
            return self._stopping.is_set()
        finally:
            ended.cancel()
            if process.returncode is not None:
                _end_leftovers(server, process)

    async def _become_ready(self, server: Server, probe: Probe, ended: asyncio.Task[int]) -> bool:
        first = not self._ready[server.name].is_set()
        limit = self._settings.ready_timeout
        deadline = time.monotonic() + limit
        while not await _asks(probe):
            if self._stopping.is_set():
                return False
            late = time.monotonic() > deadline
            if ended.done() or late:
                why = f"did not become ready in {limit:.0f} s" if late else _how_ended(ended.result())
                if first:
                    raise PartError(why)
                await self._stop_one(server)
                return False
            await asyncio.wait({ended}, timeout=_PROBE_EVERY)
        if server.settle:
            await server.settle()
        self._ready[server.name].set()
        self._note(server, Health.READY, pid=self._processes[server.name].pid)
        return True

    async def _watch(self, server: Server, probe: Probe, ended: asyncio.Task[int]) -> None:
        """Follow a ready server's health until it ends."""
        while not ended.done() and not self._stopping.is_set():
            await asyncio.wait({ended}, timeout=_WATCH_EVERY)
            self._rotate(server)
            if not ended.done() and not self._stopping.is_set():
                health = Health.READY if await _asks(probe) else Health.STARTING
                if self.states[server.name].health != health:
                    self._note(server, health, pid=self._processes[server.name].pid)

    async def _spawn(self, server: Server) -> asyncio.subprocess.Process:
        if server.prepare:
            await server.prepare()
        self._rotate(server)
        with self._log_path(server.name).open("ab") as output:
            process = await asyncio.create_subprocess_exec(
                *server.command(),
                cwd=server.directory,
                env={_ARENAS: "2", **os.environ, **utf8_locale(), **server.environment, _MARK: server.name},
                stdin=asyncio.subprocess.DEVNULL,
                stdout=output,
                stderr=asyncio.subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=dying_with_us(),
                **as_account(server.account),
            )
        self._processes[server.name] = process
        self._note(server, Health.STARTING, pid=process.pid)
        return process

    async def _stop_one(self, server: Server) -> None:
        process = self._processes.get(server.name)
        if process is None:
            return
        if process.returncode is None:
            # SIGINT is PostgreSQL's fast shutdown; everything else of ours takes it as SIGTERM.
            process.send_signal(signal.SIGINT if server.name == "postgres" else signal.SIGTERM)
            try:
                await asyncio.wait_for(process.wait(), server.grace)
            except TimeoutError:
                process.kill()
                await process.wait()
            self._note(server, Health.STOPPED, pid=None)
        _end_leftovers(server, process)

    def _note(self, server: Server, health: Health, *, pid: int | None, restarted: bool = False) -> None:
        state = self.states[server.name]
        state.health, state.pid = health, pid
        state.restarts += restarted
        settled = all(event.is_set() for event in self._ready.values())
        try:
            write_state(self._state_file, StackState(os.getpid(), settled, list(self.states.values())))
        except OSError as error:  # a full disk ends no server; `status` is old until there is room
            log.warning("the state cannot be written: %r", error)

    def _fail(self, server: Server, why: str) -> None:
        self._note(server, Health.FAILED, pid=None)
        path = self._log_path(server.name)
        lines = last_lines(path, 12)
        text = f"{server.name} {why}\n" + "\n".join(f"  {line}" for line in lines) + f"\nWhole log: {path}"
        if not self._failed.done():
            self._failed.set_exception(PartError(text))

    def _rotate(self, server: Server) -> None:
        try:
            rotate(self._log_path(server.name), self._settings.log_megabytes << 20, self._settings.logs_kept)
        except OSError as error:
            log.warning("the log of %s cannot be begun anew: %r", server.name, error)

    def _log_path(self, name: str) -> Path:
        return self._logs / f"{name}.log"


def _end_leftovers(server: Server, leader: asyncio.subprocess.Process) -> None:
    """End what a server that is gone left running: its group, and what made itself a session of its own."""
    end_marked(_MARK, server.name)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(leader.pid, signal.SIGKILL)  # each server leads a group; some of it may not have shown its mark


def _how_ended(code: int) -> str:
    if code == -signal.SIGKILL:
        return "was killed (SIGKILL), as the system does when memory runs out"
    return f"ended with exit code {code}" if code >= 0 else f"was ended by {signal.Signals(-code).name}"


async def _asks(probe: Probe) -> bool:
    """Ask a probe, with a limit; one that cannot answer says no, and one that knows the server never will, raises."""
    try:
        async with asyncio.timeout(_PROBE_LIMIT):  # wait_for loses a cancellation that comes with the answer
            return await probe()
    except PartError:
        raise
    except Exception:  # a probe of a starting server may fail in any way
        return False
