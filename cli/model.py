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
from runtime.errors import RefusedError
from runtime.settings import settings
from scoring.figures import Comparison, Figure, compare, figures
from scoring.labelled import Labelled, Part, own
from scoring.severity import BUNDLED, Array, ModelUnreadableError, SeverityModel, bundled, read_model, written
from scoring.training import train as trained

app = typer.Typer(no_args_is_help=True, help="The model of severity.")
console = Console()


@app.callback()
def _group() -> None:
    """The model of severity."""


@app.command()
def train(
    out: Annotated[Path, typer.Option(help="the file; without it the model that comes with the product")] = BUNDLED,
) -> None:
    """Make a model from the labelled texts that are there to learn from."""
    with plain_errors():
        texts = _part("train")
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
        standing, texts = bundled(), _part("test")
        model = standing if file is None else _read(file)
        vectors = asyncio.run(meanings(texts))
        labels = np.array([one.severity for one in texts])
        ours, theirs = (one.probabilities([text.text for text in texts], vectors) for one in (standing, model))
        _tell(model, figures(theirs, labels, model.sure))
        if file is not None:
            _verdict(compare(ours, theirs, labels), standing)


def _part(part: Part) -> list[Labelled]:
    return [one for one in own() if one.part == part]


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


def _verdict(comparison: Comparison, standing: SeverityModel) -> None:
    tree = settings().judgement
    fits = comparison.no_loss(tree.tolerated_loss, tree.tolerated_calibration_error)
    said = "may take its place" if fits else "may not: a loss cannot be ruled out, or it is not calibrated"
    console.print(plain(f"against {standing.version}: kappa {comparison.kappa}, F1 {comparison.macro_f1}; {said}"))
