"""An event as it is told: CloudEvents 1.0 in JSON, with what it did."""

from typing import Any, Literal
from uuid import UUID

from pydantic import Field

from api.schemas import AnswerDTO, PersonBriefDTO
from api.why.schemas import NodeBriefDTO
from graph.feed import Happening
from graph.values import json_properties
from graph.visibility import OF_RUN
from graph.why import NAMED
from ontology.base import Timestamp
from ontology.kinds import KINDS
from ontology.kinds.agents import agent_of

_UNTOLD = frozenset({"requestHash", "createdAt", "updatedAt", "rev", "removed", "id", "foldedName"})


class ThingDTO(AnswerDTO):
    """What an event made or changed."""

    label: str
    id: UUID
    rev: int
    name: str | None = Field(None, description="as it is now: a name, a title, or how its text begins")
    properties: dict[str, Any] = Field(description="what the event set")
    removed: list[str] = Field(description="names of properties that it took away")


class RelatedDTO(AnswerDTO):
    """A relation that an event made or ended."""

    type: str
    ended: bool
    source: NodeBriefDTO
    target: NodeBriefDTO


class HappeningDTO(AnswerDTO):
    """What an event did."""

    recorded_at: Timestamp
    sent_by: PersonBriefDTO | None = Field(None, description="absent for agents, other systems and people unknown")
    agent: str | None = Field(None, description="the kind of workflow that wrote it")
    workflow_id: str | None = Field(None, description="absent where the run was about what you may not see")
    reason: str | None = Field(None, description="why, in the words of who changed something")
    cause: UUID | None = Field(None, description="the event that this one follows from")
    subject: NodeBriefDTO = Field(description="the thing that it is about")
    things: list[ThingDTO]
    relations: list[RelatedDTO]


class FeedEventDTO(AnswerDTO):
    """An event, as CloudEvents 1.0 has it in JSON."""

    specversion: Literal["1.0"] = "1.0"
    id: UUID
    source: str
    type: str
    subject: str = Field(description="id of the thing that it is about")
    time: Timestamp = Field(description="when it happened")
    datacontenttype: Literal["application/json"] = "application/json"
    cursor: str | None = Field(None, description="where to go on after it; of live events alone")
    data: HappeningDTO


class FeedPageDTO(AnswerDTO):
    """A page of events, the newest first."""

    items: list[FeedEventDTO]
    next_cursor: str | None = None


_ABOUT: dict[str, str] = {
    event: kind.label
    for kind in KINDS.values()
    for event in (kind.recorded, kind.changed, kind.withdrawn, kind.taken, *kind.told)
    if event
}
"""Type of event → label of what it is about."""


def told(
    happening: Happening, readable: frozenset[str], cursor: str | None = None, *, run: bool = True
) -> FeedEventDTO:
    """An event as somebody is told it whose token reads some labels; at least one of its things is of these.

    ``run`` says whether they may know of the run that wrote it.
    """
    event = happening.event if run else {**happening.event, **dict.fromkeys(OF_RUN)}
    things = [one for one in happening.things if one["label"] in readable]
    about = next((one for one in things if one["label"] == _ABOUT.get(event["type"])), things[0])
    named = readable | NAMED
    return FeedEventDTO(
        id=event["id"],
        source=event["source"],
        type=event["type"],
        subject=about["id"],
        time=event["occurredAt"],
        cursor=cursor,
        data=HappeningDTO(
            recorded_at=event["recordedAt"],
            sent_by=PersonBriefDTO(**happening.sender) if happening.sender else None,
            agent=agent_of(event["workflowId"]) if run else None,
            workflow_id=event["workflowId"],
            reason=event.get("reason"),
            cause=event.get("cause"),
            subject=NodeBriefDTO(id=about["id"], label=about["label"], name=about["name"]),
            things=[_thing(one) for one in things],
            relations=[
                RelatedDTO(
                    type=one["type"],
                    ended=one["ended"],
                    source=NodeBriefDTO(**one["source"]),
                    target=NodeBriefDTO(**one["target"]),
                )
                for one in happening.relations
                if one["source"]["label"] in readable and one["target"]["label"] in named
            ],
        ),
    )


def _thing(row: dict[str, Any]) -> ThingDTO:
    state = json_properties(row["state"])
    return ThingDTO(
        label=row["label"],
        id=row["id"],
        rev=row["rev"],
        name=row["name"],
        properties={name: value for name, value in state.items() if name not in _UNTOLD},
        removed=state.get("removed", []),
    )
