"""``trm win``: what a project was worth, each point with its evidence."""

import asyncio
from collections.abc import Iterable
from typing import Annotated
from uuid import uuid4

import typer
from rich.console import Console, Group, RenderableType
from rich.table import Table

from cli.errors import plain_errors
from cli.foreign import plain
from cli.gateway import Json, answered, path_of
from cli.why import pairs
from runtime.settings import settings

app = typer.Typer(no_args_is_help=True, help="What projects were worth.")
console = Console()

Win = Annotated[str, typer.Argument(metavar="ID", help="of the WIN")]
User = Annotated[str, typer.Option(help="ask as a person of the local issuer; default: the machine client")]

_INPUTS = {
    "context": "context",
    "rootCause": "root cause",
    "solutionQuality": "solution quality",
    "efficiency": "efficiency",
    "collaboration": "collaboration",
    "knowledgeSharing": "knowledge sharing",
}
_SETTLED_BY = {
    "time": "thirty days without the tension coming back",
    "severity": "a severity of the tension",
    "resolution": "the resolution of a tension of the project",
}


@app.command()
def show(
    win: Win,
    user: User = "",
    as_json: Annotated[bool, typer.Option("--json", help="print the answer as it came")] = False,
) -> None:
    """Tell what a project was worth, what each point rests on, and what is not known yet."""
    with plain_errors():
        page = asyncio.run(answered(settings(), "GET", f"/v1/wins/{path_of(win)}", user))
        if as_json:
            console.print_json(data=page)
        else:
            console.print(Group(*render(page)))


@app.command()
def evaluate(win: Win, user: User = "") -> None:
    """Have a project scored anew; where nothing that its score rests on is new, the score stays."""
    with plain_errors():
        path, headers = f"/v1/wins/{path_of(win)}/evaluate", {"Idempotency-Key": str(uuid4())}
        receipt = asyncio.run(answered(settings(), "POST", path, user, headers=headers))
        console.print(plain(f"it is looked at in the run {receipt['workflowId']}"))


def render(win: Json) -> Iterable[RenderableType]:
    """An answer of ``/v1/wins/{id}`` as parts of one page."""
    if "score" not in win:
        yield plain(f"not scored yet: {win['writeStatus']}, {win['workflowId']}")
        return
    interval = f"{win['scoreLow']:.1f} to {win['scoreHigh']:.1f}, as far as something is unknown"
    head: Json = {
        "project": win["project"]["name"],
        "worth": f"{win['score']:.1f} of 100 ({interval})",
        "status": win["status"] + (f", decision {win['approval']} waits" if win.get("approval") else ""),
        "made of": f"Wisdom {win['wisdom']:.1f}, Intelligence {win['intelligence']:.1f}, "
        f"Networking {win['networking']:.1f}",
        "rubric": win["rubricVersion"],
        "as of": win["evaluatedAt"],
    }
    yield pairs(f"WIN {win['id']}", head)
    yield _points(win["inputs"])


def _points(inputs: list[Json]) -> Table:
    columns = ("input", "points", "of", "value", "rests on", "unknown until")
    table = Table(*columns, box=None, header_style="dim", padding=(0, 2, 0, 0))
    table.columns[4].overflow = "fold"
    for one in inputs:
        grounds = [f"{ground['label']} {ground.get('name') or ground['id']}" for ground in one["evidence"]]
        said: tuple[str, ...] = (
            _INPUTS.get(one["part"], str(one["part"])),
            f"{one['contribution']:.1f}",
            f"{100 * one['weight']:.0f}",
            f"{one['value']:.2f}",
            "; ".join(grounds) or "nothing",
            _SETTLED_BY.get(one.get("settledBy") or "", ""),
        )
        table.add_row(*(plain(text) for text in said))
    return table
