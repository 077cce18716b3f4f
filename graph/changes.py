"""A change of one thing that stands: the transaction decides, whatever was known when it was asked for."""

import hashlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import timedelta
from uuid import UUID

from pydantic import ValidationError
from pydantic.alias_generators import to_snake

from graph.approving import check_approved
from graph.database import GraphDatabase, Row, Transaction
from graph.decisions import check_decision
from graph.errors import (
    AuthorNeededError,
    DecidedError,
    PersonExistsError,
    ProjectEndedError,
    ReasonNeededError,
    RevisionStaleError,
    ThingUnknownError,
)
from graph.fence import fenced
from graph.former_keys import FormerKeys
from graph.ledger import Ledger, Run
from graph.node_states import NodeState
from graph.outcomes import ThingWritten, WriteOutcome
from graph.participants import may_work, take_part
from graph.people_reads import authorities_behind, viewer_behind
from graph.projects import ProjectFinder, named
from graph.provenance import view_of
from graph.records import repeated
from graph.relinking import relink
from graph.resolving import followed, resolve
from graph.tasks import check_task, tasks_left
from graph.values import changed_properties, json_properties
from graph.visibility import Viewer, sees_node
from ontology import ids
from ontology.commands import Change
from ontology.enums import (
    DecisionFollowed,
    ProjectStatus,
    SnippetKind,
    SnippetStatus,
    TaskStatus,
    TensionStatus,
    Visibility,
    WinStatus,
)
from ontology.events import EventType
from ontology.kinds import KINDS, Consequence, Kind
from ontology.kinds.knowledge_snippet import withdrawn
from ontology.kinds.project import task_follows, tension_follows
from ontology.kinds.tension import is_rated_by_human
from ontology.kinds.win import learnt
from ontology.lifecycles import ARCHIVED, PROJECT_ENDED
from ontology.nodes import ENTITIES, Entity, KnowledgeSnippet
from ontology.questions import has_consequence
from ontology.references import ProjectRef
from runtime.authorities import Authorities
from runtime.errors import RefusedError
from runtime.hashing import canonical_json
from runtime.text import fold

Values = dict[str, object]

_LEADS_TO = """
MATCH (n:$($label) {id: $id})
OPTIONAL MATCH (next:$($label) {id: n.mergedInto})
RETURN coalesce(next.mergedInto, n.mergedInto, n.id) AS id
"""

_AUTHORED = (
    """
MATCH (n:$($label) {id: $id})
RETURN EXISTS {
    MATCH (n)-[:RECORDED_BY]->(e:Event {actor: $identity})
    WHERE e.recordedAt = n.createdAt AND (NOT n:Project OR e.type = $proposed)  // who names one first owns it not
  }
  OR EXISTS {
    MATCH (n)-[r]->(author:Person)
    WHERE type(r) IN $authors AND r.validTo IS NULL AND author.id IN $viewers
  } AS own,
  [(n)<-[r]-(leader:Person) WHERE type(r) = $led AND r.role = $role AND r.validTo IS NULL | leader.id] AS leaders,
  """
    + sees_node("n")
    + " AS seen"
)

_NOBODY = Viewer(None, None)
"""Sees what everyone sees."""

MODERATOR = "moderator"
"""The authority that may withdraw what anybody gave or wrote."""

_HOLDERS = """
MATCH (p:Person) WHERE p.id <> $id AND (p.email = $email OR p.handle = $handle)
RETURN p.id AS id, p.email = $email AS byEmail LIMIT 1
"""


async def change_thing(
    graph: GraphDatabase, command: Change, run: Run, window: timedelta, authorities: Authorities
) -> ThingWritten:
    """Change what a command says of a thing; a repeated command changes nothing, and says what it said.

    Parameters
    ----------
    graph, command, run
        Where what is changed, by which run.
    window
        How long an author may correct what they gave or wrote.
    authorities
        Whose each is, beside those that the command knows of.

    Raises
    ------
    ThingUnknownError
        There is no such thing.
    RevisionStaleError
        It has been changed since the caller saw it.
    AuthorNeededError
        It is another's, or can be corrected no more.
    RefusedError
        A rule of its kind stands against the change; the pointer names the field.
    GraphUnavailableError, ConcurrentWriteError
        Try again.
    """

    async def work(transaction: Transaction) -> ThingWritten:
        if known := await repeated(transaction, command.origin):
            return await _answer(transaction, command, known)
        ledger = Ledger(transaction, command.origin, run)
        try:
            await _apply(transaction, ledger, command, window, authorities)
        except RefusedError:
            # An earlier try of the same command may have ended while this one waited for its lock on the thing.
            if known := await repeated(transaction, command.origin):
                return await _answer(transaction, command, known)
            raise
        if not ledger.touched:
            return ThingWritten(outcome="same")
        written = WriteOutcome(outcome="created", records=await ledger.write())
        return await _answer(transaction, command, written)

    return await graph.write(fenced(work))


