"""Gathers the page that says why a thing is so: the graph first, then its text; the same for gateway and ``trm``."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from api.schemas import ArmDTO
from api.services import Services
from api.why.causes import causes, links
from api.why.schemas import (
    CauseDTO,
    ContributionDTO,
    FoundDTO,
    NodeBriefDTO,
    RelationDTO,
    StateDTO,
    StoredTextDTO,
    TextDTO,
    WhyDTO,
    WhyReceiptDTO,
    WhyRelationDTO,
    WordDTO,
)
from api.writes import receipt
from graph.values import json_properties
from graph.visibility import OF_RUN
from graph.why import Sight, events_by_id, find_node, relations_between, relations_made_by, relations_of
from knowledge.errors import KnowledgeUnavailableError
from ontology.kinds.agents import agent_of
from ontology.nodes import ENTITIES
from runtime.runs import Accepted

Row = dict[str, Any]

RELATIONS_SHOWN = 100
"""Most relations on one page."""

_HELD = frozenset({"id", "eventId", "validFrom", "recordedAt", "validTo", "endedBy", "endRecordedAt"})


async def node_page(
    services: Services, node_id: UUID, sight: Sight, readable: frozenset[str], query: str | None = None
) -> WhyDTO | None:
    """Why a node is as it is; None when there is none that may be seen.

    Parameters
    ----------
    services
        What can be reached.
    node_id
        Id of a node of any kind.
    sight
        What may be named as a neighbour.
    readable
        Labels of nodes that may be read themselves.
    query
        Also tell how a search for this finds the node's text.
    """
    node = await find_node(services.graph, node_id, sight)
    if node is None or (node["label"] in ENTITIES and node["label"] not in readable):
        return None
    label = node["label"]
    rows = await relations_of(services.graph, node_id, label, sight, RELATIONS_SHOWN + 1)
    if label not in ENTITIES and not any(row["source"]["label"] in readable for row in rows):
        return None  # a state or event is seen by who may read what it is a state or event of
    if label == "Event":
        rows += await relations_made_by(services.graph, node_id, sight, RELATIONS_SHOWN + 1 - len(rows))
    known = await _causes(services, _events_named(node, rows), sight)
    if label == "Event" and str(node_id) not in known:
        return None
    page = WhyDTO(
        id=node_id,
        label=label,
        rev=node["properties"].get("rev"),
        properties=json_properties(_told(node, known)),
        recorded_by=[known[event] for event in _recording(node) if event in known],
        states=_states(node["states"], known),
        relations=[_relation(row, known) for row in rows[:RELATIONS_SHOWN]],
        more_relations=len(rows) > RELATIONS_SHOWN,
    )
    return await _with_text(services, page, sight, query) if label in ENTITIES else page


async def relation_page(
    services: Services, source: UUID, relation: str, target: UUID, sight: Sight
) -> WhyRelationDTO | None:
    """Every time a relation held; None when it never did, or may not be seen."""
    rows = await relations_between(services.graph, source, relation, target, sight, RELATIONS_SHOWN)
    if not rows:
        return None
    known = await _causes(services, _events_of(rows), sight)
    return WhyRelationDTO(id=f"{source}/{relation}/{target}", held=[_relation(row, known) for row in rows])


def receipt_page(services: Services, entity_id: UUID, accepted: Accepted) -> WhyReceiptDTO:
    """A write that was accepted and does not stand in the graph."""
    return WhyReceiptDTO(
        **dict(receipt(entity_id, accepted)),
        agent=agent_of(accepted.workflow_id),
        accepted_at=accepted.accepted_at,
        links=links(services.settings, accepted.workflow_id, accepted.run_id),
    )


async def _with_text(services: Services, page: WhyDTO, sight: Sight, query: str | None) -> WhyDTO:
    """The page with its text; PostgreSQL may be away, since the graph says most."""
    try:
        text = await _text(services, page.id)
    except KnowledgeUnavailableError:
        return page.model_copy(update={"away": ["knowledge"]})
    found = await _found(services, page.id, sight.viewer.people, query) if text and query else None
    return page.model_copy(update={"text": text, "found": found})


async def _text(services: Services, source_id: UUID) -> TextDTO | None:
    stored = await services.store.get(source_id)
    if not stored:
        return None
    words = await services.store.words(source_id)
    return TextDTO(
        vectors=[
            StoredTextDTO(
                model=one.model,
                content_hash=one.content_hash,
                language=one.language,
                revision=one.revision,
                updated_at=one.updated_at,
            )
            for one in stored
        ],
        length=words[0].length if words else 0,
        words=[WordDTO(term=word.term, frequency=word.frequency) for word in words],
    )


async def _found(services: Services, source_id: UUID, viewers: Sequence[UUID], query: str) -> FoundDTO:
    seen = await services.search.explain(query, source_id, viewers=viewers)
    return FoundDTO(
        query=query,
        rank=seen.rank,
        score=seen.score,
        meaning=ArmDTO.of(seen.meaning),
        words=ArmDTO.of(seen.words),
        cosine=seen.cosine,
        contributions=[ContributionDTO(**vars(one)) for one in seen.matched],
        depth=seen.depth,
    )


async def _causes(services: Services, event_ids: Iterable[str], sight: Sight) -> dict[str, CauseDTO]:
    return causes(await events_by_id(services.graph, event_ids, sight), services.settings)


def _told(node: Row, known: dict[str, CauseDTO]) -> Row:
    """Properties of a node; of an event no more than its cause tells."""
    held: Row = node["properties"]
    untold = OF_RUN if node["label"] == "Event" and known[held["id"]].workflow_id is None else ()
    return {name: value for name, value in held.items() if name not in untold}


def _recording(node: Row) -> list[str]:
    """An event is its own cause."""
    return [node["properties"]["id"]] if node["label"] == "Event" else list(node["events"])


def _events_named(node: Row, rows: list[Row]) -> list[str]:
    return [*_recording(node), *(state["madeBy"] for state in node["states"]), *_events_of(rows)]


def _events_of(rows: list[Row]) -> list[str]:
    return [event for row in rows for event in (row["madeBy"], *row["endedBy"])]


def _ends(row: Row, known: dict[str, CauseDTO]) -> dict[str, CauseDTO | None]:
    return {
        "made_by": known.get(row["madeBy"]),
        "ended_by": known.get(row["endedBy"][0]) if row["endedBy"] else None,
    }


def _states(rows: list[Row], known: dict[str, CauseDTO]) -> list[StateDTO]:
    """Each revision, which holds until the next one does."""
    untils = [*(row["validFrom"] for row in rows[1:]), None]
    return [StateDTO(**state_fields(row, until, known)) for row, until in zip(rows, untils, strict=False)]


def state_fields(row: Row, until: datetime | None, known: dict[str, CauseDTO]) -> Row:
    """What is told of a revision, which holds until a moment."""
    properties = json_properties(row["properties"])
    return {
        "id": properties.pop("id"),
        "rev": properties.pop("rev"),
        "removed": properties.pop("removed", []),
        "properties": properties,
        "valid_from": row["validFrom"],
        "valid_to": until,
        "made_by": known.get(row["madeBy"]),
    }


def _relation(row: Row, known: dict[str, CauseDTO]) -> RelationDTO:
    held, source, target = row["properties"], row["source"], row["target"]
    return RelationDTO(
        id=f"{source['id']}/{row['type']}/{target['id']}",
        type=row["type"],
        source=NodeBriefDTO(**source),
        target=NodeBriefDTO(**target),
        properties=json_properties({name: value for name, value in held.items() if name not in _HELD}),
        valid_from=held["validFrom"],
        valid_to=held.get("validTo"),
        **_ends(row, known),
    )
