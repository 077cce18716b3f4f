"""What is sent and given of tensions, and the hints that make a report clearer."""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BeforeValidator, Field

from api.schemas import AnswerDTO, PersonBriefDTO, ProjectBriefDTO, ProvenanceDTO, left_out
from ontology.base import Language, OntologyModel, Text, Timestamp, Title
from ontology.enums import Severity, TensionKind, TensionStatus, Visibility, WriteStatus
from ontology.events import TensionReported
from ontology.judgement import MentionFound, SeverityJudgement
from ontology.references import PersonRef, ProjectRef


class TensionCreateDTO(TensionReported):
    """A tension to be reported; who feels it defaults to the caller."""


class TensionPatchDTO(OntologyModel):
    """What is to become of a tension (RFC 7396): a list of people or projects takes the place of the one before."""

    title: Title = Field(default_factory=left_out)
    facts: Text | None = None
    current_state: Text | None = None
    desired_state: Text | None = None
    feeling: Text | None = None
    need: Text | None = None
    kind: TensionKind | None = None
    language: Language | None = None
    visibility: Visibility = Field(default_factory=left_out)
    owner: PersonRef | None = None
    affected_people: list[PersonRef] | None = Field(None, max_length=50)
    affected_projects: list[ProjectRef] | None = Field(None, max_length=50)
    visible_to: list[PersonRef] | None = Field(None, max_length=50)


def _whole(said: Any) -> Any:
    if not isinstance(said, int) or isinstance(said, bool):
        raise ValueError("a severity is a whole number: 1, 2, 3 or 4")
    return said


class SeverityDTO(OntologyModel):
    """How severe a tension is, in a human's eyes, and why."""

    severity: Annotated[Severity, BeforeValidator(_whole)]
    reason: Text


class SupportDTO(OntologyModel):
    """Whether the caller feels a tension too."""

    felt: bool = True


class TensionDTO(AnswerDTO):
    """A tension as it stands in the graph."""

    id: UUID
    rev: int
    title: str
    facts: str | None = None
    current_state: str | None = None
    desired_state: str | None = None
    feeling: str | None = None
    need: str | None = None
    kind: TensionKind | None = None
    language: str | None = None
    severity: Severity | None = None
    severity_by: str | None = Field(None, description="`human` where somebody said it, else which model did")
    severity_judgement: SeverityJudgement | None = Field(None, description="what a model says of it, and why")
    visibility: Visibility
    status: TensionStatus
    escalated_to: str | None = Field(None, description="the authority it waits for, since nobody else saw to it")
    system_cause: str | None = Field(None, description="what is wrong with the system itself; absent of other tensions")
    detector: PersonBriefDTO
    owner: PersonBriefDTO | None = None
    affected_people: list[PersonBriefDTO]
    affected_projects: list[ProjectBriefDTO]
    visible_to: list[PersonBriefDTO]
    supported_by: list[PersonBriefDTO]
    mentioned_people: list[PersonBriefDTO] = Field(description="whom its words name, or somebody said they do")
    mentioned_projects: list[ProjectBriefDTO]
    mentions: list[MentionFound] = Field(description="where its words name whom, and who may be meant")
    comments: int = Field(description="how many there are")
    hints: list[str] = Field(description="codes of what would make it clearer")
    occurred_at: Timestamp
    created_at: Timestamp
    write_status: Literal[WriteStatus.WRITTEN] = WriteStatus.WRITTEN
    recorded_by: list[ProvenanceDTO]


class TensionPageDTO(AnswerDTO):
    """A page of tensions, newest first."""

    items: list[TensionDTO]
    next_cursor: str | None = None


_HINTS = {
    "facts": "sayWhatHappened",
    "currentState": "sayWhatIs",
    "desiredState": "sayWhatShouldBe",
    "kind": "sayWhatKind",
}


def hints_of(tension: dict[str, Any], targets: list[dict[str, Any]]) -> list[str]:
    """What would make a report clearer, as codes that a dashboard words kindly."""
    hints = [hint for name, hint in _HINTS.items() if not tension.get(name)]
    affected = any(one["relation"] == "AFFECTS" for one in targets)
    return hints if affected else [*hints, "sayWhomItAffects"]
