"""What ``/v1/why`` gives: everything that made a thing so, and how its text is found."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import Field

from api.schemas import AnswerDTO, ArmDTO, PersonBriefDTO, ProvenanceDTO, WriteReceiptDTO
from ontology.base import Timestamp


class SenderDTO(AnswerDTO):
    """Who sent a request."""

    identity_id: UUID = Field(description="of the token's issuer and subject")
    person: PersonBriefDTO | None = Field(None, description="whom the identity stood for; absent when nobody knows")


class LinksDTO(AnswerDTO):
    """Where to look further."""

    run: str | None = Field(None, description="the run in the Temporal Web UI")
    trace: str | None = Field(None, description="the trace in the trace viewer")


class CauseDTO(ProvenanceDTO):
    """An event, the run and attempt that wrote it, and who was behind it."""

    agent: str | None = Field(None, description="the kind of workflow that wrote it")
    attempt: int | None = Field(None, description="which attempt of the step wrote it; absent on old events")
    local: bool | None = Field(None, description="whether it was the step's local try, not the regular activity")
    trace_id: str | None = Field(None, description="absent when nothing was traced")
    reason: str | None = Field(None, description="why, in the words of who changed something")
    cause: UUID | None = Field(None, description="the event that this one follows from")
    sent_by: SenderDTO | None = Field(None, description="absent for other systems' events: `source` says which")
    on_behalf_of: PersonBriefDTO | None = Field(None, description="who gave or wrote it, when it was not the sender")
    links: LinksDTO


class NodeBriefDTO(AnswerDTO):
    """A node as its neighbours name it."""

    id: UUID
    label: str
    name: str | None = None


class StateDTO(AnswerDTO):
    """A revision: what an event set of the node and took away, and for how long that was the newest."""

    id: UUID
    rev: int
    properties: dict[str, Any]
    removed: list[str] = Field(description="names of properties that were taken away")
    valid_from: Timestamp
    valid_to: Timestamp | None = Field(None, description="since when the next revision holds; absent of the newest")
    made_by: CauseDTO | None = Field(None, description="absent when you may not see it")


class RelationDTO(AnswerDTO):
    """A relation, and the events that made and ended it."""

    id: str = Field(description="`from/TYPE/to`, which `/v1/why` answers too")
    type: str
    source: NodeBriefDTO
    target: NodeBriefDTO
    properties: dict[str, Any]
    valid_from: Timestamp
    valid_to: Timestamp | None = None
    made_by: CauseDTO | None = Field(None, description="absent when you may not see it")
    ended_by: CauseDTO | None = None


class StoredTextDTO(AnswerDTO):
    """A text's vector."""

    model: str
    content_hash: str = Field(description="SHA-256 of the normalised text")
    language: str
    revision: int
    updated_at: datetime


class WordDTO(AnswerDTO):
    """A word under which a text is found."""

    term: str
    frequency: int


class TextDTO(AnswerDTO):
    """A text as the search has it."""

    vectors: list[StoredTextDTO]
    length: int = Field(description="number of words that count")
    words: list[WordDTO] = Field(description="the word index, most frequent first")


class ContributionDTO(AnswerDTO):
    """What one word of the query adds to the BM25 score."""

    term: str
    frequency: int = Field(description="how often it stands in the text")
    documents: int = Field(description="number of texts that have it")
    idf: float
    score: float


class FoundDTO(AnswerDTO):
    """How a search finds the text."""

    query: str
    rank: int | None = Field(None, description="place among everything found; absent when it is not found")
    score: float | None = Field(None, description="reciprocal rank fusion of both arms")
    meaning: ArmDTO | None = Field(None, description="absent when the vector arm does not reach it")
    words: ArmDTO | None = Field(None, description="absent when the word arm does not reach it")
    cosine: float | None = Field(None, description="cosine similarity, reached or not")
    contributions: list[ContributionDTO] = Field(description="words of the query in the text, strongest first")
    depth: int = Field(description="how many candidates each arm hands on")


class WhyDTO(AnswerDTO):
    """A node, and everything that made it so, as far as the caller may see it."""

    id: UUID
    label: str
    rev: int | None = Field(None, description="of a state the revision it is; absent for events, which never change")
    properties: dict[str, Any]
    recorded_by: list[CauseDTO] = Field(description="its events, oldest first")
    states: list[StateDTO]
    relations: list[RelationDTO] = Field(description="newest first")
    more_relations: bool = Field(description="whether there are more than are shown")
    text: TextDTO | None = Field(None, description="absent when no text of it is searchable")
    found: FoundDTO | None = Field(None, description="only with `q`")
    away: list[str] = Field(default=[], description="stores that did not answer")


class WhyRelationDTO(AnswerDTO):
    """Every time a relation held, newest first."""

    id: str
    held: list[RelationDTO]


class WhyReceiptDTO(WriteReceiptDTO):
    """An accepted write that does not stand in the graph: its run, and why when it failed."""

    agent: str | None = None
    accepted_at: datetime
    links: LinksDTO
