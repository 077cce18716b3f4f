"""``trm model``: the model of severity made anew from its texts or from what humans said, and what it is worth."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table
from temporalio.client import WorkflowFailureError, WorkflowHandle
from temporalio.common import WorkflowIDConflictPolicy
from temporalio.service import RPCError

from activities.learning import LearningOutcome
from cli.errors import plain_errors
from cli.foreign import plain
from cli.temporal import connected
from knowledge.e5 import E5
from ontology.judgement import ModelComparison, Objection
from runtime.errors import RefusedError
from runtime.settings import Settings, settings
from scoring.comparing import compare
from scoring.figures import Figure, figures
from scoring.labelled import Labelled, part
from scoring.severity import BUNDLED, Array, ModelUnreadableError, SeverityModel, bundled, read_model, written
from scoring.training import train as trained
from workers.schedules import MODEL
from workflows.model import ModelReport, ModelWorkflow
from workflows.outcomes import CALL_ERRORS, meaning_of
from workflows.starts import reason_of

app = typer.Typer(no_args_is_help=True, help="The model of severity.")
console = Console()

_LOOK_EVERY = 0.5

_COME_OF = {
    LearningOutcome.NOTHING_NEW: "no label is new: {labels} of humans, and {current} judges; nothing was learnt",
    LearningOutcome.WAITING: "decision {decision} on an earlier model waits still: take it first",
    LearningOutcome.REFUSED: "{current} goes on judging",
    LearningOutcome.ASKED: "decision {decision} waits for who has the authority: POST /v1/approvals/{decision}/decision"
    ' with {{"outcome": "Approve"}}, or signal `approve` to the run decision/{decision}',
    None: "it ended without an outcome",
}

_OBJECTIONS = {
    Objection.WORSE: "it is worse",
    Objection.MAYBE_WORSE: "a loss cannot be ruled out",
    Objection.UNCALIBRATED: "it is not calibrated",
}


@app.callback()
def _group() -> None:
    """The model of severity."""


@app.command()
def train(
    out: Annotated[Path, typer.Option(help="the file; without it the model that comes with the product")] = BUNDLED,
) -> None:
    """Make a model from the labelled texts that are there to learn from."""
    with plain_errors():
        texts = part("train")
        model = trained(texts, asyncio.run(meanings(texts)))
        file = written(model)
        out.write_bytes(file)
        console.print(plain(f"learnt from {len(texts)} texts: {read_model(file).version}, written to {out}"))


@app.command()
def evaluate(
    file: Annotated[Path | None, typer.Argument(help="a model; without it the one that comes with the product")] = None,
) -> None:
    """Tell what a model is worth on the frozen test part, and whether it may take the other's place."""
    with plain_errors():
        standing, texts = bundled(), part("test")
        model = standing if file is None else _read(file)
        vectors = asyncio.run(meanings(texts))
        labels = np.array([one.severity for one in texts])
        ours, theirs = (one.probabilities([text.text for text in texts], vectors) for one in (standing, model))
        _tell(model, figures(theirs, labels, model.sure))
        if file is not None:
            tree = settings().judgement
            tell_comparison(
                compare(ours, theirs, labels, margin=tree.tolerated_loss, calibration=tree.tolerated_calibration_error),
                (standing.version, model.version),
            )


def _read(file: Path) -> SeverityModel:
    try:
        return read_model(file.read_bytes())
    except (OSError, ModelUnreadableError) as error:
        raise RefusedError(f"{file} is no model that can be read: {error}") from error


@app.command()
def promote() -> None:
    """Learn from what humans said since, now; where the model shows no loss, ask whether it may judge.

    Interrupted, the run goes on; the command again follows it.
    """
    with plain_errors():
        report = asyncio.run(_promoted(settings()))
        if report.comparison:
            tell_comparison(report.comparison, (report.current, report.candidate))
        console.print(plain(_COME_OF[report.outcome].format(**dict(report))))


async def _promoted(tree: Settings) -> ModelReport:
    client = await connected(tree.temporal)
    try:
        started = await client.start_workflow(
            ModelWorkflow.run,
            id=f"{MODEL}/asked",
            task_queue=tree.temporal.task_queue,
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
        )
    except CALL_ERRORS as error:
        raise meaning_of(error) or error from error
    run: WorkflowHandle[Any, ModelReport] = client.get_workflow_handle(
        started.id, run_id=started.first_execution_run_id, result_type=ModelReport
    )
    ending = asyncio.create_task(run.result())
    with Progress(SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn(), console=console) as bars:
        bar = bars.add_task("look for labels", total=None)
        while not ending.done():
            if report := await _progress(run):
                bars.update(bar, description=_doing(report))
            await asyncio.wait({ending}, timeout=_LOOK_EVERY)
    try:
        return await ending
    except WorkflowFailureError as error:
        raise RefusedError(reason_of(error)[1]) from error


async def _progress(run: WorkflowHandle[Any, ModelReport]) -> ModelReport | None:
    """How far it is; None while no worker says."""
    try:
        return await run.query(ModelWorkflow.progress)
    except RPCError:
        return None


def _doing(report: ModelReport) -> str:
    if report.candidate:
        return "ask whether it may judge"
    return f"learn from {report.labels} labels beside the own texts" if report.current else "look for labels"


async def meanings(texts: Sequence[Labelled]) -> Array:
    """Vectors of texts, without the zeros that fill them up."""
    provider, found = E5(settings().embedding.threads), list[Array]()
    with Progress(console=console, transient=True) as bars:
        for one in bars.track(texts, description="read the texts"):
            found.append(await provider.meaning(one.text))
    return np.array(found, float)


def _tell(model: SeverityModel, found: dict[str, Figure]) -> None:
    table = Table("figure", "value and 95 % interval", title=model.version)
    for name, figure in found.items():
        table.add_row(name, str(figure))
    console.print(table)


def tell_comparison(found: ModelComparison, versions: tuple[str, str]) -> None:
    """Show two models beside each other, and whether the second may take the place of the first."""
    title = f"{versions[1]} beside {versions[0]}, on {found.texts} frozen texts"
    table = Table("figure", "now", "new", "difference and 95 % interval", title=title)
    for name, one in (("quadratic kappa", found.kappa), ("macro-F1", found.macro_f1)):
        table.add_row(name, f"{one.before:.3f}", f"{one.after:.3f}", plain(str(one)))
    table.add_row("calibration error", f"{found.calibration_before:.3f}", f"{found.calibration_after:.3f}", "")
    console.print(table)
    said = (
        "may take its place"
        if found.no_loss
        else "may not take its place: " + ", ".join(_OBJECTIONS[one] for one in found.objections)
    )
    console.print(plain(f"{versions[1]} {said}"))
