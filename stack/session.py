"""A stack of one's own for tests and benchmarks: free ports, a home of its own, and the power to kill its servers."""

import os
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from runtime.proxies import spare_own_servers
from runtime.settings import Settings, home
from stack.addresses import addresses, free_addresses
from stack.processes import dying_with_us
from stack.servers import CHECKOUT
from stack.state import ServerState, StackState, read_state

_LOOK_EVERY = 0.1


class SessionError(RuntimeError):
    """The stack did not come up, or a server did not come back."""


class StackSession:
    """Runs a stack in a process of its own while the block runs.

    Parameters
    ----------
    folder
        Its home.
    only
        Which servers; as ``trm stack up --only``.
    environment
        Settings of this stack beside its free ports.
    ready_timeout
        Seconds until it must be ready.
    """

    def __init__(
        self,
        folder: Path,
        only: str = "",
        environment: Mapping[str, str] | None = None,
        ready_timeout: float = 300.0,
    ) -> None:
        self.folder = folder
        self._only = only
        self._timeout = ready_timeout
        spare_own_servers(Settings())
        parts = os.environ.get("TRM_STACK__PARTS", str(home() / "parts"))
        chosen = {**free_addresses(), **(environment or {})}
        self._chosen = {**chosen, "TRM_HOME": str(folder), "TRM_STACK__PARTS": parts}
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def environment(self) -> dict[str, str]:
        """Environment under which a process finds this stack."""
        sections: dict[str, dict[str, str]] = {}
        for name, value in self._chosen.items():
            if "__" in name:
                section, field = name.removeprefix("TRM_").lower().split("__", 1)
                sections.setdefault(section, {})[field] = value
        tree = Settings(_env_file=None, **sections)  # type: ignore[arg-type]
        return {**self._chosen, **addresses(tree)}

    def make_home(self) -> None:
        """Make the home, and open root's temporary folders above it, so that PostgreSQL's data may stand in it."""
        self.folder.mkdir(parents=True, exist_ok=True)
        for above in (self.folder, *self.folder.parents) if os.geteuid() == 0 else ():
            if above.is_relative_to(tempfile.gettempdir()) and above.stat().st_uid == 0:
                above.chmod(above.stat().st_mode | stat.S_IXOTH)

    def __enter__(self) -> Self:
        """Start and wait until everything is ready."""
        self.make_home()
        argv = [sys.executable, "-m", "cli", "stack", "up", "--only", self._only]
        with (self.folder / "session.log").open("wb") as log:
            self._process = subprocess.Popen(
                argv,
                cwd=CHECKOUT,
                env={**os.environ, **self.environment},
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=dying_with_us(),  # noqa: PLW1509 - two system calls, no locks
            )
        deadline = time.monotonic() + self._timeout
        while True:
            state = self.state()
            if state and state.ready and state.supervisor == self._process.pid:
                return self
            if self._process.poll() is not None or time.monotonic() > deadline:
                text = (self.folder / "session.log").read_text(errors="replace", encoding="utf-8")
                self.close()
                raise SessionError(f"the stack did not come up:\n{text[-4000:]}")
            time.sleep(_LOOK_EVERY)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Stop everything."""
        self.close()

    def close(self) -> None:
        """Stop the stack; kill it if it does not stop."""
        if self._process is None:
            return
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(90)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None

    def state(self) -> StackState | None:
        """State of the stack, once it has one."""
        return read_state(self.folder / "stack.json")

    def server(self, name: str) -> ServerState:
        """State of one server.

        Raises
        ------
        SessionError
            The stack does not run.
        """
        state = self.state()
        if state is None:
            raise SessionError("the stack does not run")
        return state.server(name)

    def kill(self, name: str) -> int:
        """Kill a server as a crash would (SIGKILL); returns how often it had been restarted before."""
        return self.signal(name, signal.SIGKILL)

    def signal(self, name: str, number: signal.Signals) -> int:
        """Send a server a signal; returns how often it had been restarted before.

        Raises
        ------
        SessionError
            It does not run.
        """
        server = self.server(name)
        if server.pid is None:
            raise SessionError(f"{name} does not run")
        os.kill(server.pid, number)
        return server.restarts

    def wait_restarted(self, name: str, restarts: int, limit: float = 300.0) -> None:
        """Wait until a killed server was restarted and is ready.

        Raises
        ------
        SessionError
            It did not come back in ``limit`` seconds.
        """
        deadline = time.monotonic() + limit
        while time.monotonic() < deadline:
            server = self.server(name)
            if server.restarts > restarts and server.health == "ready":
                return
            time.sleep(_LOOK_EVERY)
        raise SessionError(f"{name} did not come back in {limit:.0f} s")
