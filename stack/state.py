"""The stack's state on disk: who runs, since when, and how to reach the supervisor."""

import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path

import psutil

from runtime.settings import home


@dataclass
class ServerState:
    """One server as ``status`` shows it."""

    name: str
    port: int | None = None
    log: str = ""
    pid: int | None = None
    health: str = "waiting"
    restarts: int = 0

    def memory(self) -> int:
        """Resident bytes of the server and its children; 0 when it does not run."""
        if self.pid is None:
            return 0
        try:
            process = psutil.Process(self.pid)
            family = [process, *process.children(recursive=True)]
            return sum(member.memory_info().rss - member.memory_info().shared for member in family) + (
                process.memory_info().shared
            )
        except psutil.Error:
            return 0


@dataclass
class StackState:
    """The supervisor, whether everything was ready once, and its servers."""

    supervisor: int
    ready: bool
    servers: list[ServerState] = field(default_factory=list)
    since: float = field(default_factory=lambda: psutil.Process().create_time())

    def alive(self) -> bool:
        """Whether the supervisor still runs; another process that was given its number later is not it."""
        try:
            return psutil.Process(self.supervisor).create_time() == self.since
        except psutil.Error:
            return False

    def server(self, name: str) -> ServerState:
        """State of one server.

        Raises
        ------
        KeyError
            The stack has no such server.
        """
        for server in self.servers:
            if server.name == name:
                return server
        raise KeyError(name)


def state_path() -> Path:
    """Where the state of this home's stack stands."""
    return home() / "stack.json"


def write_state(path: Path, state: StackState) -> None:
    """Write the state atomically."""
    waiting = path.with_suffix(f".{os.getpid()}")
    waiting.write_text(json.dumps(asdict(state)), encoding="utf-8")
    waiting.replace(path)


def read_state(path: Path) -> StackState | None:
    """State of a running stack; None when none runs."""
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
        servers = [ServerState(**server) for server in raw["servers"]]
        state = StackState(raw["supervisor"], raw["ready"], servers, raw["since"])
    except (FileNotFoundError, json.JSONDecodeError, KeyError):
        return None
    return state if state.alive() else None
