"""What an import would do, on the terminal: the mapping, the first rows, and what would be refused."""

from collections import Counter

import orjson
from rich.console import Console
from rich.table import Table
from rich.text import Text

from cli.foreign import plain
from cli.operator import operator
from graph.database import GraphDatabase
from importing.columns import EXTERNAL_ID, fields_of
from importing.job import ImportJob
from importing.preview import Preview, preview
from importing.table import NOTES
from runtime.settings import Settings


async def previewed(job: ImportJob, tree: Settings, shown: int) -> Preview:
    """Preview the file as the operator; nothing is written anywhere."""
    async with GraphDatabase(tree.graph) as graph:
        return await preview(job, graph, tree.events.source, operator(), shown)


def show(job: ImportJob, found: Preview, console: Console, errors: int = 10) -> None:
    """Print the preview."""
    console.print(_mapping(job))
    for row in found.first:
        said = orjson.dumps(row.row.content, option=orjson.OPT_INDENT_2).decode()
        console.print(f"line {row.line.number} → {job.chosen.kind.kind.label} {row.row.id}", highlight=False)
        console.print(plain(said), highlight=False)
    if found.bad:
        console.print(_errors(found, errors))
        codes = Counter(row.code for row in found.bad)
        console.print("refused: " + ", ".join(f"{count} {code}" for code, count in codes.most_common()), style="red")
    console.print(_counts(job, found), highlight=False)


def _mapping(job: ImportJob) -> Table:
    table = Table("column", "is", "of", box=None, header_style="bold", title_justify="left")
    targets = {place: target for target, places in job.mapped.items() for place in places}
    for place, name in enumerate(job.table.labels):
        if not name.startswith(NOTES):
            target = Text(targets[place]) if place in targets else Text("left out", style="dim")
            table.add_row(plain(name), target, job.chosen.kind.name)
    used = {target.partition(".")[0] for target in job.mapped}
    missing = [name for name in (EXTERNAL_ID, *fields_of(job.chosen.kind.content)) if name not in used]
    if missing:
        table.caption = f"without a column: {', '.join(missing)}"
    return table


def _errors(found: Preview, shown: int) -> Table:
    table = Table("line", "column", "code", "message", box=None, header_style="bold red")
    for row in sorted(found.bad, key=lambda row: row.line.number)[:shown]:
        table.add_row(str(row.line.number), plain(row.column), row.code, plain(row.message))
    return table


def _counts(job: ImportJob, found: Preview) -> str:
    told = f"{job.total} rows: {job.total - len(found.bad)} good, {len(found.bad)} refused"
    if found.repeated:
        told += f", {found.repeated} said twice"
    if found.besides:
        told += f", {found.besides} {job.chosen.kind.besides}"
    if found.new is None:
        return f"{told}. The graph was not asked. Nothing was written."
    part = "" if found.asked == found.good else f" of the first {found.asked}"
    return f"{told}; {found.new}{part} are new to the graph. Nothing was written."
