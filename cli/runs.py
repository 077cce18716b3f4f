"""``trm runs``: the agents at work, what they wait for, another try and a stop."""

import asyncio
from datetime import datetime
from typing import Annotated
from uuid import uuid4

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from cli.errors import plain_errors
from cli.foreign import plain
from cli.gateway import Json, answered, path_of
from runtime.run_views import RunStatus
from runtime.settings import settings

app = typer.Typer(no_args_is_help=True, help="The agents at work.")
console = Console(soft_wrap=True)

RunId = Annotated[str, typer.Argument(metavar="ID", help="workflow id, such as tension/…")]
User = Annotated[str, typer.Option(help="ask as a person of the local issuer; default: the machine client")]

_COLORS = {"Running": "cyan", "Completed": "green", "Done": "green", "Waiting": "yellow"}


@app.command("list")
def list_runs(
    status: Annotated[RunStatus | None, typer.Option(help="only those; default: all")] = None,
    agent: Annotated[str, typer.Option(help="only this type of workflow, such as TensionWorkflow")] = "",
    about: Annotated[str, typer.Option("--id", help="only those about this thing")] = "",
    limit: Annotated[int, typer.Option(min=1, max=100, help="how many")] = 20,
    user: User = "",
) -> None:
    """List runs: those that run first, then the last to end."""
    asked = {"status": status.value if status else "", "agent": agent, "id": about, "limit": str(limit)}
    with plain_errors():
        params = {name: value for name, value in asked.items() if value}
        page = asyncio.run(answered(settings(), "GET", "/v1/runs", user, params=params))
        console.print(table_of(page["items"]) if page["items"] else "No runs.")


@app.command()
def show(
    workflow_id: RunId,
    run_id: Annotated[str, typer.Option("--run", help="an older run under this id")] = "",
    user: User = "",
) -> None:
    """Show a run with its steps, their attempts and last errors."""
    with plain_errors():
        path, params = f"/v1/runs/{path_of(workflow_id)}", {"runId": run_id} if run_id else {}
        _print(asyncio.run(answered(settings(), "GET", path, user, params=params)))


@app.command()
def retry(workflow_id: RunId, user: User = "") -> None:
    """Begin a failed run again with the same input, once its cause is mended."""
    with plain_errors():
        _print(_ordered(workflow_id, "retry", user))


@app.command()
def cancel(
    workflow_id: RunId,
    reason: Annotated[str, typer.Option(help="why; it stands in the run's history")] = "",
    user: User = "",
) -> None:
    """Stop a run that has written nothing yet; what it wrote is told to the end."""
    with plain_errors():
        _print(_ordered(workflow_id, "cancel", user, {"reason": reason} if reason else None))


def table_of(runs: list[Json]) -> Table:
    """Runs, one in a line."""
    table = Table(box=None, header_style="bold")
    for column in ("id", "agent", "status", "since", "waits for"):
        table.add_column(column, overflow="fold")
    for run in runs:
        waits = Text("; ").join(_wait(wait) for wait in run["waitsFor"])
        moment = _moment(run.get("endedAt") or run["startedAt"])
        table.add_row(plain(run["workflowId"]), plain(run["agent"]), _status(run["status"]), moment, waits)
    return table


def steps_of(run: Json) -> Table:
    """Steps, one in a line, in the order in which they began."""
    table = Table(box=None, header_style="bold")
    for column in ("step", "how", "status", "attempts", "since", "last error"):
        table.add_column(column, overflow="fold")
    for step in run["steps"]:
        since = _moment(step["startedAt"]) if "startedAt" in step else ""
        attempts = str(step["attempts"] or "")
        error = _error(step.get("error"))
        table.add_row(plain(step["name"]), step["how"], _status(step["status"]), attempts, since, error)
    return table


def _ordered(workflow_id: str, order: str, user: str, body: Json | None = None) -> Json:
    path, key = f"/v1/runs/{path_of(workflow_id)}/{order}", {"Idempotency-Key": str(uuid4())}
    return asyncio.run(answered(settings(), "POST", path, user, body=body, headers=key))


def _print(run: Json) -> None:
    console.print(table_of([run]))
    if "failure" in run:
        console.print(plain("failed: ", "red").append_text(_error(run["failure"])))
    if run["cancelRequested"] and run["status"] == "Running":
        console.print("asked to stop; it does once it knows that it wrote nothing")
    if run["steps"]:
        console.print()
        console.print(steps_of(run))
    if "withheld" in run:
        console.print(plain(run["withheld"], "dim"))
    for link in run["links"].values():
        console.print(plain(link, "dim"))


def _wait(wait: Json) -> Text:
    told = plain(wait["name"] if "name" in wait else {"answer": "an answer", "worker": "a worker"}.get(wait["on"], ""))
    if wait.get("attempt", 1) > 1:
        told.append(f", attempt {wait['attempt']}")
    if "until" in wait:
        told.append(f" until {_moment(wait['until'])}")
    return told.append_text(plain(": ").append_text(_error(wait["error"]))) if "error" in wait else told


def _error(error: Json | None) -> Text:
    if not error:
        return Text()
    return plain(f"{error['code']}: {error['text']}" if error.get("text") else error["code"])


def _status(status: str) -> Text:
    return Text(status, style=_COLORS.get(status, "red"))


def _moment(said: str) -> str:
    return f"{datetime.fromisoformat(said).astimezone():%Y-%m-%d %H:%M:%S}"