async def _apply(
    transaction: Transaction, ledger: Ledger, command: Change, window: timedelta, authorities: Authorities
) -> None:
    """Add what a command changes to a change set, as far as rules let it."""
    node = await _locked(transaction, ledger, command)
    said = await _with_authorities(transaction, command, authorities)
    await _check_author(transaction, node, said, window)
    by_machine = command.origin.event_type == EventType.TENSION_ANALYSED
    if command.revisions and not _is_at(node, command.revisions, by_machine=by_machine):
        stale = f"it is at revision {node.properties['rev']} now; read it, and send its ETag as If-Match"
        raise RevisionStaleError(stale, pointer="#header/If-Match")
    changes = _typed(node, _left_to_humans(node, command) if by_machine else command)
    for check in _CHECKS.get(node.label, ()):
        changes |= await check(transaction, ledger, node, changes, said, authorities)
    if changes:
        ledger.change(node, **changes)
    if kind := KINDS.get(node.label):
        await relink(transaction, ledger, node, kind, command)
    if command.participating:
        await take_part(transaction, ledger, node, command.participating)
    for one in command.resolving:
        await resolve(transaction, ledger, node, one, command.origin.caller)


async def _answer(transaction: Transaction, command: Change, written: WriteOutcome) -> ThingWritten:
    """What was written, with the thing as it stands now and what follows from the change."""
    nodes = (change for record in written.records for change in record.nodes if change.label == command.label)
    made = [change for change in nodes if change.rev > 1]  # what it made besides is another thing
    if not made:
        return ThingWritten(**dict(written))
    change = next((one for one in made if one.id == command.id), made[0])
    view = await view_of(transaction, change.label, change.id)
    kind = KINDS.get(change.label)
    consequences = kind.follows(view, change) if kind and view else []
    if command.origin.event_type == EventType.TENSION_FOLLOWED and "status" in change.properties:
        consequences.append(tension_follows(change.id))  # it may be on its way yet
    stands = {one.id for one in consequences}
    consequences += [tension_follows(one.tension) for one in command.resolving if one.tension not in stands]
    if change.label == "Project" and change.properties.get("status") in PROJECT_ENDED:
        consequences += [task_follows(task) for task in await tasks_left(transaction, change.id)]
    if change.label == "Project" and change.properties.get("visibility") == Visibility.PARTIES:
        learnt_there = await transaction.rows(_LEARNT, id=str(change.id))
        consequences += [withdrawn(UUID(row["id"])) for row in learnt_there]
    follows = [_following(command, one) for one in consequences]
    besides = [
        await view_of(transaction, one.label, one.id)
        for record in written.records
        for one in record.nodes
        if one.rev == 1 and one.id != change.id and one.label == "KnowledgeSnippet"
    ]
    known = {"id": change.id, "view": view, "follows": follows, "made": [one for one in besides if one]}
    return ThingWritten(**{**dict(written), **known})


def _following(command: Change, consequence: Consequence) -> Change:
    """A change of the same cause; its ids derive from it, so that a repetition is the same."""
    about = f"{consequence.label}/{consequence.id}"
    origin = command.origin.model_copy(
        update={
            "event_id": ids.step_event(str(command.origin.event_id), about),
            "event_type": consequence.event_type,
            "request_hash": hashlib.sha256(canonical_json(dict(consequence.values))).hexdigest(),
            "cause": command.origin.event_id,
            "position": None,
            "former": None,
        }
    )
    return Change(id=consequence.id, label=consequence.label, origin=origin, values=dict(consequence.values))


async def _with_authorities(transaction: Transaction, command: Change, authorities: Authorities) -> Change:
    caller = command.origin.caller
    if caller is None or not authorities.handles:
        return command
    viewer = await viewer_behind(transaction, caller)
    held = await authorities_behind(transaction, viewer, authorities, command.authorities)
    return command.model_copy(update={"authorities": held})


