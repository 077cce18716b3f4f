"""What must always hold of a thing, each rule once: decided on a view before it is written, and audited in the graph.

A rule is a pure function and the Cypher that finds whatever breaks it; both decide alike, which one table of examples
shows. Of what stands around a node only the graph can tell: such a rule is Cypher alone. Gateway, write transaction,
import and audit have no other rules. Later kinds bring theirs.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from ontology.lifecycles import ARCHIVED, LIFECYCLES, PROJECT_ENDED, TASK_RUNNING, Lifecycle
from ontology.relations import RELATIONS, Cardinality, Relation
from ontology.views import NodeView


@dataclass(frozen=True)
class Violation:
    """A rule that is broken.

    Parameters
    ----------
    code
        Stable code of the rule.
    message
        What is wrong, and what would be right.
    pointer
        JSON pointer of the field at fault.
    """

    code: str
    message: str
    pointer: str


@dataclass(frozen=True)
class Rule:
    """What must hold of every node of a label.

    Parameters
    ----------
    code
        Its stable code.
    label
        Of which nodes.
    meaning
        What holds, in a few words.
    broken
        Decides on a node as it is to become and, of one that is changed, as it was.
    cypher
        Finds the ids of nodes that break it.
    whole
        Whether it can be decided only once everything about the node is known.
    """

    code: str
    label: str
    meaning: str
    broken: Callable[[NodeView, NodeView | None], Violation | None]
    cypher: str
    whole: bool = True


@dataclass(frozen=True)
class GraphRule:
    """What must hold of a node and what stands around it, so that only the graph can tell.

    Parameters
    ----------
    code, label, meaning
        As of any rule.
    concerns
        Whether a change of a node has to be looked at: how it is to become and, of one that is changed, as it was.
    breaks
        Cypher condition on ``n`` that holds of a node that breaks it.
    message, pointer
        What is wrong and what would be right, and the field at fault.
    audited
        Whether it holds of what stands too: what follows from a change comes a moment after it.
    """

    code: str
    label: str
    meaning: str
    concerns: Callable[[NodeView, NodeView | None], bool]
    breaks: str
    message: str
    pointer: str
    audited: bool = True

    @property
    def cypher(self) -> str:
        """Finds the ids of nodes that break it."""
        return f"MATCH (n:{self.label}) WHERE {self.breaks} RETURN n.id AS id"

    @property
    def of_some(self) -> str:
        """The same among the nodes of ``$ids``."""
        return f"MATCH (n:{self.label}) WHERE n.id IN $ids AND {self.breaks} RETURN n.id AS id"

    @property
    def violation(self) -> Violation:
        """It, as it is told."""
        return Violation(self.code, self.message, self.pointer)


def violations(view: NodeView, before: NodeView | None = None, *, whole: bool = True) -> Iterator[Violation]:
    """Every rule that a node would break.

    Parameters
    ----------
    view
        The node as it is to become.
    before
        As it was; None of a new one.
    whole
        False of a request: whom a name means, or what stands beside it, is not known yet.
    """
    for rule in RULES:
        if rule.label == view.label and (whole or not rule.whole) and (found := rule.broken(view, before)):
            yield found


def _nobody_recognises_themselves(view: NodeView, _: NodeView | None) -> Violation | None:
    givers = view.at("RECOGNIZED_BY")
    for number, receiver in enumerate(view.at("RECEIVED_BY")):
        if any(receiver.same(giver) for giver in givers):
            return Violation("selfRecognition", "Nobody recognises themselves.", f"/receivers/{number}")
    return None


def _nobody_delegates_to_themselves(view: NodeView, _: NodeView | None) -> Violation | None:
    givers = view.at("DELEGATED_BY")
    if any(one.same(giver) for one in view.at("DELEGATED_TO") for giver in givers):
        return Violation("selfDelegation", "Nobody delegates to themselves.", "/delegate")
    return None


def _in_order(label: str, first: str, last: str, code: str, *, apart: bool = False) -> Rule:
    """A moment is not after another; ``apart``: nor at the same."""

    def broken(view: NodeView, _: NodeView | None) -> Violation | None:
        begins, ends = view.properties.get(first), view.properties.get(last)
        if begins is None or ends is None or _moment(begins) < _moment(ends):
            return None
        if not apart and _moment(begins) == _moment(ends):
            return None
        return Violation(code, f"{last} is {'not after' if apart else 'before'} {first}", f"/{last}")

    cypher = f"MATCH (n:{label}) WHERE n.{last} {'<=' if apart else '<'} n.{first} RETURN n.id AS id"
    meaning = f"{first} is before {last}" if apart else f"{first} is not after {last}"
    return Rule(code, label, meaning, broken, cypher, whole=False)


def _lifecycle(lifecycle: Lifecycle) -> Rule:
    """A state is followed only by one that may follow it."""
    pairs = sorted([str(one), str(next_)] for one, following in lifecycle.transitions.items() for next_ in following)

    def broken(view: NodeView, before: NodeView | None) -> Violation | None:
        wanted = view.properties.get("status", lifecycle.initial)
        current = before.properties.get("status", lifecycle.initial) if before else wanted
        if current == wanted or [current, wanted] in pairs:
            return None
        allowed = [last for first, last in pairs if first == current]
        then = f"from {current} it goes to {' or '.join(allowed)}" if allowed else f"{current} is an end"
        said = f"a {lifecycle.label} that is {current} cannot be {wanted}: {then}"
        return Violation("illegalTransition", said, "/status")

    cypher = (
        f"MATCH (n:{lifecycle.label})-[:HAS_STATE]->(s:State) WHERE s.status IS NOT NULL "
        "WITH n, s ORDER BY n.id, s.rev WITH n, collect(s.status) AS states "
        "WHERE any(i IN range(1, size(states) - 1) WHERE states[i - 1] <> states[i] "
        f"AND NOT [states[i - 1], states[i]] IN {pairs}) RETURN n.id AS id"
    )
    return Rule("illegalTransition", lifecycle.label, "its states follow its lifecycle", broken, cypher)


def _archived_stays(label: str) -> Rule:
    """What was withdrawn is changed no more."""

    def broken(view: NodeView, before: NodeView | None) -> Violation | None:
        if before is None or before.properties.get("status") != ARCHIVED:
            return None
        if view.properties.get("rev") == before.properties.get("rev"):
            return None
        return Violation("archived", "it was withdrawn, and is changed no more", "")

    cypher = (
        f"MATCH (n:{label})-[:HAS_STATE]->(s:State {{status: 'Archived'}}) "
        "WHERE EXISTS { MATCH (n)-[:HAS_STATE]->(later:State) WHERE later.rev > s.rev } RETURN DISTINCT n.id AS id"
    )
    return Rule("archived", label, "what was withdrawn is changed no more", broken, cypher)


_BOUNDS: dict[Cardinality, tuple[int, int | None]] = {
    Cardinality.EXACTLY_ONE: (1, 1),
    Cardinality.AT_MOST_ONE: (0, 1),
    Cardinality.ONE_OR_MORE: (1, None),
}


def _cardinality(relation: Relation, label: str) -> Rule:
    """So many relations of a type leave each node, and no more."""
    least, most = _BOUNDS[relation.cardinality]

    def broken(view: NodeView, _: NodeView | None) -> Violation | None:
        number = len(view.at(relation.type))
        if number >= least and (most is None or number <= most):
            return None
        said = f"a {label} has {relation.cardinality} {relation.type}, not {number}"
        return Violation("cardinality", f"{said}: {relation.meaning}", "")

    wrong = {(1, 1): "<> 1", (0, 1): "> 1", (1, None): "= 0"}[least, most]
    cypher = (
        f"MATCH (n:{label}) WHERE COUNT {{ (n)-[r:{relation.type}]->() WHERE r.validTo IS NULL }} {wrong} "
        "RETURN n.id AS id"
    )
    return Rule("cardinality", label, f"has {relation.cardinality} {relation.type}", broken, cypher)


def _moment(value: object) -> datetime:
    return datetime.fromisoformat(str(value))


_KEPT_ELSEWHERE = frozenset({"HAS_STATE", "RECORDED_BY"})
"""Relations of every revision, which the ledger makes."""


def _comes_to(state: str) -> Callable[[NodeView, NodeView | None], bool]:
    """Whether a change brings a node to a state."""

    def concerns(view: NodeView, before: NodeView | None) -> bool:
        return view.properties.get("status") == state and (before is None or before.properties.get("status") != state)

    return concerns


def _is(*states: str) -> Callable[[NodeView, NodeView | None], bool]:
    """Whether a node is in one of some states after its change."""
    return lambda view, _: view.properties.get("status") in states


def _comes_to_lead(relation: str) -> Callable[[NodeView, NodeView | None], bool]:
    """Whether a change has a node lead to somebody to whom it did not."""

    def concerns(view: NodeView, before: NodeView | None) -> bool:
        return before is not None and bool(
            {one.id for one in view.at(relation)} - {one.id for one in before.at(relation)}
        )

    return concerns


_RUNNING = [str(state) for state in TASK_RUNNING]
_ENDED = [str(state) for state in PROJECT_ENDED]

_OWNED_BY_A_STRANGER = (
    "EXISTS { MATCH (n)-[own:OWNED_BY]->(p:Person) WHERE own.validTo IS NULL "
    "AND NOT EXISTS { MATCH (n)-[of:PART_OF]->(:Project)<-[takes:PARTICIPATES_IN]-(q:Person) "
    "WHERE of.validTo IS NULL AND takes.validTo IS NULL "
    "AND coalesce(q.mergedInto, q.id) = coalesce(p.mergedInto, p.id) } }"
)


GRAPH_RULES: list[GraphRule] = [
    GraphRule(
        "closedWithoutWin",
        "Tension",
        "none is closed without a published WIN of a project that resolves it",
        _comes_to("Closed"),
        "n.status = 'Closed' AND NOT EXISTS { "
        "MATCH (n)<-[r:RESOLVES]-(:Project)-[v:RESULTS_IN]->(:WIN)-[:HAS_STATE]->(:State {status: 'Published'}) "
        "WHERE r.validTo IS NULL AND v.validTo IS NULL }",
        "a tension is closed by a published WIN of a project that resolves it, and there is none; "
        "one that needs no project goes from Resolved to Archived",
        "/to",
    ),
    GraphRule(
        "closedWithoutWin",
        "Tension",
        "none is closed while what its projects were worth waits or was rejected",
        _comes_to("Closed"),
        "n.status = 'Closed' AND NOT EXISTS { "
        "MATCH (n)<-[r:RESOLVES]-(:Project)-[v:RESULTS_IN]->(:WIN {status: 'Published'}) "
        "WHERE r.validTo IS NULL AND v.validTo IS NULL }",
        "a tension is closed while a published WIN of a project that resolves it stands: this one was rejected, or "
        "moved so far that it is asked about again",
        "/to",
        audited=False,
    ),
    GraphRule(
        "notScored",
        "Project",
        "none that completed here is archived before it is scored",
        _is(ARCHIVED),
        "n.status = 'Archived' AND EXISTS { MATCH (n)-[:RECORDED_BY]->(:Event {type: 'PROJECT_COMPLETED'}) } "
        "AND NOT EXISTS { MATCH (n)-[:RESULTS_IN]->(:WIN) }",
        "what the project was worth is looked at within seconds of its end, and it rests after that: try again",
        "/to",
        audited=False,
    ),
    GraphRule(
        "notApproved",
        "Project",
        "none is planned without an approval of somebody else than its proposer",
        _comes_to("Planning"),
        "n.status = 'Planning' AND NOT EXISTS { "
        "MATCH (n)<-[d:DECIDES]-(:Decision {kind: 'ProjectApproval', status: 'Approved'}) WHERE d.validTo IS NULL }",
        "a project is planned once somebody else than its proposer has approved it: ask for its approval",
        "/to",
    ),
    GraphRule(
        "managerMissing",
        "Project",
        "none is active without a manager",
        _is("Active"),
        "n.status = 'Active' AND NOT EXISTS { "
        "MATCH (n)<-[p:PARTICIPATES_IN {role: 'Manager'}]-(:Person) WHERE p.validTo IS NULL }",
        "an active project has a manager, and this one would have none: make somebody its manager first",
        "",
    ),
    GraphRule(
        "tasksRunning",
        "Project",
        "an archived one has no running task",
        _is(ARCHIVED),
        f"n.status = 'Archived' AND EXISTS {{ MATCH (n)<-[of:PART_OF]-(t:Task) "
        f"WHERE of.validTo IS NULL AND t.status IN {_RUNNING} }}",
        "an archived project has no running task, and this one would have some: finish or cancel them first",
        "/to",
    ),
    GraphRule(
        "tasksRunning",
        "Task",
        "none is running in an archived project",
        _is(*_RUNNING),
        f"n.status IN {_RUNNING} AND EXISTS {{ MATCH (n)-[of:PART_OF]->(:Project {{status: 'Archived'}}) "
        "WHERE of.validTo IS NULL }",
        "nothing is to be done in an archived project",
        "",
    ),
    GraphRule(
        "projectEnded",
        "Task",
        "none is planned in a project that has ended",
        lambda view, before: before is None and view.properties.get("status") in _RUNNING,
        f"n.status IN {_RUNNING} AND EXISTS {{ MATCH (n)-[of:PART_OF]->(p:Project) "
        f"WHERE of.validTo IS NULL AND p.status IN {_ENDED} }}",
        "nothing is to be done any more in a project that has ended",
        "/projectId",
        audited=False,
    ),
    GraphRule(
        "ownerNotParticipant",
        "Task",
        "who owns a running one takes part in its project",
        _is(*_RUNNING),
        f"n.status IN {_RUNNING} AND " + _OWNED_BY_A_STRANGER,
        "who owns a task takes part in its project: let them take part first",
        "/owner",
    ),
    GraphRule(
        "ownerNotParticipant",
        "Task",
        "none is given to who does not take part in its project, whether it is running or not",
        _comes_to_lead("OWNED_BY"),
        _OWNED_BY_A_STRANGER,
        "who owns a task takes part in its project: let them take part first",
        "/owner",
        audited=False,
    ),
    GraphRule(
        "subtaskElsewhere",
        "Task",
        "a part of a task belongs to the same project, and none is a part of itself",
        lambda view, before: before is None and bool(view.at("SUBTASK_OF")),
        "EXISTS { MATCH (n)-[up:SUBTASK_OF]->(t:Task) WHERE up.validTo IS NULL AND NOT EXISTS { "
        "MATCH (n)-[of:PART_OF]->(:Project)<-[its:PART_OF]-(t) WHERE of.validTo IS NULL AND its.validTo IS NULL } } "
        "OR EXISTS { MATCH (n)-[:SUBTASK_OF*1..]->(n) }",
        "a part of a task belongs to the same project as the task",
        "/parentId",
    ),
]
"""Every rule that the graph decides, in the transaction of the change and in the audit."""

RULES: list[Rule] = [
    Rule(
        "selfRecognition",
        "Recognition",
        "nobody recognises themselves",
        _nobody_recognises_themselves,
        "MATCH (n:Recognition)-[given:RECOGNIZED_BY]->(p)<-[received:RECEIVED_BY]-(n) "
        "WHERE given.validTo IS NULL AND received.validTo IS NULL RETURN DISTINCT n.id AS id",
        whole=False,
    ),
    Rule(
        "selfDelegation",
        "Delegation",
        "nobody delegates to themselves",
        _nobody_delegates_to_themselves,
        "MATCH (n:Delegation)-[given:DELEGATED_BY]->(p)<-[taken:DELEGATED_TO]-(n) "
        "WHERE given.validTo IS NULL AND taken.validTo IS NULL RETURN DISTINCT n.id AS id",
        whole=False,
    ),
    _in_order("Delegation", "startAt", "endAt", "endBeforeStart", apart=True),
    _archived_stays("Delegation"),
    _in_order("Project", "startAt", "endAt", "endBeforeStart"),
    _in_order("Project", "plannedStartAt", "plannedEndAt", "endBeforeStart"),
    _archived_stays("Project"),
    _archived_stays("Recognition"),
    _archived_stays("KnowledgeSnippet"),
    _archived_stays("Tension"),
    _archived_stays("Comment"),
    *(_lifecycle(lifecycle) for lifecycle in LIFECYCLES.values()),
    *(
        _cardinality(relation, label)
        for relation in RELATIONS.values()
        if relation.cardinality in _BOUNDS and relation.type not in _KEPT_ELSEWHERE
        for label in relation.sources
    ),
]
"""Every rule."""
