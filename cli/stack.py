"""``trm stack``: the native stack up, down and looked at."""

import asyncio
import contextlib
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from typing import Annotated

import typer
from rich.console import Console
from rich.live import Live
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from cli.errors import say
from runtime import locks
from runtime.lifecycle import stop_event
from runtime.settings import Settings, home, settings
from stack.addresses import located
from stack.native import clean_home, running
from stack.parts import count_all
from stack.preflight import check_folders
from stack.processes import StackError
from stack.servers import PROCESSES, SERVERS
from stack.state import ServerState, lock_path, read_state, state_path
from stack.supervisor import Health, Supervisor

app = typer.Typer(no_args_is_help=True, help="The native stack of this machine.")
console = Console()

_LOGGED_EVERY = 0.25

_COLOUR = {"ready": "green", "done": "green", "starting": "yellow", "restarting": "yellow", "failed": "red"}


def chosen(only: str, without: str) -> list[str]:
    """Names of the servers to run: ``only`` may be ``servers`` or a comma-separated list."""
    everything = [*SERVERS, *PROCESSES]
    names = {"": everything, "servers": list(SERVERS)}.get(only, only.split(","))
    left_out = without.split(",") if without else []
    unknown = sorted({*names, *left_out} - set(everything))
    if unknown:
        raise typer.BadParameter(f"unknown: {', '.join(unknown)}; known: {', '.join(everything)}")
    return [name for name in names if name not in left_out]


def states_table(states: Sequence[ServerState], *, memory: bool = False) -> Table:
    """The servers as a table."""
    table = Table(box=None, header_style="bold")
    for column in ("server", "health", "port", "pid", *(["memory"] if memory else []), "restarts"):
        table.add_column(column, justify="right" if column in {"port", "pid", "memory", "restarts"} else "left")
    total = 0
    for state in states:
        used = state.memory() if memory else 0
        total += used
        cells = [f"{used / 2**20:.0f} MB"] if memory else []
        health = f"[{_COLOUR.get(state.health, 'dim')}]{state.health}[/]"
        table.add_row(state.name, health, str(state.port or ""), str(state.pid or ""), *cells, str(state.restarts))
    if memory:
        table.add_row("together", "", "", "", f"{total / 2**20:.0f} MB", "")
    return table


class StartDisplay:
    """Shows parts coming into place and servers becoming ready, on a terminal as on a log."""

    def __init__(self) -> None:
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        self._progress = Progress(*columns, console=console)
        self._parts = self._progress.add_task("parts", total=count_all())
        self._supervisor: Supervisor | None = None

    def installed(self, count: int) -> None:
        """Count parts that are in place."""
        self._progress.advance(self._parts, count)

    def starting(self, supervisor: Supervisor) -> None:
        """Go on with the servers."""
        self._supervisor = supervisor

    def __rich__(self) -> Table | Progress:
        """What stands on the screen now."""
        return states_table(list(self._supervisor.states.values())) if self._supervisor else self._progress

    @contextlib.contextmanager
    def shown(self) -> Iterator[None]:
        """Keep it on the screen while the block runs."""
        if console.is_terminal:
            with Live(self, console=console, refresh_per_second=4):
                yield
            return
        ended = threading.Event()
        logger = threading.Thread(target=self._log_until, args=(ended,), daemon=True)
        logger.start()
        try:
            yield
        finally:
            ended.set()
            logger.join()

    def _log_until(self, ended: threading.Event) -> None:
        """Tell each change of a server's health in a line of its own, where nothing can be drawn anew."""
        told, began, is_last = dict[str, str](), time.monotonic(), False
        while not is_last:
            is_last = ended.wait(_LOGGED_EVERY)
            for state in list(self._supervisor.states.values()) if self._supervisor else []:
                if told.get(state.name, Health.WAITING) != state.health:
                    told[state.name] = state.health
                    console.print(
                        f"{state.name} {state.health} after {time.monotonic() - began:.0f} s", highlight=False
                    )