async def _check_author(transaction: Transaction, node: NodeState, command: Change, window: timedelta) -> None:
    """Who gave or wrote something may correct it for some time, and withdraw it ever after.

    A moderator withdraws what everyone sees.
    """
    kind, caller = KINDS.get(node.label), command.origin.caller
    if kind is None or not (kind.authors or kind.within) or caller is None:
        return
    if command.origin.cause:  # an agent does it of its own accord
        return
    withdraws = command.values == {"status": ARCHIVED}
    if (withdraws or kind.kept) and MODERATOR in command.authorities:
        _, seen_by_all = await _is_author(transaction, node, kind, _NOBODY)
        if seen_by_all:
            return
    viewer = await viewer_behind(transaction, caller)
    own, seen = await _is_author(transaction, node, kind, viewer)
    if not own and not seen:
        raise _unknown(command)  # who may not see it learns nothing of it
    joins_alone = bool(command.joins or command.leaves) and not (command.values or command.links or command.adds)
    leaves = command.participating
    leaves_alone = leaves is not None and leaves.role is None and leaves.person.id in viewer.people
    if not own and not joins_alone and not leaves_alone:
        others = ", or a moderator," if withdraws or kind.kept else ""
        raise AuthorNeededError(f"only {kind.whose}{others} may do this")
    if not (withdraws or kind.kept) and command.origin.sent_at - node.properties["createdAt"] > window:
        minutes = window.total_seconds() / 60
        raise AuthorNeededError(f"it can be corrected for {minutes:g} minutes; withdraw it, and say it anew")


async def _is_author(transaction: Transaction, node: NodeState, kind: Kind, viewer: Viewer) -> tuple[bool, bool]:
    """Whether somebody leads it, or, where nobody does, is its author or recorded it; and whether they may see it."""
    led, role = kind.led or (None, None)
    known = {"label": node.label, "id": str(node.id), "authors": list(kind.authors), "led": led, "role": role}
    known["proposed"] = EventType.PROJECT_PROPOSED
    row = await transaction.row(_AUTHORED, **known, **viewer.parameters())
    if row is None:
        return False, False
    if kind.within:
        return await _works_there(transaction, node, kind.within, viewer), bool(row["seen"])
    own = bool(viewer.keys & set(row["leaders"])) if row["leaders"] else bool(row["own"])
    return own, bool(row["own"] or row["seen"])


async def _works_there(
    transaction: Transaction, node: NodeState, within: tuple[str, tuple[str, ...]], viewer: Viewer
) -> bool:
    """Whether somebody has one of some roles in what a thing is a part of, or may change that."""
    [whole] = [relation.target for relation in node.held(within[0])]
    return await may_work(transaction, whole.id, viewer, within[1])


async def _locked(transaction: Transaction, ledger: Ledger, command: Change) -> NodeState:
    """The thing, locked; one that was merged is the one it leads to."""
    row = await transaction.row(_LEADS_TO, label=command.label, id=str(command.id))
    nodes = await ledger.load(command.label, [UUID(row["id"])]) if row else []
    if not nodes:
        raise _unknown(command)
    return nodes[0]


def _is_at(node: NodeState, revisions: Sequence[int], *, by_machine: bool) -> bool:
    """Whether it is at one of some revisions, or only the machine has said something of it since."""
    rev = node.properties["rev"]
    return rev in revisions or (node.properties.get("analysedRev") == rev and rev - 1 in revisions and not by_machine)


def _left_to_humans(node: NodeState, command: Change) -> Change:
    """A severity that a human said is changed by none but humans."""
    if not is_rated_by_human(node.properties):
        return command
    values = {name: value for name, value in command.values.items() if name not in {"severity", "severityBy"}}
    return command.model_copy(update={"values": values})


def _unknown(command: Change) -> ThingUnknownError:
    return ThingUnknownError(f"there is no {command.label} {command.id}")


def _typed(node: NodeState, command: Change) -> Values:
    """What changes, by field, in the kind's own types."""
    held = json_properties(node.properties)
    said = {**held, **command.values}
    try:
        entity: Entity = ENTITIES[node.label].model_validate(
            {name: value for name, value in said.items() if value is not None}
        )
    except ValidationError as error:
        [first, *_] = error.errors()
        raise RefusedError(str(first["msg"]), pointer="/" + "/".join(map(str, first["loc"]))) from error
    values = {to_snake(name): getattr(entity, to_snake(name)) for name in command.values}
    written = json_properties(changed_properties(values))  # a moment may be written in more than one way
    return {
        to_snake(name): values[to_snake(name)]
        for name, value in command.values.items()
        if held.get(name) != (None if value is None else written.get(name))
    }


