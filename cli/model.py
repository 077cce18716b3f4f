"""``trm model``: the model of severity made anew from its texts, and what it is worth on those none learns from."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from cli.errors import plain_errors
from cli.foreign import plain
from knowledge.e5 import E5
from ontology.judgement import ModelComparison, Objection
from runtime.errors import RefusedError
from runtime.settings import settings
from scoring.comparing import compare
from scoring.figures import Figure, figures
from scoring.labelled import Labelled, part
from scoring.severity import BUNDLED, Array, ModelUnreadableError, SeverityModel, bundled, read_model, written
from scoring.training import train as trained

app = typer.Typer(no_args_is_help=True, help="The model of severity.")
console = Console()

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
    table = Table("figure", *versions, "difference and 95 % interval", title=f"on {found.texts} frozen texts")
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
