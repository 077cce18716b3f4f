"""What can be imported: one declaration per kind, from the names of a file's columns to what others are told."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from uuid import UUID

from activities.publishing import OutgoingEvent
from activities.recognition_events import recognition_events
from graph.errors import SelfRecognitionError
from graph.imports import RecorderMaker
from graph.person_writes import PersonRecorder
from graph.provenance import WrittenNode
from graph.recognition_writes import RecognitionRecorder
from knowledge.store import SnippetDocument
from ontology import ids
from ontology.base import OntologyModel
from ontology.commands import Command, Origin, PersonDetails, RecordPerson, RecordRecognition
from ontology.enums import SnippetKind
from ontology.events import EventType, RecognitionContent, RecognitionCreated
from ontology.imports import ImportRow, ImportRows
from ontology.references import PersonRef, ProjectRef
from runtime.errors import RefusedError
from runtime.hashing import request_hash


@dataclass(frozen=True)
class ImportKind:
    """A kind of row.

    Parameters
    ----------
    name
        What the command line calls it.
    label
        Node a row makes; its workflow id's first part derives from it as a single write's does.
    event_type
        Type of the Event that records a row.
    content
        Model of what a row says; its fields are the columns a file may have.
    command
        Makes the write of a row from its id, origin and content.
    recorder
        Writes rows in a change set.
    synonyms
        Field → further names a column of a file may have, in any case and spacing.
    renews
        Whether a row with the id of something that stands renews it; elsewhere it must say the same.
    check
        Refuses a row for what it says, before anything is asked; the graph may still refuse it.
    events
        Domain events that tell other systems of a written row.
    document
        What a written row makes searchable.
    """

    name: str
    label: str
    event_type: EventType
    content: type[OntologyModel]
    command: Callable[[UUID, Origin, Any], Command]
    recorder: RecorderMaker[Any]
    synonyms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    renews: bool = False
    check: Callable[[Any], None] | None = None
    events: Callable[[UUID, WrittenNode], list[OutgoingEvent]] | None = None
    document: Callable[[WrittenNode], SnippetDocument] | None = None

    def commands(self, batch: ImportRows) -> list[Command]:
        """The write of each row, each with an origin of its own."""
        return [self._command(batch, row) for row in batch.rows]

    def _command(self, batch: ImportRows, row: ImportRow) -> Command:
        said = self.content.model_validate(row.content)
        changes = {
            "event_id": self.event_id(row.id, request_hash(said) if self.renews else ""),
            "event_type": self.event_type,
            "occurred_at": getattr(said, "occurred_at", None) or batch.origin.occurred_at,
            "request_hash": request_hash(said),
        }
        return self.command(row.id, batch.origin.model_copy(update=changes), said)

    def event_id(self, entity_id: UUID, digest: str = "") -> UUID:
        """Id of the event that records a row; where rows renew what stands, ``digest`` is that of what it says."""
        kind = f"{self.label[0].lower()}{self.label[1:]}"
        return ids.step_event(f"{kind}/{entity_id}", digest) if digest else ids.record_event(kind, str(entity_id))

    def outgoing(self, node: WrittenNode) -> list[OutgoingEvent]:
        """The domain events of a node that a row made; none when the kind has none, or a row only referred to it."""
        if self.events is None or node.label != self.label:
            return []
        return self.events(self.event_id(UUID(node.properties["id"])), node)


def _recognition(entity_id: UUID, origin: Origin, said: RecognitionContent) -> RecordRecognition:
    return RecordRecognition(id=entity_id, origin=origin, recognition=said)


def _nobody_themselves(said: RecognitionCreated) -> None:
    for receiver in said.receivers:
        if receiver.certainly(said.giver):
            raise SelfRecognitionError("nobody recognises themselves", pointer="/receivers")


def _recognised(event_id: UUID, node: WrittenNode) -> list[OutgoingEvent]:
    said = node.properties
    projects = node.targets("RECOGNIZES_CONTRIBUTION_TO", "Project")
    created = RecognitionCreated(
        giver=_person_of(node, "RECOGNIZED_BY")[0],
        receivers=_person_of(node, "RECEIVED_BY"),
        content=said["content"],
        type=said.get("type"),
        values=said["values"],
        language=said.get("language"),
        visibility=said["visibility"],
        project=ProjectRef(name=projects[0]["name"]) if projects else None,
        task_id=_id_of(node, "RECOGNIZES_CONTRIBUTION_TO", "Task"),
        tension_id=_id_of(node, "EASES", "Tension"),
        occurred_at=said["occurredAt"],
    )
    return recognition_events(UUID(said["id"]), event_id, said["occurredAt"], created)


def _searchable_recognition(node: WrittenNode) -> SnippetDocument:
    said = node.properties
    people = [*node.targets("RECOGNIZED_BY", "Person"), *node.targets("RECEIVED_BY", "Person")]
    return SnippetDocument(
        source_id=said["id"],
        kind=SnippetKind.RECOGNITION,
        text=said["content"],
        language=said.get("language"),
        revision=1,
        visibility=said["visibility"],
        person_ids=[UUID(person["id"]) for person in people],
        project_ids=[UUID(one["id"]) for one in node.targets("RECOGNIZES_CONTRIBUTION_TO", "Project")],
        occurred_at=said["occurredAt"],
    )


def _person_of(node: WrittenNode, relation: str) -> list[PersonRef]:
    return [PersonRef(id=one["id"], full_name=one["fullName"]) for one in node.targets(relation, "Person")]


def _id_of(node: WrittenNode, relation: str, label: str) -> UUID | None:
    found = node.targets(relation, label)
    return UUID(found[0]["id"]) if found else None


def _person(entity_id: UUID, origin: Origin, said: PersonDetails) -> RecordPerson:
    return RecordPerson(id=entity_id, origin=origin, person=said)


_KINDS = (
    ImportKind(
        name="recognitions",
        label="Recognition",
        event_type=EventType.RECOGNITION_CREATED,
        content=RecognitionCreated,
        command=_recognition,
        recorder=RecognitionRecorder,
        synonyms={
            "externalId": ("id", "recognition id", "reference", "mã"),
            "giver": ("from", "sender", "given by", "recognized by", "recogniser", "người gửi", "người trao"),
            "receivers": ("receiver", "to", "recipient", "recipients", "recognized", "người nhận"),
            "content": ("message", "text", "comment", "description", "reason", "nội dung", "lời nhắn"),
            "values": ("value", "tags", "core values", "hashtags", "giá trị"),
            "type": ("kind", "category", "loại"),
            "language": ("lang", "ngôn ngữ"),
            "project": ("project name", "dự án"),
            "occurredAt": ("date", "time", "created at", "sent at", "timestamp", "ngày", "thời gian"),
        },
        check=_nobody_themselves,
        events=_recognised,
        document=_searchable_recognition,
    ),
    ImportKind(
        name="people",
        label="Person",
        event_type=EventType.PERSON_RECORDED,
        content=PersonDetails,
        command=_person,
        recorder=partial(PersonRecorder, changing=True),
        renews=True,
        synonyms={
            "externalId": ("id", "person id", "employee id", "employee number", "mã", "mã nhân viên"),
            "fullName": ("name", "employee", "employee name", "display name", "họ tên", "họ và tên", "tên"),
            "email": ("mail", "email address", "work email", "thư điện tử"),
            "handle": ("username", "user name", "login", "nickname"),
            "role": ("title", "job title", "position", "chức vụ", "vai trò"),
            "aliases": ("alias", "also known as", "other names"),
        },
    ),
)

IMPORT_KINDS: dict[str, ImportKind] = {kind.name: kind for kind in _KINDS}
"""Name → declaration."""


def kind_of(name: str) -> ImportKind:
    """The declaration of a kind.

    Raises
    ------
    RefusedError
        There is none.
    """
    if name not in IMPORT_KINDS:
        raise RefusedError(f"{name!r} cannot be imported; {', '.join(IMPORT_KINDS)} can")
    return IMPORT_KINDS[name]