async def _check_person(
    transaction: Transaction, ledger: Ledger, node: NodeState, changes: Values, _: Change, __: Authorities
) -> Values:
    """Nobody takes another's address or handle; former ones lead to their person still; the folded name follows."""
    keys = {name: changes.get(name) for name in ("email", "handle")}
    if any(keys.values()):
        holder: Row | None = await transaction.row(_HOLDERS, id=str(node.id), **keys)
        if holder:
            pointer = "/email" if holder["byEmail"] else "/handle"
            raise PersonExistsError(f"person {holder['id']} already has this e-mail or handle", pointer=pointer)
    name = changes.get("full_name")
    folded: Values = {"folded_name": fold(str(name))} if name else {}
    former = FormerKeys(transaction, ledger)
    await former.look([node.properties])
    return {**folded, **former.kept(node, changes)}


async def _check_project(
    transaction: Transaction, ledger: Ledger, node: NodeState, changes: Values, command: Change, _: Authorities
) -> Values:
    """No two have one name, by which others name them; when work begins and ends is kept, and what has ended stays.

    An approval is carried out on the proposal that it was asked for.
    """
    check_approved(node, command)
    _check_at_work(node, changes, command)
    status, moment = changes.get("status"), command.origin.occurred_at
    times: Values = {}
    if status == ProjectStatus.ACTIVE and "startAt" not in node.properties:
        times = {"start_at": moment}
    elif status in _ENDS and "endAt" not in node.properties:
        times = {"end_at": max(moment, node.properties.get("startAt", moment))}
    if "name" not in changes:
        return times
    name, finder = str(changes["name"]), ProjectFinder(transaction, ledger)
    await finder.look([ProjectRef(name=name)])
    finder.check_free(name, node.id)
    return {**times, **named(name)}


def _check_at_work(project: NodeState, changes: Values, command: Change) -> None:
    """Pass when a project is at work yet, or is only put away, or shown to others than before.

    Raises
    ------
    ProjectEndedError
        It has ended: what it was to be, and what it was there for, is history.
    """
    status = project.properties["status"]
    if status not in _ENDS or "status" in changes:
        return
    planned = {*changes, *command.links} - _SHOWN_TO
    if planned or any(one.ends for one in command.resolving):
        raise ProjectEndedError(f"project {project.id} is {status}: nothing of it is changed any more")


async def _check_tension(
    transaction: Transaction, ledger: Ledger, node: NodeState, changes: Values, command: Change, _: Authorities
) -> Values:
    """One that is resolved without a project says what was done: in a snippet, where everyone may see the tension.

    One that follows its projects becomes what they make of it.
    """
    if command.origin.event_type == EventType.TENSION_FOLLOWED:
        wanted = await followed(transaction, node)
        return {"status": wanted} if wanted else {}
    if changes.get("status") != TensionStatus.RESOLVED or await transaction.row(_BY_A_PROJECT, id=str(node.id)):
        return {}
    done = command.origin.reason
    if not done:
        raise ReasonNeededError("say what was done: it is kept as knowledge", pointer="/reason")
    if node.properties["visibility"] == Visibility.EVERYONE:
        text = f"{node.properties['title']}\n{done}"
        made = _learn(ledger, node, command, SnippetKind.TENSION, text, node.properties.get("language"))
        caller = command.origin.caller
        author = (await viewer_behind(transaction, caller)).person if caller else None
        if author:
            ledger.relate(made, "AUTHORED_BY", "Person", author)
    return {}


def _learn(
    ledger: Ledger, source: NodeState, command: Change, kind: SnippetKind, text: str, language: str | None
) -> NodeState:
    """Keep what a change of something teaches."""
    snippet = KnowledgeSnippet(
        id=ids.step_event(str(command.origin.event_id), "knowledge"),
        rev=1,
        created_at=ledger.moment,
        updated_at=ledger.moment,
        content=text,
        kind=kind,
        language=language,
        revision=1,
        status=SnippetStatus.RECORDED,
        occurred_at=command.origin.occurred_at,
        request_hash=command.origin.request_hash,
    )
    ledger.relate(source, "GENERATES_KNOWLEDGE", "KnowledgeSnippet", snippet.id)
    return ledger.create(snippet)


