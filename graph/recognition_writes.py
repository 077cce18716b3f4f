"""The recognition's graph write: one transaction that finds or creates everyone it names."""

from collections.abc import Sequence
from uuid import UUID

from graph.database import GraphDatabase, Transaction
from graph.errors import ReferenceUnknownError, SelfRecognitionError
from graph.fence import fenced
from graph.former import as_it_stands
from graph.ledger import Ledger, Run
from graph.outcomes import RecognitionWritten
from graph.people import KnownPerson, PeopleFinder
from graph.projects import ProjectFinder
from graph.records import record_of_event
from ontology.commands import RecordRecognition
from ontology.lifecycles import LIFECYCLES
from ontology.nodes import Recognition
from ontology.references import PersonRef
from runtime.errors import RefusedError

_WRITTEN = """
OPTIONAL MATCH (r:Recognition {id: $id})
RETURN r.requestHash AS requestHash, r.id IS NOT NULL AS written,
  COLLECT { MATCH (r)-[:RECOGNIZED_BY]->(p:Person) RETURN {id: p.id, fullName: p.fullName} } AS givers,
  COLLECT { MATCH (r)-[:RECEIVED_BY]->(p:Person) RETURN {id: p.id, fullName: p.fullName} } AS receivers,
  COLLECT { MATCH (r)-[:RECOGNIZES_CONTRIBUTION_TO]->(p:Project) RETURN p.id } AS projects
"""

_THERE = """
RETURN COLLECT { MATCH (t:Task) WHERE t.id IN $tasks RETURN t.id } AS tasks,
  COLLECT { MATCH (t:Tension) WHERE t.id IN $tensions RETURN t.id } AS tensions
"""


async def record_recognition(graph: GraphDatabase, command: RecordRecognition, run: Run) -> RecognitionWritten:
    """Write a recognition with its people, links, event and dated state; a repeated write changes nothing.

    Raises
    ------
    SelfRecognitionError
        Giver and a receiver turn out to be one person.
    ReferenceUnknownError
        The project, task or tension is not there yet.
    NameRefusedError
        A bare name that does not fit exactly one person, or a project name that several have.
    GraphUnavailableError, ConcurrentWriteError
        Try again.
    """

    async def work(transaction: Transaction) -> RecognitionWritten:
        return await _record(transaction, await as_it_stands(transaction, "Recognition", command), run)

    return await graph.write(fenced(work))


async def _record(transaction: Transaction, command: RecordRecognition, run: Run) -> RecognitionWritten:
    row = await transaction.row(_WRITTEN, id=str(command.id))
    if row and row["written"]:
        if row["requestHash"] != command.origin.request_hash:
            return RecognitionWritten(outcome="conflict")
        return RecognitionWritten(
            outcome="same",
            id=command.id,
            records=await record_of_event(transaction, command.origin.event_id),
            giver=PersonRef(**row["givers"][0]),
            receivers=[PersonRef(**person) for person in row["receivers"]],
            project_id=UUID(row["projects"][0]) if row["projects"] else None,
        )
    ledger = Ledger(transaction, command.origin, run)
    recorder = RecognitionRecorder(transaction, ledger)
    await recorder.look([command])
    written = recorder.record(command)
    return written.model_copy(update={"records": await ledger.write()})


class RecognitionRecorder:
    """Records the recognitions of one change set: everything they name is read at once, then each is decided."""

    def __init__(self, transaction: Transaction, ledger: Ledger) -> None:
        self._transaction = transaction
        self._ledger = ledger
        self._people = PeopleFinder(transaction, ledger)
        self._projects = ProjectFinder(transaction, ledger)
        self._there: set[str] = set()

    async def look(self, commands: Sequence[RecordRecognition]) -> None:
        """Read everyone and everything the recognitions name."""
        said = [command.recognition for command in commands]
        people = [ref for one in said for ref in (*one.receivers, one.giver) if ref]
        callers = [command.origin.caller for command in commands if command.recognition.giver is None]
        await self._people.look(people, callers[0] if callers else None)
        await self._projects.look([one.project for one in said if one.project])
        tasks = sorted({str(one.task_id) for one in said if one.task_id})
        tensions = sorted({str(one.tension_id) for one in said if one.tension_id})
        if tasks or tensions:
            row = await self._transaction.row(_THERE, tasks=tasks, tensions=tensions)
            self._there.update(*(row or {}).values())

    def record(self, command: RecordRecognition) -> RecognitionWritten:
        """Add a recognition to the change set; the answer has no records, which the ledger gives when it writes.

        Raises
        ------
        SelfRecognitionError, ReferenceUnknownError, NameRefusedError
            It is refused.
        """
        said, ledger = command.recognition, self._ledger
        self._check_there("task", said.task_id)
        self._check_there("tension", said.tension_id)
        giver = self._giver(command)
        found = [self._people.person(ref, pointer=f"/receivers/{n}") for n, ref in enumerate(said.receivers)]
        receivers = list({person.id: person for person in found}.values())
        if giver.id in {person.id for person in receivers}:
            raise SelfRecognitionError("nobody recognises themselves", pointer="/receivers")
        project = self._projects.project(said.project) if said.project else None
        self._people.settle()
        node = ledger.create(_recognition(command, ledger))
        ledger.relate(node, "RECOGNIZED_BY", "Person", giver.id)
        for receiver in receivers:
            ledger.relate(node, "RECEIVED_BY", "Person", receiver.id)
        for relation, label, target in _contributions(command, project):
            ledger.relate(node, relation, label, target)
        return RecognitionWritten(
            outcome="created",
            id=command.id,
            giver=giver.ref(),
            receivers=[person.ref() for person in receivers],
            project_id=project,
        )

    def _giver(self, command: RecordRecognition) -> KnownPerson:
        if command.recognition.giver:
            return self._people.person(command.recognition.giver, pointer="/giver")
        if command.origin.caller:
            return self._people.caller(command.origin.caller)
        raise RefusedError("a recognition needs a giver", pointer="/giver")

    def _check_there(self, kind: str, wanted: UUID | None) -> None:
        if wanted and str(wanted) not in self._there:
            raise ReferenceUnknownError(f"there is no {kind} {wanted}", pointer=f"/{kind}Id")


def _recognition(command: RecordRecognition, ledger: Ledger) -> Recognition:
    said = command.recognition
    return Recognition(
        id=command.id,
        rev=1,
        created_at=ledger.moment,
        updated_at=ledger.moment,
        content=said.content,
        type=said.type,
        values=said.values,
        language=said.language,
        visibility=said.visibility,
        status=LIFECYCLES["Recognition"].initial,
        occurred_at=command.origin.occurred_at,
        request_hash=command.origin.request_hash,
    )


def _contributions(command: RecordRecognition, project: UUID | None) -> list[tuple[str, str, UUID]]:
    said = command.recognition
    links = (
        ("RECOGNIZES_CONTRIBUTION_TO", "Project", project),
        ("RECOGNIZES_CONTRIBUTION_TO", "Task", said.task_id),
        ("EASES", "Tension", said.tension_id),
    )
    return [(relation, label, target) for relation, label, target in links if target]
