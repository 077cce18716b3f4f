"""Kinds whose routes need nothing of their own: their models and lists are made of what the kind declares."""

import inspect
from collections.abc import Sequence
from typing import Annotated, Any, Literal, get_origin
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import Field, create_model

from api.problem_codes import READS_PAGE
from api.problems import responses
from api.schemas import AnswerDTO, PersonBriefDTO, ProjectBriefDTO, ProvenanceDTO, provenance, shared_fields
from api.security import Principal, requires
from api.things import Reach, Resource, router_of
from graph.database import GraphDatabase, Row
from graph.people_reads import ids_of_person, viewer_behind
from graph.things import get_thing, list_things
from graph.visibility import Viewer
from ontology.base import OntologyModel
from ontology.enums import WriteStatus
from ontology.kinds import Kind, Reference

_BRIEFS: dict[str, Any] = {"Person": PersonBriefDTO, "Project": ProjectBriefDTO}
"""Label → how one is named; of any other only the id."""

_INTERNAL = frozenset({"updated_at", "request_hash", "folded_name"})
"""Properties that are nobody's business but the graph's."""


def plain_router(kind: Kind) -> APIRouter:
    """All routes of a kind; one that agents alone record is only read."""
    answer = answer_model(kind)

    async def get(graph: GraphDatabase, thing: UUID, viewer: Viewer) -> Row | None:
        return await get_thing(graph, kind.label, thing, viewer)

    resource = Resource(
        kind=kind,
        noun=kind.name,
        create=None if kind.by_agents else create_model(f"{kind.label}CreateDTO", __base__=kind.content),
        answer=answer,
        patch=patch_model(kind) if kind.changed and not kind.by_agents else None,
        get=get,
        shown=lambda row: shown(kind, answer, row),
        creating=f"Record a {kind.name}",
        created="Accepted durably; it stands in the graph a moment later.",
    )
    router = router_of(resource)
    _add_list(router, kind, answer)
    return router


def answer_model(kind: Kind) -> type[AnswerDTO]:
    """What is given of a thing: its properties, whom and what it names, and what recorded it."""
    fields: dict[str, Any] = {
        name: (field.annotation, field) for name, field in kind.entity.model_fields.items() if name not in _INTERNAL
    }
    for reference in kind.references:
        brief: Any = _BRIEFS.get(reference.label, UUID)
        fields[reference.field] = (list[brief], []) if _many(kind, reference) else (brief | None, None)
    fields["write_status"] = (Literal[WriteStatus.WRITTEN], WriteStatus.WRITTEN)
    fields["recorded_by"] = (list[ProvenanceDTO], Field())
    return create_model(f"{kind.label}DTO", __base__=AnswerDTO, __doc__=kind.entity.__doc__, **fields)


def patch_model(kind: Kind) -> type[OntologyModel]:
    """What is sent to change a thing: any of what may be changed."""
    said = kind.content.model_fields
    fields: dict[str, Any] = {
        name: (Any if name not in said else said[name].annotation, None) for name in kind.editable
    }
    return create_model(f"{kind.label}PatchDTO", __base__=OntologyModel, __doc__="What is to become of it.", **fields)


def shown(kind: Kind, answer: type[AnswerDTO], row: Row) -> AnswerDTO:
    """A row as it is given."""
    named = {}
    for reference in kind.references:
        found = [
            {"id": one["id"], "name": one["name"], "full_name": one["name"]}
            for one in row["targets"]
            if (one["relation"], one["label"]) == (reference.relation, reference.label)
        ]
        briefs = [_brief(reference, one) for one in found]
        named[reference.field] = briefs if _many(kind, reference) else next(iter(briefs), None)
    said = {**shared_fields(answer, row["properties"]), **named, "recorded_by": provenance(row["events"])}
    return answer.model_validate(said)


def _brief(reference: Reference, row: Row) -> Any:
    brief = _BRIEFS.get(reference.label)
    return brief(**{name: row[name] for name in brief.model_fields if name in row}) if brief else row["id"]


def _many(kind: Kind, reference: Reference) -> bool:
    annotation = kind.content.model_fields[reference.field].annotation
    return get_origin(annotation) is list


def _add_list(router: APIRouter, kind: Kind, answer: type[AnswerDTO]) -> None:
    """A page of things, filtered by whom and what they name: ``?giverId=`` for the field ``giver``."""
    page: Any = create_model(
        f"{kind.label}PageDTO",
        __base__=AnswerDTO,
        __doc__="A page, newest first.",
        items=(list[answer], Field()),  # type: ignore[valid-type]
        next_cursor=(str | None, None),
    )
    names = [reference.pointer[1:].removesuffix("Id") + "Id" for reference in kind.references]

    async def read_page(
        principal: Annotated[Principal, Depends(requires(kind.reads))],
        services: Reach,
        related: Annotated[list[UUID | None], Depends(_filters(names))],
        limit: Annotated[int, Query(ge=1, le=100)] = 20,
        cursor: Annotated[str | None, Query(max_length=500)] = None,
    ) -> Any:
        said = {name: str(one) if one else None for name, one in zip(names, related, strict=True)}
        cursors = services.cursors
        after = cursors.read(cursor, said)
        viewer = await viewer_behind(services.graph, principal.caller)
        wanted: dict[str, Sequence[UUID]] = {}
        for reference, one in zip(kind.references, related, strict=True):
            if one:
                people = await ids_of_person(services.graph, one) if reference.label == "Person" else [one]
                wanted[reference.relation] = people
        rows = await list_things(services.graph, kind.label, viewer, limit=limit + 1, after=after, related=wanted)
        items: list[Any] = [shown(kind, answer, row) for row in rows[:limit]]
        last = items[-1] if len(rows) > limit else None
        more = cursors.after([last.created_at], str(last.id), said) if last else None
        return page.model_validate({"items": items, "next_cursor": more})

    router.get("", response_model=page, responses=responses(*READS_PAGE), summary=f"List {kind.plural}")(read_page)


def _filters(names: Sequence[str]) -> Any:
    """A dependency that reads so many ids of the query."""

    def read(**said: UUID | None) -> list[UUID | None]:
        return [said.get(name) for name in names]

    parameter = inspect.Parameter
    read.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [
            parameter(name, parameter.KEYWORD_ONLY, default=None, annotation=Annotated[UUID | None, Query()])
            for name in names
        ]
    )
    return read
