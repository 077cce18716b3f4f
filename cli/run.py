"""``trm run``: the whole stack, the main job, what happened, and then it stays up until Ctrl-C."""

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Iterator, Sequence
from pathlib import Path
from typing import Annotated, TypeVar

import orjson
import typer
from rich.console import Console

from cli.errors import say
from cli.identity import NoTokenError
from cli.mainjob import JobReport, MainJobError, do_main_job
from cli.report import addresses_of, addresses_table, show_report
from cli.seed.posting import SeedError
from cli.stack import StartDisplay, chosen, quieten_probes
from runtime.errors import TrmError
from runtime.lifecycle import stop_event
from runtime.settings import Settings, settings
from stack.addresses import located
from stack.native import running
from stack.processes import StackError

T = TypeVar("T")

console = Console()


def run(
    once: Annotated[bool, typer.Option("--once", help="do the main job, stop everything, say by exit code")] = False,
    report: Annotated[Path | None, typer.Option(help="write what happened as JSON")] = None,
    without: Annotated[str, typer.Option(help="servers to leave out, for instance zipkin")] = "",
) -> None:
    """Start everything, do the main job on real servers, show it, and stay up until Ctrl-C."""
    names = chosen("", without)
    raise typer.Exit(asyncio.run(_run(located(settings()), names, once=once, report=report)))


class Phases:
    """Seconds each phase took, in order."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextlib.contextmanager
    def phase(self, name: str) -> Iterator[None]:
        """Measure a phase."""
        began = time.monotonic()
        try:
            yield
        finally:
            self.seconds[name] = round(time.monotonic() - began, 2)


async def _run(tree: Settings, names: Sequence[str], *, once: bool, report: Path | None) -> int:
    quieten_probes()
    stop = stop_event()
    phases = Phases()
    display = StartDisplay()
    async with contextlib.AsyncExitStack() as life:
        try:
            with phases.phase("start"), display.shown():
                stack = running(tree, names, display.installed, display.starting)
                await _unless_stopped(life.enter_async_context(stack), stop)
            outcome = await _unless_stopped(do_main_job(tree, console, phases.phase), stop)
        except StackError as error:
            say("The stack did not start.", error)
            return 1
        except (MainJobError, SeedError, NoTokenError, TrmError) as error:
            say("The main job failed.", error)
            return 1
        except asyncio.CancelledError:
            return 130
        show_report(console, outcome)
        console.print(addresses_table(tree))
        _write(report, outcome, phases, tree)
        if not once:
            console.print("Everything is up. Ctrl-C stops it.")
            await stop.wait()
        return 0 if outcome.as_expected else 1


async def _unless_stopped(work: Awaitable[T], stop: asyncio.Event) -> T:
    """Wait for ``work``, but end it when told to stop."""
    task = asyncio.ensure_future(work)
    stopped = asyncio.create_task(stop.wait())
    await asyncio.wait({task, stopped}, return_when=asyncio.FIRST_COMPLETED)
    stopped.cancel()
    if not task.done():
        task.cancel()
    return await task


def _write(path: Path | None, outcome: JobReport, phases: Phases, tree: Settings) -> None:
    if path is None:
        return
    body = {"phases": phases.seconds, **outcome.as_json(), "addresses": addresses_of(tree)}
    path.write_bytes(orjson.dumps(body, option=orjson.OPT_INDENT_2 | orjson.OPT_NON_STR_KEYS))
