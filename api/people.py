"""``/v1/people``."""

from typing import Annotated, Any

from fastapi import Depends, Query

from api.problem_codes import READS_PAGE
from api.problems import responses
from api.schemas import PersonCreateDTO, PersonDTO, PersonPageDTO, PersonPatchDTO, provenance, shared_fields
from api.security import Principal, requires
from api.things import Reach, Resource, router_of
from graph.people_reads import get_person, list_people, viewer_behind
from ontology.enums import PersonKind
from ontology.kinds.person import PERSON
from ontology.scopes import Scope
from runtime.text import fold


def _dto(row: dict[str, Any]) -> PersonDTO:
    return PersonDTO(**shared_fields(PersonDTO, row["person"]), recorded_by=provenance(row["events"]))


RESOURCE = Resource(
    kind=PERSON,
    noun="person",
    create=PersonCreateDTO,
    answer=PersonDTO,
    patch=PersonPatchDTO,
    get=get_person,
    shown=_dto,
    creating="Record a person",
    created="Accept a person durably; somebody of whom only an e-mail or handle was known keeps their id.",
    refusals=("personExists",),
)

router = router_of(RESOURCE)


@router.get("", responses=responses(*READS_PAGE), summary="List people")
async def read_page(
    principal: Annotated[Principal, Depends(requires(Scope.READ_PERSON))],
    services: Reach,
    name: Annotated[
        str | None, Query(max_length=200, description="part of the name, accents ignored; or of the handle or an alias")
    ] = None,
    kind: Annotated[PersonKind | None, Query(description="only humans, or only agents")] = None,
    left: Annotated[bool, Query(description="those who left as well")] = False,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    cursor: Annotated[str | None, Query(max_length=500)] = None,
) -> PersonPageDTO:
    """A page of people, newest first; those who left only if asked for."""
    filters = {"name": fold(name) if name else None}
    filters |= {"kind": kind} if kind else {}
    filters |= {"left": "true"} if left else {}
    cursors = services.cursors
    after = cursors.read(cursor, filters)
    viewer = await viewer_behind(services.graph, principal.caller)
    rows = await list_people(
        services.graph, viewer=viewer, limit=limit + 1, after=after, name=name, kind=kind, left=left
    )
    items = [_dto(row) for row in rows[:limit]]
    more = cursors.after([items[-1].created_at], str(items[-1].id), filters) if len(rows) > limit else None
    return PersonPageDTO(items=items, next_cursor=more)
