"""``trm seed``: posts the sample organisation with a progress bar."""

import asyncio

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from cli.errors import say
from cli.identity import NoTokenError
from cli.seed.posting import Seeded, SeedError, post_sample
from runtime.settings import Settings, settings

console = Console()


def seed() -> None:
    """Post the sample organisation; repeating adds nothing."""
    try:
        seeded = asyncio.run(seed_with_progress(settings(), console))
    except (SeedError, NoTokenError) as error:
        say("The sample was not posted.", error)
        raise typer.Exit(1) from error
    numbers = (
        f"{len(seeded.people)} people, {len(seeded.projects)} projects, {len(seeded.tensions)} tensions, "
        f"{len(seeded.recognitions)} recognitions, {len(seeded.work)} tasks and recognitions for them"
    )
    console.print(f"{numbers} accepted")


async def seed_with_progress(tree: Settings, shown_on: Console) -> Seeded:
    """Post the sample and show how far it is."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=shown_on) as bars:
        tasks: dict[str, TaskID] = {}

        def progress(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = bars.add_task(what, total=total)
            bars.update(tasks[what], completed=done)
            if done == total and not shown_on.is_terminal:
                shown_on.print(f"{what} {done}/{total}", highlight=False)

        return await post_sample(tree, progress)