def quieten_probes() -> None:
    """Keep the client libraries quiet about servers that are still starting; the display tells."""
    for name in ("aiokafka", "neo4j", "httpx"):
        logging.getLogger(name).setLevel(logging.CRITICAL)


@app.command()
def up(
    only: Annotated[str, typer.Option(help="`servers`, or names with commas; empty: everything")] = "",
    without: Annotated[str, typer.Option(help="names with commas")] = "",
    detach: Annotated[bool, typer.Option("--detach", help="return once everything is ready")] = False,
) -> None:
    """Start the stack and keep it up until Ctrl-C or `trm stack stop`."""
    names = chosen(only, without)
    if detach:
        raise typer.Exit(_up_detached(only, without))
    raise typer.Exit(asyncio.run(_up(located(settings()), names)))


async def _up(tree: Settings, names: Sequence[str]) -> int:
    quieten_probes()
    stop = stop_event()
    display = StartDisplay()
    is_up = False

    async def hold() -> None:
        nonlocal is_up
        with contextlib.ExitStack() as screen:
            screen.enter_context(display.shown())
            async with running(tree, names, display.installed, display.starting):
                screen.close()
                is_up = True
                console.print("The stack is up.")
                await stop.wait()

    holding, stopped = asyncio.create_task(hold()), asyncio.create_task(stop.wait())
    await asyncio.wait({holding, stopped}, return_when=asyncio.FIRST_COMPLETED)
    stopped.cancel()
    if not is_up:
        holding.cancel()  # told to stop while it starts: what runs already is stopped on the way out
    try:
        await holding
    except asyncio.CancelledError:
        return 0
    except StackError as error:
        say("The stack did not start.", error)
        return 1
    return 0


def _up_detached(only: str, without: str) -> int:
    try:
        check_folders(settings())
    except StackError as error:
        say("The stack did not start.", error)
        return 1
    printed = home() / "stack.out"
    argv = [sys.executable, "-m", "cli", "stack", "up", "--only", only, "--without", without]
    with printed.open("wb") as output:
        process = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True)
    while process.poll() is None:
        state = read_state(state_path())
        if state and state.ready and state.supervisor == process.pid:
            console.print("The stack is up; `trm stack stop` ends it.")
            return 0
        time.sleep(0.1)
    console.print(
        printed.read_text(errors="replace", encoding="utf-8").strip(), highlight=False, markup=False, soft_wrap=True
    )
    return 1


@app.command()
def status() -> None:
    """Show every server's health, port and memory."""
    state = read_state(state_path())
    if state is None:
        console.print("No stack runs here.")
        raise typer.Exit(1)
    console.print(states_table(state.servers, memory=True))


@app.command()
def stop(limit: Annotated[float, typer.Option(help="seconds to wait")] = 60.0) -> None:
    """Stop the stack of this home and wait until it is gone."""
    state = read_state(state_path())
    if state is None:
        if locks.held(lock_path(home())):
            console.print("A stack has only begun to start, or is being cleaned: try again in a moment.")
            raise typer.Exit(1)
        console.print("No stack runs here.")
        return
    os.kill(state.supervisor, signal.SIGTERM)
    deadline = time.monotonic() + limit
    while read_state(state_path()) is not None:
        if time.monotonic() > deadline:
            console.print(f"[red]The stack did not stop in {limit:.0f} s.[/]")
            raise typer.Exit(1)
        time.sleep(0.1)
    console.print("Stopped.")


@app.command()
def clean(
    parts: Annotated[bool, typer.Option("--parts", help="remove the downloaded parts as well")] = False,
) -> None:
    """Remove this home's data, logs and addresses; downloaded parts stay unless asked for."""
    try:
        found = clean_home(settings(), parts=parts)
    except StackError as error:
        say("Nothing was removed.", error)
        raise typer.Exit(1) from error
    console.print("Removed." if found else "There was nothing to remove.")
