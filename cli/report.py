"""How the main job's outcome is shown to a person."""

from rich.console import Console
from rich.panel import Panel
from rich.table import Table

from cli.foreign import plain
from cli.mainjob import JobReport
from cli.wins import render
from runtime.settings import Settings

_WIDTH = 17
_NAMED = 2
"""So many of a station of the chain are named."""


def addresses_of(tree: Settings) -> dict[str, str]:
    """Name → address a person can open."""
    return {
        "Dashboard": tree.dashboard.public_url,
        "API": f"{tree.api.public_url}/openapi.json",
        "Temporal Web UI": f"{tree.temporal.ui_url}/namespaces/{tree.temporal.namespace}/workflows",
        "Traces": f"http://127.0.0.1:{tree.stack.zipkin_port}/zipkin/",
        "Gateway readiness": tree.telemetry.operations_url(tree.api.operations_port, "/readyz"),
        "Neo4j (Bolt)": tree.graph.uri,
        "Kafka": tree.events.bootstrap_servers,
        "Schema registry": tree.events.registry_url,
        "PostgreSQL": f"{tree.knowledge.host}:{tree.knowledge.port}/{tree.knowledge.database}",
    }


def addresses_table(tree: Settings) -> Table:
    """Addresses to open."""
    table = Table(box=None, show_header=False, title="Open", title_justify="left")
    for name, address in addresses_of(tree).items():
        table.add_row(name, address)
    return table


def show_report(console: Console, report: JobReport) -> None:
    """Print counts, what was followed and the searches."""
    console.print(_counts(report))
    for followed in report.followed:
        console.print(_followed(followed))
        for name, value in followed.items():
            if _is_address(value):
                console.print(plain(f"{name:<{_WIDTH}} {value}"), soft_wrap=True)
    if report.worth:
        console.print(plain("\nWhat a project was worth", style="bold"))
        for station in report.worth["chain"]:
            names = [str(one.get("name") or one["id"]).splitlines()[0] for one in station["items"][:_NAMED]]
            more = [f"and {station['count'] - _NAMED} more"] if station["count"] > _NAMED else []
            console.print(plain(f"  {station['label']:<17} ", "dim").append_text(plain("; ".join([*names, *more]))))
        console.print(*render(report.worth), sep="\n")
    for search in report.searches:
        console.print(plain("\nsearch", style="bold").append(f" “{search.query}”"))
        for hit in search.hits:
            why = ", ".join(
                [f"meaning #{hit.meaning_rank}"] * bool(hit.meaning_rank)
                + [f"words #{hit.words_rank}"] * bool(hit.words_rank)
            )
            console.print(plain(f"  {hit.score:.4f}  {hit.content[:90]} ").append(f"({why})", "dim"))
    for failure in report.unexpected:
        console.print(plain("unexpected:", style="red").append_text(plain(f" {failure}")))


def _counts(report: JobReport) -> Table:
    table = Table(box=None, header_style="bold", title="What stands in every store", title_justify="left")
    for column in ("store", "what", "number"):
        table.add_column(column, justify="right" if column == "number" else "left")
    for store, numbers in report.counts.items():
        for what, number in numbers.items():
            table.add_row(store, what, str(number))
    return table


def _followed(followed: dict[str, str]) -> Panel:
    what, *_ = followed
    lines = [f"{name:<{_WIDTH}} {value}" for name, value in followed.items() if not _is_address(value)]
    return Panel(plain("\n".join(lines)), title=f"One {what}, followed through every store", title_align="left")


def _is_address(value: str) -> bool:
    """An address is printed on a line of its own, unbroken, so that a terminal can open it."""
    return value.startswith("http")
