"""Activities with the real names and types whose outside worlds are lists in memory, to steer a workflow's course."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from pydantic import JsonValue
from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.dead_letters import RefusedEvent
from activities.decisions import AskedAgain, Lost, LostDecisions
from activities.file_imports import FailedFile, TextsBehind
from activities.imports import BatchWritten, ToTell
from activities.judging import Judged, ToJudge
from activities.learning import LabelsFound, LearningOutcome, Learnt
from activities.overdue import Overdue
from activities.projects import ToApprove
from activities.publishing import Publication
from activities.reindexing import ReindexPlace
from activities.sweep import SweepReport
from activities.system_watch import Marking, NextStep, Watched
from activities.wins import Bearing, ToPublish, Woken
from events.errors import BrokerAwayError
from graph.errors import RevisionStaleError
from graph.fence import WriteLostError
from graph.outcomes import RecognitionWritten, SnippetWritten, ThingWritten, WriteOutcome
from knowledge.store import IndexOutcome
from ontology import ids
from ontology.base import OntologyModel
from ontology.changes import ChangeRecord, NodeChange
from ontology.commands import (
    Change,
    EvaluateWin,
    IndexKnowledge,
    LinkIdentity,
    MergePeople,
    Origin,
    PersonDetails,
    Position,
    Record,
    RecordPerson,
    RecordRecognition,
    UnmergePeople,
)
from ontology.documents import SnippetDocument
from ontology.enums import DecisionKind, DecisionPolicy
from ontology.events import EventType, KnowledgeSnippetUpserted, RecognitionContent
from ontology.file_imports import ImportFile
from ontology.imports import ImportReport, ImportRow, ImportRows, RowRefusal
from ontology.judgement import Difference, ModelComparison, Objection
from ontology.kinds.decision import DecisionAsked
from ontology.kinds.severity_model import SeverityModelTrained
from ontology.moments import read_moment
from ontology.questions import MergeProposal
from ontology.references import Caller, PersonRef
from ontology.views import NodeView, Target
from runtime.clock import now, rfc3339
from workflows.policies import LOCAL_TRY

GIVER, RECEIVER = UUID(int=1), UUID(int=2)


class Worlds:
    """Outside worlds that fail as often as they are told to.

    Parameters
    ----------
    write_failures, index_failures, publish_failures
        Attempts that fail before one succeeds.
    refusal
        Code of a refusal for good, if any.
    outcome
        What the graph write answers.
    slow_first_write
        Whether the first write takes longer than a local try may.
    lost
        How often the graph turns out to have been made again without the write.
    overdue
        How many tensions are stalled.
    forgotten
        How many decisions wait in no run, their every time over.
    stale
        How often a tension was changed between a judgement and its being written.
    unsure
        Whether humans are asked how severe a tension is.
    troubles, gone
        How many things are wrong with the system, and how many reported ones are not any more.
    nothing_new, loses
        Whether there is nothing to learn, and whether what was learnt is worse.
    """

    def __init__(
        self,
        *,
        write_failures: int = 0,
        index_failures: int = 0,
        publish_failures: int = 0,
        refusal: str = "",
        outcome: str = "created",
        slow_first_write: bool = False,
        lost: int = 0,
        overdue: int = 0,
        forgotten: int = 0,
        stale: int = 0,
        unsure: bool = False,
        troubles: int = 0,
        gone: int = 0,
        nothing_new: bool = False,
        loses: bool = False,
    ) -> None:
        self.troubles = {f"rule/{number}": tension() for number in range(troubles)}
        self.gone = {uuid4(): ["UnderReview", "Accepted", "Resolved"] for _ in range(gone)}
        self._nothing_new = nothing_new
        self._loses = loses
        self.recorded: list[Record] = []
        self._stale = stale
        self._unsure = unsure
        self.judged: list[ToJudge] = []
        self._slow = slow_first_write
        self._lost = lost
        self._write_failures = write_failures
        self._index_failures = index_failures
        self._publish_failures = publish_failures
        self._refusal = refusal
        self._outcome = outcome
        self.writes = 0
        self.local_writes = 0
        self.publishings = 0
        self.local_publishings = 0
        self.published: list[Publication] = []
        self.indexed: list[SnippetDocument] = []
        self.changed: list[Change] = []
        self.follows: list[Change] = []
        self.never: set[UUID] = set()
        self.events: set[UUID] = set()
        self.decisions: dict[UUID, NodeView] = {}
        self.refused: list[Change] = []
        self.texts, self.passes = 3, 0
        self.lost_decisions = [overdue_decision() for _ in range(forgotten)]
        self.broken: set[str] = set()
        self.written_after = timedelta()
        self.overdue: list[Change] = [change("Tension", escalatedTo="moderator") for _ in range(overdue)]
        self.withdrawn: list[UUID] = []
        self.buried: list[RefusedEvent] = []
        self.told: list[ToTell] = []
        self.searchable: list[ToTell] = []
        self.followed: list[TextsBehind] = []
        self.failed: list[FailedFile] = []
        self.woken: list[Bearing] = []
        self.passes_over_scores = 0
        self.scored: list[EvaluateWin] = []
        self.while_scoring: list[Callable[[], Awaitable[object]]] = []

    def activities(self) -> list[Callable[..., Any]]:
        single: list[Callable[..., Any]] = [
            self.record,
            self.record_recognition,
            self.record_person,
            self.record_snippet,
            self.change_thing,
        ]
        return [
            *single,
            self.is_written,
            self.publish,
            self.index,
            self.withdraw,
            self.bury,
            self.write_rows,
            self.publish_rows,
            self.index_rows,
            self.unjudged_rows,
            self.write_file,
            self.follow_texts,
            self.fail_file,
            self.forget_old_files,
            self.find_overdue,
            self.ask_approval,
            self.find_troubles,
            self.find_differences,
            self.mark,
            self.settle,
            self.link_identity,
            self.merge_people,
            self.unmerge_people,
            self.sweep,
            self.authorities_of,
            self.find_lost_decisions,
            self.count_texts,
            self.reindex_page,
            self.use_reindexed,
            self.find_lost,
            self.asked_again,
            self.wake_scores,
            self.wake_due_scores,
            self.score,
            self.ask_publication,
        ]

    @activity.defn
    async def count_texts(self, model: str) -> int:
        return self.texts

    @activity.defn
    async def reindex_page(self, place: ReindexPlace) -> ReindexPlace | None:
        self._index()
        if place.seen >= self.texts:
            return None
        return place.model_copy(update={"seen": place.seen + 1, "stored": place.stored + 1})

    @activity.defn
    async def use_reindexed(self, model: str) -> int:
        self.passes += 1
        return 1 if self.passes == 1 else 0

    @activity.defn
    async def sweep(self) -> SweepReport:
        return SweepReport(events=2, sent=1)

    @activity.defn
    async def authorities_of(self, email: str) -> list[str]:
        return ["operator"] if email.startswith("olga") else []

    @activity.defn
    async def find_lost_decisions(self) -> LostDecisions:
        return LostDecisions(asked=self.lost_decisions)

    @activity.defn
    async def find_lost(self) -> Lost:
        self._refuse("find_lost")
        return Lost(ids=[one.id for one in self.lost_decisions])

    @activity.defn
    async def asked_again(self, decision: UUID) -> AskedAgain:
        self._refuse(str(decision))
        return AskedAgain(command=next(one for one in self.lost_decisions if one.id == decision))

    @activity.defn
    async def link_identity(self, command: LinkIdentity) -> WriteOutcome:
        self._write()
        return WriteOutcome(outcome=self._outcome, records=[changed("Identity", command.id)])

    @activity.defn
    async def merge_people(self, command: MergePeople) -> WriteOutcome:
        self._write()
        return WriteOutcome(
            outcome=self._outcome, records=[changed("Person", command.duplicate, mergedInto=str(command.survivor))]
        )

    @activity.defn
    async def unmerge_people(self, command: UnmergePeople) -> WriteOutcome:
        self._write()
        freed = changed("Person", command.id)
        freed.nodes[0].removed.append("mergedInto")
        return WriteOutcome(outcome=self._outcome, records=[freed])

    @activity.defn
    async def record(self, command: Record) -> ThingWritten:
        self._write()
        self.recorded.append(command)
        written = [] if self._outcome == "conflict" else [changed(command.label, command.id)]
        if command.label == "Decision":
            return ThingWritten(outcome=self._outcome, records=written, view=self._asked(command))
        return ThingWritten(outcome=self._outcome, records=written, view=reported(command))

    @activity.defn
    async def ask_approval(self, project: UUID) -> ToApprove:
        self._refuse("ask_approval")
        return ToApprove(asks=overdue_decision() if self._unsure else None)

    @activity.defn
    async def wake_scores(self, bearing: Bearing) -> Woken:
        self.woken.append(bearing)
        return Woken(projects=1)

    @activity.defn
    async def wake_due_scores(self) -> Woken:
        self.passes_over_scores += 1
        return Woken(projects=0)

    @activity.defn
    async def score(self, command: EvaluateWin) -> ThingWritten:
        self._write()
        self.scored.append(command)
        while self.while_scoring:
            await self.while_scoring.pop()()
        win = ids.win(str(command.id))
        return ThingWritten(outcome="created", id=win, records=[changed("WIN", win, status="Draft")])

    @activity.defn
    async def ask_publication(self, project: UUID) -> ToPublish:
        if not self._unsure or len(self.scored) > 1:
            return ToPublish()
        submitted = change("WIN", status="UnderReview").model_copy(update={"id": ids.win(str(project))})
        return ToPublish(asks=overdue_decision(), change=submitted)

    @activity.defn
    async def find_overdue(self) -> Overdue:
        self._refuse("find_overdue")
        return Overdue(changes=self.overdue)

    @activity.defn
    async def find_troubles(self) -> Watched:
        return Watched(troubles=len(self.troubles), reports=self.troubles, settled=list(self.gone))

    @activity.defn
    async def find_differences(self) -> Watched:
        return await self.find_troubles()

    @activity.defn
    async def mark(self, marking: Marking) -> NextStep:
        values = {"systemCause": marking.cause, "escalatedTo": "operator"}
        told = origin(marking.tension, EventType.TENSION_ESCALATED)
        return NextStep(change=Change(id=marking.tension, label="Tension", origin=told, values=values))

    @activity.defn
    async def settle(self, tension: UUID) -> NextStep:
        following = self.gone[tension][:1]
        del self.gone[tension][:1]
        changes = [change("Tension", status=one).model_copy(update={"id": tension}) for one in following]
        return NextStep(change=next(iter(changes), None))

    @activity.defn
    async def record_recognition(self, command: RecordRecognition) -> RecognitionWritten:
        self._write()
        if self._slow and self.writes == 1:
            await asyncio.sleep(LOCAL_TRY.total_seconds() + 0.5)
        return RecognitionWritten(
            outcome=self._outcome,
            records=[] if self._outcome == "conflict" else [changed("Recognition", command.id)],
            giver=PersonRef(id=GIVER),
            receivers=[PersonRef(id=RECEIVER)],
        )

    @activity.defn
    async def is_written(self, event_id: UUID) -> bool:
        return event_id in self.events

    @activity.defn
    async def record_person(self, command: RecordPerson) -> WriteOutcome:
        self._write()
        return WriteOutcome(outcome=self._outcome, records=[changed("Person", command.id)])

    @activity.defn
    async def record_snippet(self, command: IndexKnowledge) -> SnippetWritten:
        self._write()
        return SnippetWritten(outcome=self._outcome, records=[changed("KnowledgeSnippet", command.id)])

    @activity.defn
    async def change_thing(self, command: Change) -> ThingWritten:
        """A change of a recognition has a view; ``follows`` follow from the first change, and are told to fail."""
        self._write()
        self.changed.append(command)
        if command.id in self.decisions:
            return self._decided(command)
        if command.origin.event_type == EventType.TENSION_ANALYSED and self._stale:
            self._stale -= 1
            raise ApplicationError("it was changed", type=RevisionStaleError.code, non_retryable=True)
        if command.id in self.never:
            raise ApplicationError("it was closed", type="illegalTransition", non_retryable=True)
        follows = [one for one in self.follows if command.origin.cause is None]
        records = [changed(command.label, command.id, **command.values)]
        made = [learnt(command)] if command.values.get("status") == "Resolved" else []
        return ThingWritten(outcome=self._outcome, records=records, follows=follows, view=seen(command), made=made)

    @activity.defn
    async def judge_tension(self, asked: ToJudge) -> Judged:
        self.judged.append(asked)
        told = origin(asked.id, EventType.TENSION_ANALYSED)
        judged = Change(id=asked.id, label="Tension", origin=told, revisions=[1], values={"severity": 3})
        return Judged(change=judged, asks=[overdue_decision()] if self._unsure and asked.asks else [])

    @activity.defn
    async def find_labels(self) -> LabelsFound:
        self._refuse("find_labels")
        outcome = LearningOutcome.NOTHING_NEW if self._nothing_new else None
        return LabelsFound(outcome=outcome, labels=7, current="severity-now")

    @activity.defn
    async def learn(self) -> Learnt:
        if self._index_failures:
            self._index_failures -= 1
            raise ApplicationError("the graph is away", type="graphUnavailable")
        same = Difference(before=0.7, after=0.7, low=0, high=0)
        found = ModelComparison(
            texts=108,
            kappa=same,
            macro_f1=same,
            calibration_before=0.07,
            calibration_after=0.09 if self._loses else 0.07,
            objections=[Objection.UNCALIBRATED] if self._loses else [],
        )
        if self._loses:
            return Learnt(candidate="severity-new", comparison=found)
        model = uuid4()
        told = origin(model, EventType.SEVERITY_MODEL_TRAINED)
        said = SeverityModelTrained(
            name="severity-new",
            digest="0" * 64,
            learnt="1" * 64,
            labels=7,
            against="severity-now",
            texts=108,
            kappa=0.7,
            macro_f1=0.7,
            calibration_error=0.07,
            trained_at=told.sent_at,
        )
        content = said.model_dump(mode="json")
        record = Record(id=model, origin=told, label="SeverityModel", content=content)
        return Learnt(candidate="severity-new", comparison=found, model=record, asks=overdue_decision())

    @activity.defn
    async def withdraw(self, source_id: UUID) -> None:
        self.withdrawn.append(source_id)

    @activity.defn
    async def publish(self, publication: Publication) -> None:
        self._publish()
        self.published.append(publication)

    @activity.defn
    async def bury(self, refused: RefusedEvent) -> None:
        self.buried.append(refused)

    @activity.defn
    async def index(self, document: SnippetDocument) -> IndexOutcome:
        self._index()
        self.indexed.append(document)
        return IndexOutcome(outcome="stored", model="test", cached=False)

    @activity.defn
    async def write_rows(self, batch: ImportRows) -> BatchWritten:
        """Rows whose content names somebody nobody knows are refused; people make nothing searchable."""
        self._write()
        kept = [row for row in batch.rows if row.content.get("giver") != {"name": "Nobody"}]
        refusals = [
            RowRefusal(row=place, code="nameRefused", message="fits nobody", pointer="/giver")
            for place, row in enumerate(batch.rows)
            if row not in kept
        ]
        report = ImportReport(written=len(kept), same=0, refusals=refusals)
        return BatchWritten(report=report, events=[row.id for row in kept], searchable=batch.kind == "recognitions")

    @activity.defn
    async def publish_rows(self, told: ToTell) -> None:
        self._publish()
        self.told.append(told)

    @activity.defn
    async def index_rows(self, told: ToTell) -> None:
        self._index()
        self.searchable.append(told)

    @activity.defn
    async def unjudged_rows(self, told: ToTell) -> list[UUID]:
        return told.events

    @activity.defn
    async def write_file(self, command: ImportFile) -> TextsBehind:
        self._write()
        return TextsBehind(id=command.id, texts=[("import/recognitions/1/texts/1", 3)])

    @activity.defn
    async def follow_texts(self, behind: TextsBehind) -> None:
        self._index()
        self.followed.append(behind)

    @activity.defn
    async def fail_file(self, failed: FailedFile) -> None:
        self.failed.append(failed)

    @activity.defn
    async def forget_old_files(self) -> int:
        return 2

    def _index(self) -> None:
        if self._index_failures:
            self._index_failures -= 1
            raise ApplicationError("the provider is away", type="providerUnavailable")

    def _asked(self, command: Record) -> NodeView:
        """A decision as it was asked for, or as it stands where its run begins again."""
        standing = {
            "status": "Pending",
            "rev": 1,
            "createdAt": rfc3339(command.origin.sent_at + self.written_after),
            "requestHash": "0" * 64,
        }
        tension = command.content.get("tensionId")
        on = Target(relation="DECIDES", label="Tension" if tension else "Person", id=tension or RECEIVER, name="Mai")
        asked = NodeView(label="Decision", id=command.id, properties={**command.content, **standing}, targets=[on])
        return self.decisions.setdefault(command.id, asked)

    def stands(self, asked: Record, **values: JsonValue) -> None:
        """A decision that is there already, with some values."""
        view = self._asked(asked)
        self.decisions[asked.id] = view.model_copy(update={"properties": {**view.properties, **values}})

    def _decided(self, command: Change) -> ThingWritten:
        """Once: what comes later does not count."""
        held = self.decisions[command.id]
        if "followed" in command.values:
            return self._now(command, command.values)
        if command.origin.caller and not set(command.authorities) & {"operator"} and command.joins:
            raise ApplicationError("you were not asked; who may: Olga", type="notAsked", non_retryable=True)
        if held.properties["status"] != "Pending":
            self.refused.append(command)
            raise ApplicationError("it was decided", type="alreadyDecided", non_retryable=True)
        deadline = read_moment(str(held.properties["deadline"]))
        if command.origin.caller and command.origin.sent_at > deadline:
            raise ApplicationError(f"it could be decided until {deadline}", type="alreadyDecided", non_retryable=True)
        due: dict[str, JsonValue] = {"followed": "Due"} if command.values.get("status") == "Approved" else {}
        return self._now(command, {**command.values, **due})

    def _now(self, command: Change, values: dict[str, JsonValue]) -> ThingWritten:
        """A decision as it stands with some values."""
        held = self.decisions[command.id]
        view = held.model_copy(update={"properties": {**held.properties, **values}})
        self.decisions[command.id] = view
        records = [changed(command.label, command.id, **command.values)]
        return ThingWritten(outcome="created", records=records, view=view)

    def _refuse(self, what: str) -> None:
        if what in self.broken:
            raise ApplicationError(f"{what} does not go", type="broken", non_retryable=True)

    def _lose(self) -> None:
        if self._lost:
            self._lost -= 1
            raise ApplicationError("made again without it", type=WriteLostError.code, non_retryable=True)

    def _publish(self) -> None:
        self.publishings += 1
        self.local_publishings += activity.info().is_local
        if self._publish_failures:
            self._publish_failures -= 1
            raise ApplicationError("Kafka is away", type=BrokerAwayError.code)
        self._lose()

    def _write(self) -> None:
        self.writes += 1
        self.local_writes += activity.info().is_local
        if self._refusal:
            raise ApplicationError("refused", {"pointer": "/x"}, type=self._refusal, non_retryable=True)
        if self._write_failures:
            self._write_failures -= 1
            raise ApplicationError("the graph is away", type="graphUnavailable")


def reported(command: Record) -> NodeView:
    """A tension as it was reported."""
    standing = {"visibility": "everyone", "status": "Open", "occurredAt": rfc3339(now()), "rev": 1}
    felt = Target(relation="DETECTED_BY", label="Person", id=GIVER, name="An")
    return NodeView(label="Tension", id=command.id, properties={**standing, **command.content}, targets=[felt])


def learnt(command: Change) -> NodeView:
    """The snippet of what was done about a tension."""
    said = {"content": "Changed the bearing", "kind": "tension", "revision": 1, "rev": 1, "occurredAt": rfc3339(now())}
    return NodeView(label="KnowledgeSnippet", id=ids.step_event(str(command.id), "knowledge"), properties=said)


def seen(command: Change) -> NodeView | None:
    """A recognition as it is after a change, or a tension after one of its words; None of anything else."""
    if command.label == "Tension" and "title" in command.values:
        told = Record(id=command.id, origin=command.origin, label="Tension", content=command.values)
        return reported(told)
    if command.label != "Recognition":
        return None
    standing = {"content": "Cảm ơn bạn", "visibility": "everyone", "status": "Granted", "values": []}
    return NodeView(
        label="Recognition",
        id=command.id,
        properties={**standing, "occurredAt": rfc3339(now()), "rev": 2, **command.values},
        targets=[
            Target(relation="RECOGNIZED_BY", label="Person", id=GIVER, name="An"),
            Target(relation="RECEIVED_BY", label="Person", id=RECEIVER, name="Mai"),
        ],
    )


def changed(label: str, node: UUID, **set_: JsonValue) -> ChangeRecord:
    change = NodeChange(label=label, id=node, rev=1, valid_from=now(), properties={"rev": 1, **set_})
    moment = rfc3339(now())
    return ChangeRecord(event={"id": str(node), "occurredAt": moment, "recordedAt": moment}, nodes=[change])


def origin(entity: UUID, event_type: EventType, *, foreign: bool = False) -> Origin:
    moment = now()
    return Origin(
        event_id=ids.step_event(str(entity), "record"),
        event_type=event_type,
        source="urn:test",
        occurred_at=moment,
        sent_at=moment,
        request_hash="0" * 64,
        caller=None if foreign else Caller(issuer="urn:issuer", subject="u-alice"),
        foreign=foreign,
        position=Position(topic="trm.recognitions", partition=1, offset=7) if foreign else None,
    )


def recognition(*, foreign: bool = False) -> RecordRecognition:
    entity = uuid4()
    said = RecognitionContent(
        giver=PersonRef(handle="an.vu"), receivers=[PersonRef(handle="mai.do")], content="Cảm ơn bạn"
    )
    return RecordRecognition(
        id=entity, origin=origin(entity, EventType.RECOGNITION_CREATED, foreign=foreign), recognition=said
    )


def snippet() -> IndexKnowledge:
    entity = uuid4()
    return IndexKnowledge(
        id=entity,
        origin=origin(entity, EventType.KNOWLEDGE_SNIPPET_UPSERTED),
        snippet=KnowledgeSnippetUpserted(content="How to reset a sensor"),
    )


def rows(*givers: str, kind: str = "recognitions") -> ImportRows:
    batch = uuid4()
    said = [{"giver": {"name": name}} for name in givers or ("An", "Nobody", "Mai")]
    return ImportRows(
        id=batch,
        origin=origin(batch, EventType.RECOGNITION_CREATED),
        kind=kind,
        rows=[ImportRow(id=uuid4(), content=content) for content in said],
    )


def file() -> ImportFile:
    entity = uuid4()
    return ImportFile(id=entity, origin=origin(entity, EventType.RECOGNITION_CREATED))


def texts(kind: str = "recognitions") -> ToTell:
    return ToTell(kind=kind, events=[uuid4(), uuid4()])


def rows_nobody_knows() -> ImportRows:
    return rows("Nobody")


def tension() -> Record:
    entity = uuid4()
    told = origin(entity, EventType.TENSION_REPORTED)
    return Record(id=entity, origin=told, label="Tension", content={"title": "The pump is loud"})


def evaluation() -> EvaluateWin:
    """A project's worth is to be looked at, once nothing more came for a second."""
    entity = uuid4()
    return EvaluateWin(id=entity, origin=origin(entity, EventType.WIN_SCORED), gather=timedelta(seconds=1))


