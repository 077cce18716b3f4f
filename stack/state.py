"""The stack's state on disk: who runs, since when, and how to reach the supervisor."""

import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path

import psutil

from runtime import locks
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
            infos = [member.memory_info() for member in family]
            common = [getattr(info, "shared", 0) for info in infos]  # which macOS does not tell
            return sum(info.rss for info in infos) - sum(common) + common[0]
        except psutil.Error:
            return 0


@dataclass
class StackState:
    """The supervisor, whether everything was ready once, and its servers."""

    supervisor: int
    ready: bool
    servers: list[ServerState] = field(default_factory=list)

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


def lock_path(home: Path) -> Path:
    """The file whose lock a stack of this home holds as long as it lives."""
    return home / "stack.lock"


def write_state(path: Path, state: StackState) -> None:
    """Write the state atomically."""
    waiting = path.with_suffix(f".{os.getpid()}")
    waiting.write_text(json.dumps(asdict(state)), encoding="utf-8")
    waiting.replace(path)


def read_state(path: Path) -> StackState | None:
    """State of a running stack; None when none runs, which its lock tells, however it ended."""
    if not locks.held(lock_path(path.parent)):
        return None
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
        return StackState(raw["supervisor"], raw["ready"], [ServerState(**server) for server in raw["servers"]])
    except (FileNotFoundError, json.JSONDecodeError, KeyError, TypeError):
        return None  # it has only begun, or ends just now
