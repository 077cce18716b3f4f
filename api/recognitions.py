"""``/v1/recognitions``."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Query

from api.problem_codes import READS_PAGE
from api.problems import responses
from api.queries import Since, Until
from api.schemas import (
    RecognitionCreateDTO,
    RecognitionDTO,
    RecognitionPageDTO,
    RecognitionPatchDTO,
    provenance,
    shared_fields,
)
from api.security import Principal, requires
from api.things import Reach, Resource, router_of
from graph.people_reads import ids_of_person, viewer_behind
from graph.recognitions import get_recognition, list_recognitions
from ontology.enums import RecognitionStatus
from ontology.kinds.recognition import RECOGNITION
from ontology.scopes import Scope


def _dto(row: dict[str, Any]) -> RecognitionDTO:
    return RecognitionDTO(
        **shared_fields(RecognitionDTO, row["recognition"]),
        giver=row["giver"],
        receivers=row["receivers"],
        project=row["projects"][0] if row["projects"] else None,
        task_id=row["tasks"][0] if row["tasks"] else None,
        tension_id=row["tensions"][0] if row["tensions"] else None,
        recorded_by=provenance(row["events"]),
    )


RESOURCE = Resource(
    kind=RECOGNITION,
    noun="recognition",
    create=RecognitionCreateDTO,
    answer=RecognitionDTO,
    patch=RecognitionPatchDTO,
    get=get_recognition,
    shown=_dto,
    creating="Recognise a contribution",
    created="Accept a recognition durably; it stands in the graph a moment later.",
    refusals=("selfRecognition",),
)

router = router_of(RESOURCE)


@router.get("", responses=responses(*READS_PAGE), summary="List recognitions")
async def read_page(
    principal: Annotated[Principal, Depends(requires(Scope.READ_RECOGNITION))],
    services: Reach,
    giver_id: Annotated[UUID | None, Query(alias="giverId")] = None,
    receiver_id: Annotated[UUID | None, Query(alias="receiverId")] = None,
    project_id: Annotated[UUID | None, Query(alias="projectId")] = None,
    status: Annotated[
        RecognitionStatus | None, Query(description="one state; default: all but what was withdrawn")
    ] = None,
    since: Since = None,
    until: Until = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    cursor: Annotated[str | None, Query(max_length=500)] = None,
) -> RecognitionPageDTO:
    """A page of what the caller may see, newest first."""
    filters = {
        "giver": giver_id,
        "receiver": receiver_id,
        "project": project_id,
        "status": status,
        "since": since,
        "until": until,
    }
    said = {name: str(value) if value else None for name, value in filters.items()}
    cursors = services.cursors
    after = cursors.read(cursor, said, moments=2)
    viewer = await viewer_behind(services.graph, principal.caller)
    people = {
        name: await ids_of_person(services.graph, one)
        for name, one in (("giver", giver_id), ("receiver", receiver_id))
        if one
    }
    rows = await list_recognitions(
        services.graph,
        viewer=viewer,
        limit=limit + 1,
        after=after,
        project=project_id,
        status=status,
        since=since,
        until=until,
        **people,
    )
    items = [_dto(row) for row in rows[:limit]]
    last = items[-1] if len(rows) > limit else None
    more = cursors.after([last.occurred_at, last.created_at], str(last.id), said) if last else None
    return RecognitionPageDTO(items=items, next_cursor=more)
