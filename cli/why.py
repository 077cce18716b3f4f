"""``trm why``: on one page, what made a thing so and how its text is found."""

import asyncio
import json
from collections.abc import Iterable
from typing import Annotated, Any

import typer
from rich.console import Console, Group, RenderableType
from rich.panel import Panel
from rich.table import Table

from cli.errors import plain_errors
from cli.foreign import plain
from cli.gateway import Json, answered, path_of
from runtime.settings import settings

console = Console()

_WORDS_SHOWN = 12


def why(
    thing: Annotated[str, typer.Argument(metavar="ID", help="of a node; of a relation: FROM/TYPE/TO")],
    query: Annotated[str, typer.Option("--query", "-q", help="also tell how a search for this finds its text")] = "",
    user: Annotated[str, typer.Option(help="look as a person of the local issuer; default: the machine client")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="print the answer as it came")] = False,
) -> None:
    """Tell which events, runs, attempts, people and traces made a node, revision or relation so.

    The events it names are the keys of the change records in Kafka.
    """
    with plain_errors():
        path = f"/v1/why/{path_of(thing.strip('/'))}"
        page = asyncio.run(answered(settings(), "GET", path, user, params={"q": query} if query else {}))
        if as_json:
            console.print_json(data=page)
        else:
            console.print(Group(*render(page)))


def render(page: Json) -> Iterable[RenderableType]:
    """An answer of ``/v1/why`` as parts of one page."""
    if "held" in page:
        yield _relations("Each time it held", page["held"])
        return
    if "writeStatus" in page:
        shown = {name: value for name, value in page.items() if name not in {"links", "failure"}}
        yield pairs(f"Accepted, {page['writeStatus']}", shown | page["links"] | page.get("failure", {}))
        return
    revision = f", revision {page['rev']}" if "rev" in page else ""
    said = dict(page["properties"])
    judgement, mentions = said.pop("severityJudgement", None), said.pop("mentions", "[]")
    yield pairs(f"{page['label']} {page['id']}{revision}", said)
    if judgement:
        yield _judgement(json.loads(judgement), json.loads(mentions))
    for number, cause in enumerate(page["recordedBy"], 1):
        yield _cause(f"Recorded by event {number} of {len(page['recordedBy'])}", cause)
    if page["states"]:
        yield _states(page["states"])
    if page["relations"]:
        yield _relations("Relations" + (", the newest" if page["moreRelations"] else ""), page["relations"])
    if "text" in page:
        yield _text(page["text"])
    if "found" in page:
        yield _found(page["found"])
    for store in page.get("away", []):
        yield plain(f"{store} does not answer: what it knows is left out", style="yellow")


def _judgement(judgement: Json, mentions: list[Json]) -> Panel:
    shares = zip(("low", "medium", "high", "critical"), judgement["probabilities"], strict=True)
    shown: Json = {
        "severity": judgement.get("severity") or f"not said: {judgement['abstained']}",
        "chances": ", ".join(f"{name} {share:.0%}" for name, share in shares),
        "speaks for it": _weights(judgement["wordsFor"]),
        "speaks against it": _weights(judgement["wordsAgainst"]),
        "its meaning": f"{judgement['meaning']:+.2f}",
        "never less, by rule": "; ".join(
            f"{one['floor']}: {one['rule']} (“{one['words']}”)" for one in judgement["rules"]
        ),
        "names": "; ".join(f"“{one['words']}” {', '.join(one['ids'])} ({one['reason']})" for one in mentions),
        "says": judgement["model"],
    }
    return pairs("What the machine thinks", {name: value for name, value in shown.items() if value})


def _weights(words: list[Json]) -> str:
    return ", ".join(f"{one['word']} {one['weight']:+.2f}" for one in words)


def pairs(title: str, values: Json) -> Panel:
    """Names and what they stand for, under a title."""
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    for name, value in values.items():
        table.add_row(plain(name, style="dim"), plain(_text_of(value)))
    return Panel(table, title=plain(title), title_align="left")


def _cause(title: str, cause: Json) -> Panel:
    shown = {name: value for name, value in cause.items() if name not in {"links", "sentBy", "onBehalfOf", "local"}}
    if "attempt" in cause:
        shown["attempt"] = f"{cause['attempt']} ({'local try' if cause.get('local') else 'regular activity'})"
    sender = cause.get("sentBy", {})
    shown["sent by"] = _person(sender["person"]) if "person" in sender else sender.get("identityId", cause["source"])
    if "onBehalfOf" in cause:
        shown["on behalf of"] = _person(cause["onBehalfOf"])
    return pairs(title, shown | {f"open {name}": address for name, address in cause["links"].items()})


def _states(states: list[Json]) -> Table:
    table = _table("Revisions", "", "from", "until", "what was set", "made by event")
    for state in states:
        made = state.get("madeBy", {}).get("eventId", "not yours to see")
        until = state.get("validTo", "now")
        said = _text_of(state["properties"] | {f"no {name}": "" for name in state["removed"]})
        table.add_row(*map(plain, (str(state["rev"]), state["validFrom"], until, said, made)))
    return table


def _relations(title: str, relations: list[Json]) -> Table:
    table = _table(title, "from", "type", "to", "held", "made by event")
    for held in relations:
        made = held.get("madeBy", {}).get("eventId", "not yours to see")
        span = f"{held['validFrom']} to {held.get('validTo', 'now')}"
        table.add_row(*map(plain, (_node(held["source"]), held["type"], _node(held["target"]), span, made)))
    return table


def _text(text: Json) -> Panel:
    words = ", ".join(f"{word['term']} x{word['frequency']}" for word in text["words"][:_WORDS_SHOWN])
    vectors = "; ".join(f"{one['model']} revision {one['revision']}, {one['language']}" for one in text["vectors"])
    return pairs("Its text in search", {"vectors": vectors, "words that count": text["length"], "found under": words})


def _found(found: Json) -> Panel:
    shown: Json = {"rank": found.get("rank", f"not among the first {found['depth']} of either arm")}
    for name in ("score", "cosine"):
        if name in found:
            shown[name] = f"{found[name]:.4f}"
    for arm in ("meaning", "words"):
        if arm in found:
            shown[arm] = f"rank {found[arm]['rank']}, score {found[arm]['score']:.4f}"
    for one in found["contributions"]:
        shown[f"“{one['term']}”"] = (
            f"adds {one['score']:.3f}: {one['frequency']} times here, in {one['documents']} texts, idf {one['idf']:.2f}"
        )
    return pairs(f"Found for “{found['query']}”", shown)


def _table(title: str, *columns: str) -> Table:
    table = Table(*columns, title=title, title_justify="left", box=None, header_style="dim", padding=(0, 2, 0, 0))
    for column in table.columns:
        column.overflow = "fold"
    return table


def _node(node: Json) -> str:
    return f"{node['label']} {node.get('name') or node['id']}"


def _person(person: Json) -> str:
    return f"{person['fullName']} ({person['id']})"


def _text_of(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {_text_of(one)}" for name, one in value.items())
    return ", ".join(map(_text_of, value)) if isinstance(value, list) else str(value)
