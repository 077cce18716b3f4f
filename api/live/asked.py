"""What of all that happens somebody asks for, the same for pages, streams and sockets."""

from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Query
from pydantic import ValidationError

from api.problems import ProblemError
from api.security import Principal
from graph.feed import FeedFilters
from ontology.base import OntologyModel
from ontology.events import EventType
from ontology.kinds import read_scopes

UNTOLD = frozenset({"Identity"})
"""Labels of which nobody is told: who signs in as whom."""


def told_of(principal: Principal) -> frozenset[str]:
    """Labels of what somebody is told of."""
    return principal.reads - UNTOLD


def asked_for(
    types: Annotated[list[EventType] | None, Query(alias="type", description="types of events")] = None,
    kinds: Annotated[list[str] | None, Query(alias="kind", description="labels of things that were changed")] = None,
    about: Annotated[UUID | None, Query(alias="id", description="a thing that was changed")] = None,
    mine: Annotated[bool, Query(description="only what leads to the caller")] = False,
) -> FeedFilters:
    """The filters of a request.

    Raises
    ------
    ProblemError
        422: there is no such kind.
    """
    unknown = sorted(set(kinds or ()) - read_scopes().keys())
    if unknown:
        detail = f"There is no kind {unknown[0]!r:.60}; there are {', '.join(sorted(read_scopes().keys() - UNTOLD))}."
        raise ProblemError("invalidRequest", detail, pointer="#query/kind")
    return FeedFilters(
        types=frozenset(types) if types else None,
        kinds=frozenset(kinds) if kinds else None,
        about=about,
        mine=mine,
    )


class AskedDTO(OntologyModel):
    """The filters as a socket takes them, in its address or a frame."""

    type: list[EventType] = []
    kind: list[str] = []
    id: UUID | None = None
    mine: bool = False


def asked_by(said: Mapping[str, Any]) -> FeedFilters:
    """The filters that a socket's client gives.

    Raises
    ------
    ProblemError
        422: they are not understood.
    """
    try:
        asked = AskedDTO.model_validate(said)
    except ValidationError as error:
        first = error.errors()[0]
        pointer = "/" + "/".join(str(part) for part in first["loc"])
        raise ProblemError("invalidRequest", f"{pointer}: {first['msg']}", pointer=pointer) from error
    return asked_for(asked.type, asked.kind, asked.id, mine=asked.mine)


Asked = Annotated[FeedFilters, Depends(asked_for)]
