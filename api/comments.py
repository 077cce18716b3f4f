"""Comments on tensions: said under ``/v1/tensions/{tensionId}/comments``, each its own under ``/v1/comments``."""

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from pydantic import Field

from api.contract import create_responses
from api.preferences import Preferred
from api.problem_codes import NAMES_PEOPLE, READS_PAGE, WRITES
from api.problems import responses
from api.schemas import AnswerDTO, PersonBriefDTO, ProvenanceDTO, WriteReceiptDTO, left_out, provenance, shared_fields
from api.security import GuardedRoute, Principal, requires
from api.things import Reach, Resource, record, router_of
from api.writes import IdempotencyKey, not_found
from graph.comments import get_comment, list_comments
from graph.people_reads import viewer_behind
from graph.tensions import get_tension
from ontology.base import Language, OntologyModel, Text, Timestamp
from ontology.enums import CommentStatus, WriteStatus
from ontology.kinds.comment import COMMENT, CommentSaid
from ontology.references import PersonRef
from ontology.scopes import Scope


class CommentCreateDTO(OntologyModel):
    """What is to be said about a tension; the author defaults to the caller."""

    text: Text
    author: PersonRef | None = None
    language: Language | None = None
    occurred_at: Timestamp | None = Field(None, description="when it was said; default: now")


class CommentPatchDTO(OntologyModel):
    """What is to become of a comment."""

    text: Text = Field(default_factory=left_out)
    language: Language | None = None


class CommentDTO(AnswerDTO):
    """A comment as it stands in the graph."""

    id: UUID
    rev: int
    tension_id: UUID
    text: str
    language: str | None = None
    author: PersonBriefDTO
    status: CommentStatus
    occurred_at: Timestamp
    created_at: Timestamp
    updated_at: Timestamp
    write_status: Literal[WriteStatus.WRITTEN] = WriteStatus.WRITTEN
    recorded_by: list[ProvenanceDTO]


class CommentPageDTO(AnswerDTO):
    """A page of what was said about a tension, the oldest first."""

    items: list[CommentDTO]
    next_cursor: str | None = None


def _dto(row: dict[str, Any]) -> CommentDTO:
    author = row["author"]
    return CommentDTO.model_validate(
        {
            **shared_fields(CommentDTO, row["comment"]),
            "tension_id": row["tension"],
            "author": {"id": author["id"], "full_name": author["fullName"], "handle": author.get("handle")},
            "recorded_by": provenance(row["events"]),
        }
    )


RESOURCE = Resource(kind=COMMENT, noun="comment", answer=CommentDTO, patch=CommentPatchDTO, get=get_comment, shown=_dto)

router = router_of(RESOURCE)
on_tensions = APIRouter(prefix="/v1/tensions/{tensionId}/comments", tags=["comments"], route_class=GuardedRoute)

TensionId = Annotated[UUID, Path(alias="tensionId")]


@on_tensions.post(
    "",
    status_code=202,
    response_model=WriteReceiptDTO,
    responses=create_responses(CommentDTO, *WRITES, *NAMES_PEOPLE, "notFound", "archived"),
    summary="Comment on a tension",
)
async def comment(
    tension_id: TensionId,
    body: CommentCreateDTO,
    request: Request,
    principal: Annotated[Principal, Depends(requires(Scope.WRITE_TENSION))],
    services: Reach,
    key: IdempotencyKey,
    preferred: Preferred,
) -> Response:
    """Anybody who sees it may; who sees the tension sees the comment."""
    viewer = await viewer_behind(services.graph, principal.caller)
    if await get_tension(services.graph, tension_id, viewer) is None:
        raise not_found()
    said = CommentSaid(tension_id=tension_id, **dict(body))
    path = f"/v1/tensions/{tension_id}/comments"
    return await record(RESOURCE, path, body, said, request, principal, services, key, preferred)


@on_tensions.get("", responses=responses(*READS_PAGE, "notFound"), summary="List the comments on a tension")
async def read_page(
    tension_id: TensionId,
    principal: Annotated[Principal, Depends(requires(Scope.READ_TENSION))],
    services: Reach,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    cursor: Annotated[str | None, Query(max_length=500)] = None,
) -> CommentPageDTO:
    """A page of the conversation, the oldest first."""
    said: dict[str, str | None] = {"tension": str(tension_id)}
    cursors = services.cursors
    after = cursors.read(cursor, said)
    viewer = await viewer_behind(services.graph, principal.caller)
    if await get_tension(services.graph, tension_id, viewer) is None:
        raise not_found()
    rows = await list_comments(services.graph, tension_id, viewer, limit=limit + 1, after=after)
    items = [_dto(row) for row in rows[:limit]]
    last = items[-1] if len(rows) > limit else None
    more = cursors.after([last.occurred_at], str(last.id), said) if last else None
    return CommentPageDTO(items=items, next_cursor=more)