def project() -> Record:
    entity = uuid4()
    told = origin(entity, EventType.PROJECT_PROPOSED)
    return Record(id=entity, origin=told, label="Project", content={"name": "Two couriers"})


def decision(
    proposal: OntologyModel = MergeProposal(duplicate_id=GIVER),  # noqa: B008 - it is frozen
    *,
    kind: DecisionKind = DecisionKind.PERSON_MERGE,
    policy: str = "LeaveOpen",
    authorities: Sequence[str] = ("operator",),
    escalation: Sequence[str] = ("founder",),
) -> Record:
    """A decision, to merge two people if no other is said, and of a tension if it is.

    A reminder after one day, the next in the list after two, the end after seven.
    """
    entity = uuid4()
    told = origin(entity, EventType.DECISION_ASKED)
    merges = kind == DecisionKind.PERSON_MERGE
    subject: dict[str, Any] = {"person": PersonRef(id=RECEIVER)} if merges else {"tension_id": uuid4()}
    said = DecisionAsked(
        **subject,
        kind=kind,
        question="Are they one?",
        form="{}",
        proposal=proposal.model_dump_json(),
        authorities=list(authorities),
        escalation=list(escalation),
        asked_at=told.sent_at,
        remind_at=told.sent_at + timedelta(days=1),
        escalate_at=told.sent_at + timedelta(days=2),
        deadline=told.sent_at + timedelta(days=7),
        policy=DecisionPolicy(policy),
    )
    return Record(id=entity, origin=told, label="Decision", content=said.model_dump(mode="json", exclude_unset=True))


