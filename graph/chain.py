"""The chain that a thing stands in: tension, project, WIN, recognitions, knowledge, as far as a viewer may see it."""

import asyncio
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import LiteralString
from uuid import UUID

from graph.database import GraphDatabase, Row
from graph.naming import name_of
from graph.visibility import Viewer, sees_node

STATIONS = ("Tension", "Project", "WIN", "Recognition", "KnowledgeSnippet")
"""Labels of the chain, in its order."""

COUNTED = 100
"""Things of a station that are counted; of more it is only said that there are more."""

_LED_FROM: LiteralString = "COMMENTS_ON|DECIDES|PART_OF"
"""Relations from what stands beside the chain to what it is about."""

_ITEM: LiteralString = (
    "{id: n.id, label: labels(n)[0], name: coalesce(" + name_of("n") + ", CASE WHEN n:WIN THEN 'WIN' END), "
    "status: n.status, severity: n.severity}"
)

_ANCHOR = (
    """
UNWIND $labels AS label
MATCH (n:$(label) {id: $id})
WHERE """
    + sees_node("n")
    + " RETURN " + _ITEM + " AS here, COLLECT { MATCH (n)-[r:" + _LED_FROM + "]->(about)"
    + " WHERE r.validTo IS NULL AND labels(about)[0] IN $stations AND " + sees_node("about")
    + " RETURN {id: about.id, label: labels(about)[0]} LIMIT 1 } AS about,"
    + " COLLECT { MATCH (n)<-[r:GENERATES_KNOWLEDGE]-(source) WHERE r.validTo IS NULL AND " + sees_node("source")
    + " RETURN {id: source.id, label: labels(source)[0]} ORDER BY r.validFrom LIMIT 1 } AS learnt"
)  # fmt: skip

_TO_PROJECT: LiteralString = "(x)-[:RECOGNIZES_CONTRIBUTION_TO]->(:Project)"
_OVER_TASK: LiteralString = "(x)-[:RECOGNIZES_CONTRIBUTION_TO]->(:Task)-[:PART_OF]->(:Project)"

_WAYS: Mapping[str, Mapping[str, tuple[LiteralString, ...]]] = {
    "Tension": {
        "Project": ("(x)<-[:RESOLVES]-(n:Project)",),
        "WIN": ("(x)<-[:RESOLVES]-(:Project)-[:RESULTS_IN]->(n:WIN)",),
        "Recognition": (
            "(x)<-[:EASES]-(n:Recognition)",
            "(x)<-[:RESOLVES]-(:Project)<-[:RECOGNIZES_CONTRIBUTION_TO]-(n:Recognition)",
            "(x)<-[:RESOLVES]-(:Project)<-[:PART_OF]-(:Task)<-[:RECOGNIZES_CONTRIBUTION_TO]-(n:Recognition)",
        ),
        "KnowledgeSnippet": (
            "(x)-[:GENERATES_KNOWLEDGE]->(n:KnowledgeSnippet)",
            "(x)<-[:EASES]-(:Recognition)-[:GENERATES_KNOWLEDGE]->(n:KnowledgeSnippet)",
            "(x)<-[:RESOLVES]-(:Project)-[:RESULTS_IN]->(:WIN)-[:GENERATES_KNOWLEDGE]->(n:KnowledgeSnippet)",
        ),
    },
    "Project": {
        "Tension": ("(x)-[:RESOLVES]->(n:Tension)",),
        "WIN": ("(x)-[:RESULTS_IN]->(n:WIN)",),
        "Recognition": (
            "(x)<-[:RECOGNIZES_CONTRIBUTION_TO]-(n:Recognition)",
            "(x)<-[:PART_OF]-(:Task)<-[:RECOGNIZES_CONTRIBUTION_TO]-(n:Recognition)",
        ),
        "KnowledgeSnippet": (
            "(x)-[:RESULTS_IN]->(:WIN)-[:GENERATES_KNOWLEDGE]->(n:KnowledgeSnippet)",
            "(x)<-[:RECOGNIZES_CONTRIBUTION_TO]-(:Recognition)-[:GENERATES_KNOWLEDGE]->(n:KnowledgeSnippet)",
            "(x)-[:RESOLVES]->(:Tension)-[:GENERATES_KNOWLEDGE]->(n:KnowledgeSnippet)",
        ),
    },
    "WIN": {
        "Tension": ("(x)<-[:RESULTS_IN]-(:Project)-[:RESOLVES]->(n:Tension)",),
        "Project": ("(x)<-[:RESULTS_IN]-(n:Project)",),
        "Recognition": (
            "(x)-[:EVIDENCED_BY]->(n:Recognition)",
            "(x)<-[:RESULTS_IN]-(:Project)<-[:RECOGNIZES_CONTRIBUTION_TO]-(n:Recognition)",
        ),
        "KnowledgeSnippet": ("(x)-[:GENERATES_KNOWLEDGE]->(n:KnowledgeSnippet)",),
    },
    "Recognition": {
        "Tension": (
            "(x)-[:EASES]->(n:Tension)",
            _TO_PROJECT + "-[:RESOLVES]->(n:Tension)",
            _OVER_TASK + "-[:RESOLVES]->(n:Tension)",
        ),
        "Project": (
            "(x)-[:RECOGNIZES_CONTRIBUTION_TO]->(n:Project)",
            "(x)-[:RECOGNIZES_CONTRIBUTION_TO]->(:Task)-[:PART_OF]->(n:Project)",
        ),
        "WIN": (
            "(x)<-[:EVIDENCED_BY]-(n:WIN)",
            _TO_PROJECT + "-[:RESULTS_IN]->(n:WIN)",
            _OVER_TASK + "-[:RESULTS_IN]->(n:WIN)",
        ),
        "KnowledgeSnippet": ("(x)-[:GENERATES_KNOWLEDGE]->(n:KnowledgeSnippet)",),
    },
    "KnowledgeSnippet": {},
}
"""Label of where one stands → label of a station → the ways there, from ``x`` to ``n``."""


