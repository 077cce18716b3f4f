"""``trm knowledge``: what search rests on."""

import asyncio

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from temporalio.client import Client, WorkflowFailureError, WorkflowHandle
from temporalio.common import WorkflowIDConflictPolicy
from temporalio.service import RPCError

from activities.reindexing import ReindexPlace
from cli.errors import plain_errors
from cli.temporal import connected
from knowledge.providers import model_of
from runtime.errors import RefusedError
from runtime.settings import Settings, settings
from workflows.outcomes import CALL_ERRORS, meaning_of
from workflows.reindex import KnowledgeReindexWorkflow
from workflows.starts import reason_of

app = typer.Typer(no_args_is_help=True, help="What search rests on.")
console = Console()

_LOOK_EVERY = 0.5


@app.callback()
def _group() -> None:
    """What search rests on."""


@app.command()
def reindex() -> None:
    """Give every text a vector of the model that is set, then search by it; also one that lacks its vector.

    Search answers from the former vectors meanwhile. Interrupted, the run goes on; the command again follows it.
    """
    with plain_errors():
        done = asyncio.run(_reindex(settings()))
        said = f"{done.stored} of {done.seen} texts have a new vector; search asks {done.model} within seconds."
        console.print(said, highlight=False)


async def _reindex(tree: Settings) -> ReindexPlace:
    client, model = await connected(tree.temporal), model_of(tree.embedding)
    try:
        run = await client.start_workflow(
            KnowledgeReindexWorkflow.run,
            ReindexPlace(model=model),
            id=f"knowledge-reindex/{model}",
            task_queue=tree.temporal.task_queue,
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
        )
    except CALL_ERRORS as error:
        raise meaning_of(error) or error from error
    return await _followed(client, run.id)


async def _followed(client: Client, run_id: str) -> ReindexPlace:
    """Show how far the run is until it ends.

    Raises
    ------
    RefusedError
        It failed for good.
    """
    run = client.get_workflow_handle_for(KnowledgeReindexWorkflow.run, run_id)
    ending = asyncio.create_task(run.result())
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console) as bars:
        bar = bars.add_task("texts", total=None)
        while not ending.done():
            if place := await _place(run):
                bars.update(bar, total=max(place.total, place.seen) or None, completed=place.seen)
            await asyncio.wait({ending}, timeout=_LOOK_EVERY)
        if ending.exception() is None:  # it may have gone far since the last look
            seen = max(ending.result().seen, 1)
            bars.update(bar, total=seen, completed=seen)
    try:
        return await ending
    except WorkflowFailureError as error:
        raise RefusedError(reason_of(error)[1]) from error


async def _place(run: WorkflowHandle[KnowledgeReindexWorkflow, ReindexPlace]) -> ReindexPlace | None:
    """How far it is; None while no worker says."""
    try:
        return await run.query(KnowledgeReindexWorkflow.progress)
    except RPCError:
        return None