def overdue_decision() -> Record:
    """A decision whose every time is over."""
    asked = decision()
    over = {name: rfc3339(asked.origin.sent_at) for name in ("remindAt", "escalateAt", "deadline")}
    return asked.model_copy(update={"content": {**asked.content, **over}})


def answer(asked: Record, outcome: str = "Approved") -> Change:
    """Somebody's answer to a decision."""
    told = origin(uuid4(), EventType.DECISION_TAKEN)
    return Change(id=asked.id, origin=told, label="Decision", values={"status": outcome, "answer": "{}"})


def people() -> ImportRows:
    return rows("An", kind="people")


def person() -> RecordPerson:
    entity = uuid4()
    return RecordPerson(
        id=entity, origin=origin(entity, EventType.PERSON_RECORDED), person=PersonDetails(full_name="Vũ Hoài An")
    )


def binding() -> LinkIdentity:
    entity = uuid4()
    told = origin(entity, EventType.PERSON_LINKED)
    return LinkIdentity(id=entity, origin=told, issuer="urn:issuer", subject="u-an", person_id=uuid4())


def merge() -> MergePeople:
    entity = uuid4()
    return MergePeople(id=entity, origin=origin(entity, EventType.PERSON_MERGED), duplicate=uuid4(), survivor=entity)


def unmerge() -> UnmergePeople:
    entity = uuid4()
    return UnmergePeople(id=entity, origin=origin(entity, EventType.PERSON_UNMERGED))


def change(label: str = "Person", **values: JsonValue) -> Change:
    entity = uuid4()
    told = origin(entity, EventType.PERSON_CHANGED)
    return Change(id=entity, origin=told, label=label, values=values or {"role": "Baker"})