@dataclass(frozen=True)
class Station:
    """One station of a chain.

    Parameters
    ----------
    label
        What stands there.
    items
        Rows of id, label, name, status and severity, the newest first; at most :data:`COUNTED`.
    more
        Whether there are more.
    """

    label: str
    items: tuple[Row, ...]
    more: bool = False


@dataclass(frozen=True)
class Chain:
    """A thing, and the stations of the chain that it stands in; none for what stands in no chain."""

    here: Row
    stations: tuple[Station, ...]


async def chain_of(graph: GraphDatabase, thing: UUID, viewer: Viewer, readable: Collection[str]) -> Chain | None:
    """The chain of a thing: of a comment, task or decision that of what it is about, of knowledge that of its source.

    Parameters
    ----------
    graph, thing, viewer
        Whose chain, for whom.
    readable
        Labels that are told; what the viewer's token does not cover is left out.

    Returns
    -------
        None where there is no such thing that the viewer may see.
    """
    told = {"labels": sorted(readable), "stations": list(STATIONS), **viewer.parameters()}
    rows = await graph.read(_ANCHOR, id=str(thing), **told)
    if not rows:
        return None
    here = rows[0]["here"]
    anchor = next(iter([*rows[0]["learnt"], *rows[0]["about"]]), here)
    if anchor["label"] not in STATIONS:
        return Chain(here, ())
    stations = await asyncio.gather(
        *(_station(graph, anchor, label, here, viewer) for label in STATIONS if label in readable)
    )
    return Chain(here, tuple(stations))


async def _station(graph: GraphDatabase, anchor: Row, label: str, here: Row, viewer: Viewer) -> Station:
    if label == anchor["label"]:
        query: LiteralString = "MATCH (n:$($label) {id: $id}) RETURN " + _ITEM + " AS item"
    else:
        ways = _WAYS[anchor["label"]].get(label, ())
        if not ways:
            return Station(label, (here,) if label == here["label"] else ())
        query = _query(ways)
    rows = await graph.read(query, label=anchor["label"], id=anchor["id"], most=COUNTED + 1, **viewer.parameters())
    items = [row["item"] for row in rows]
    if label == here["label"]:
        items = [here, *(item for item in items if item["id"] != here["id"])]
    return Station(label, tuple(items[:COUNTED]), len(items) > COUNTED)


def _query(ways: tuple[LiteralString, ...]) -> LiteralString:
    """What the ways lead to, as long as each of their relations holds, the newest first."""
    parts: list[LiteralString] = [
        "MATCH p = " + way + " WHERE all(r IN relationships(p) WHERE r.validTo IS NULL) RETURN n" for way in ways
    ]
    union: LiteralString = " UNION ".join(parts)
    return (
        "MATCH (x:$($label) {id: $id}) CALL (x) { " + union + " } "
        "WITH n WHERE coalesce(n.status, '') <> 'Archived' AND " + sees_node("n")
        + " WITH n ORDER BY n.createdAt DESC, n.id LIMIT $most RETURN " + _ITEM + " AS item"
    )  # fmt: skip