async def _check_task(
    transaction: Transaction, ledger: Ledger, node: NodeState, changes: Values, command: Change, __: Authorities
) -> Values:
    """It follows its project, which stays as it is meanwhile, and is wholly done when it is done."""
    await ledger.load("Project", [relation.target.id for relation in node.held("PART_OF")])
    status = changes.get("status")
    if status or (command.origin.caller and (changes or command.links)):
        await check_task(transaction, node, str(status) if status and set(changes) == {"status"} else None)
    if not status and node.properties["status"] == TaskStatus.DONE and "progress" in changes:
        raise RefusedError("what is Done is done wholly; move it back to InProgress first", pointer="/progress")
    return {"progress": 1.0} if changes.get("status") == TaskStatus.DONE else {}


async def _check_decision(
    transaction: Transaction, ledger: Ledger, node: NodeState, _: Values, command: Change, authorities: Authorities
) -> Values:
    """Who was asked decides, once and in time; what follows from it is due until it is recorded as done."""
    if "followed" in command.values:
        taken = has_consequence(node.properties["kind"], node.properties["status"])
        if not taken or node.properties.get("followed") in _FOLLOWED:
            raise DecidedError("nothing more follows from it")
        return {}
    due: Values = {"followed": DecisionFollowed.DUE}
    values = await check_decision(transaction, ledger, node, command, authorities)
    return values | (due if has_consequence(node.properties["kind"], command.values.get("status")) else {})


async def _check_win(
    transaction: Transaction, ledger: Ledger, node: NodeState, changes: Values, command: Change, __: Authorities
) -> Values:
    """The first time that a score is published, what it teaches is kept, where everyone may see."""
    if changes.get("status") != WinStatus.PUBLISHED:
        return {}
    score = float(str(changes.get("published_score", node.properties["score"])))
    if not node.held("GENERATES_KNOWLEDGE"):
        projects = await transaction.rows(_SCORED, id=str(node.id))
        await ledger.load("Project", [UUID(row["id"]) for row in projects])  # nobody hides it meanwhile
        row = await transaction.row(_TAUGHT, id=str(node.id), everyone=Visibility.EVERYONE, done=TaskStatus.DONE)
        if row:
            project = row["project"]
            text = learnt(project, row["felt"], row["done"], score)
            _learn(ledger, node, command, SnippetKind.WIN, text, project.get("language"))
    return {"published_score": score}


_LEARNT = """
MATCH (:Project {id: $id})-[:RESULTS_IN]->(:WIN)-[gave:GENERATES_KNOWLEDGE]->(k:KnowledgeSnippet)
WHERE gave.validTo IS NULL RETURN k.id AS id ORDER BY k.id
"""

_SCORED = "MATCH (:WIN {id: $id})<-[:RESULTS_IN]-(p:Project) RETURN p.id AS id"

_TAUGHT = """
MATCH (:WIN {id: $id})<-[:RESULTS_IN]-(p:Project) WHERE coalesce(p.visibility, $everyone) = $everyone
RETURN properties(p) AS project, COLLECT {
  MATCH (p)-[r:RESOLVES]->(t:Tension) WHERE r.validTo IS NULL AND t.visibility = $everyone
  RETURN t.title ORDER BY r.validFrom, t.id
} AS felt, COLLECT {
  MATCH (p)<-[r:PART_OF]-(t:Task) WHERE r.validTo IS NULL AND t.status = $done RETURN t.title ORDER BY r.validFrom, t.id
} AS done
"""


_FOLLOWED = (DecisionFollowed.DONE, DecisionFollowed.REFUSED)


_BY_A_PROJECT = """
MATCH (:Tension {id: $id})<-[resolves:RESOLVES]-(p:Project) WHERE resolves.validTo IS NULL RETURN p.id LIMIT 1
"""

_ENDS = (ProjectStatus.COMPLETED, ProjectStatus.CANCELLED, ProjectStatus.FAILED)

_SHOWN_TO = frozenset({"visibility", "visible_to"})
"""Fields of a project that say who may see it."""

_Check = Callable[[Transaction, Ledger, NodeState, Values, Change, Authorities], Awaitable[Values]]

_CHECKS: Mapping[str, tuple[_Check, ...]] = {
    "Person": (_check_person,),
    "Project": (_check_project,),
    "Task": (_check_task,),
    "Tension": (_check_tension,),
    "Decision": (_check_decision,),
    "WIN": (_check_win,),
}
"""Label → rules that look at the graph; each answers what has to change besides."""
