"""The recognition's graph write: one transaction that finds or creates everyone it names."""

from uuid import UUID

from graph.database import GraphDatabase, Transaction
from graph.errors import ReferenceUnknownError, SelfRecognitionError
from graph.ledger import Ledger, Run
from graph.outcomes import RecognitionWritten
from graph.people import KnownPerson, PeopleFinder
from graph.projects import find_or_create
from graph.provenance import facts_of_event
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
  COLLECT { MATCH (r)-[:RECOGNIZES_CONTRIBUTION_TO]->(p:Project) RETURN p.id } AS projects,
  COLLECT { MATCH (t:Task {id: $task}) RETURN t.id } AS tasks,
  COLLECT { MATCH (t:Tension {id: $tension}) RETURN t.id } AS tensions
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
        A bare name, or a project name that several have.
    GraphUnavailableError, ConcurrentWriteError
        Try again.
    """

    async def work(transaction: Transaction) -> RecognitionWritten:
        said = command.recognition
        row = await transaction.row(
            _WRITTEN,
            id=str(command.id),
            task=str(said.task_id) if said.task_id else None,
            tension=str(said.tension_id) if said.tension_id else None,
        )
        if row and row["written"]:
            if row["requestHash"] != command.origin.request_hash:
                return RecognitionWritten(outcome="conflict")
            return RecognitionWritten(
                outcome="same",
                facts=await facts_of_event(transaction, command.origin.event_id),
                giver=PersonRef(**row["givers"][0]),
                receivers=[PersonRef(**person) for person in row["receivers"]],
                project_id=UUID(row["projects"][0]) if row["projects"] else None,
            )
        _check_there("task", said.task_id, (row or {}).get("tasks"))
        _check_there("tension", said.tension_id, (row or {}).get("tensions"))
        return await _create(transaction, command, run)

    return await graph.write(work)


async def _create(transaction: Transaction, command: RecordRecognition, run: Run) -> RecognitionWritten:
    said = command.recognition
    ledger = Ledger(transaction, command.origin, run)
    people = PeopleFinder(transaction, ledger)
    await people.look([*said.receivers, *([said.giver] if said.giver else [])], command.origin.caller)
    giver = _giver(command, people)
    receivers = list({person.id: person for person in map(people.person, said.receivers)}.values())
    if giver.id in {person.id for person in receivers}:
        raise SelfRecognitionError("nobody recognises themselves", pointer="/receivers")
    project = await find_or_create(transaction, ledger, said.project) if said.project else None
    node = ledger.create(_recognition(command, ledger))
    ledger.relate(node, "RECOGNIZED_BY", "Person", giver.id)
    for receiver in receivers:
        ledger.relate(node, "RECEIVED_BY", "Person", receiver.id)
    for relation, label, target in _contributions(command, project):
        ledger.relate(node, relation, label, target)
    return RecognitionWritten(
        outcome="created",
        facts=await ledger.write(),
        giver=giver.ref(),
        receivers=[person.ref() for person in receivers],
        project_id=project,
    )


def _giver(command: RecordRecognition, people: PeopleFinder) -> KnownPerson:
    if command.recognition.giver:
        return people.person(command.recognition.giver)
    if command.origin.caller:
        return people.caller(command.origin.caller)
    raise RefusedError("a recognition needs a giver", pointer="/giver")


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


def _check_there(kind: str, wanted: UUID | None, found: list[str] | None) -> None:
    if wanted and not found:
        raise ReferenceUnknownError(f"there is no {kind} {wanted}", pointer=f"/{kind}Id")
