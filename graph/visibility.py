"""What somebody may see: what is private is for its parties and for whoever recorded it, wherever it would show.

Every read that could show such a thing, or an event, filters by the two conditions below and takes the parameters of
a :class:`Viewer`; there is no other rule.
"""

from dataclasses import dataclass
from typing import LiteralString
from uuid import UUID

from ontology.kinds import KINDS

Parameters = dict[str, str | list[str] | None]

OF_RUN: tuple[LiteralString, ...] = ("workflowId", "runId", "traceId", "cause", "reason")
"""What an event says of the run that wrote it, and of what it followed from."""


def party_relations() -> list[str]:
    """Relations to the people whom things are about."""
    return sorted({relation for kind in KINDS.values() for relation in kind.parties})


@dataclass(frozen=True)
class Viewer:
    """Somebody who looks.

    Parameters
    ----------
    person
        The person behind the token; None for one nobody knows yet.
    identity
        The token's issuer and subject: events say which one caused them.
    merged
        Ids of those who turned out to be this person: what is theirs is this person's too.
    projects
        Ids of the private projects that they may see.
    """

    person: UUID | None
    identity: UUID | None
    merged: tuple[UUID, ...] = ()
    projects: tuple[UUID, ...] = ()

    @property
    def people(self) -> list[UUID]:
        """Every id the viewer is known by; none for one nobody knows yet."""
        return [self.person, *self.merged] if self.person else []

    @property
    def keys(self) -> set[str]:
        """The ids as the graph has them."""
        return {str(person) for person in self.people}

    def parameters(self) -> Parameters:
        """The viewer as the conditions take it."""
        return {
            "viewers": [str(person) for person in self.people],
            "identity": str(self.identity) if self.identity else None,
            "parties": party_relations(),
            "projects": [str(project) for project in self.projects],
        }


def guarding(node: LiteralString) -> LiteralString:
    """Pattern from a node to whatever may be private of what it goes with, as ``guarded``: the node itself among it."""
    return (
        "(" + node + ")<-[:HAS_STATE|GENERATES_KNOWLEDGE|RESULTS_IN*0..3]-()"
        "-[:COMMENTS_ON|DECIDES|PART_OF*0..1]->(guarded)"
    )  # fmt: skip


def sees_node(node: LiteralString) -> LiteralString:
    """Condition on a node of any label: it is not private, or the viewer is a party to it or recorded it.

    A state is seen by who sees the node that it is a state of, what was learnt by who sees what it was learnt from, a
    comment or decision by who sees what it is about, a task or WIN by who sees its project. One pattern leads to all of
    these, the node itself among them: alternatives that hold subqueries of their own would take the planner seconds.

    Parameters
    ----------
    node
        The variable that holds it.
    """
    return (
        "NOT EXISTS { MATCH " + guarding(node) + " WHERE guarded.visibility <> 'everyone' AND NOT guarded:State"
        " AND NOT EXISTS { MATCH (guarded)-[concerns]-(party:Person) WHERE type(concerns) IN $parties"
        " AND concerns.validTo IS NULL AND party.id IN $viewers }"
        " AND NOT EXISTS { MATCH (guarded)-[:RECORDED_BY]->(first:Event {actor: $identity})"
        " WHERE first.recordedAt = guarded.createdAt } }"
    )  # fmt: skip


def shows(node: LiteralString) -> LiteralString:
    """Condition on a node of any label: it is no private project, or one that the viewer may see.

    Where nothing else of it may be private, this says what :func:`sees_node` does, and costs no planning.
    """
    return (
        "(NOT " + node + ":Project OR coalesce(" + node + ".visibility, 'everyone') = 'everyone'"
        " OR " + node + ".id IN $projects)"
    )  # fmt: skip


def shows_task(task: LiteralString) -> LiteralString:
    """The same of a task, by its project."""
    return (
        "NOT EXISTS { MATCH (" + task + ")-[:PART_OF]->(whole:Project)"
        " WHERE whole.visibility = 'parties' AND NOT whole.id IN $projects }"
    )  # fmt: skip


def sees_event(event: LiteralString) -> LiteralString:
    """Condition on an event: it recorded nothing the viewer may not see, whatever else it did.

    Parameters
    ----------
    event
        The variable that holds it.
    """
    return "NOT EXISTS { MATCH (" + event + ")<-[:RECORDED_BY]-(said) WHERE NOT " + sees_node("said") + " }"


def project_of_run(event: LiteralString) -> LiteralString:
    """Pattern of the project that the run of an event is about, if it is about one, as ``over``."""
    return "(over:Project {id: split(" + event + ".workflowId, '/')[1]})"


def told_event(event: LiteralString) -> LiteralString:
    """The properties of an event: of one that followed from what the viewer may not see, without what leads there.

    A change of a private project moves what anybody may see, in the same run: that is told, and by nothing but itself.
    Nobody else's run writes what is not as private as that.
    """
    hidden = ", ".join(name + ": null" for name in OF_RUN)
    return (
        "CASE WHEN EXISTS { MATCH " + project_of_run(event)
        + " WHERE over.visibility = 'parties' AND NOT over.id IN $projects }"
        + " THEN " + event + " {.*, " + hidden + "} ELSE properties(" + event + ") END"
    )  # fmt: skip


def events_of(node: LiteralString) -> LiteralString:
    """Subquery: the events that recorded a node, as far as the viewer may see them, oldest first."""
    return (
        "COLLECT { MATCH (" + node + ")-[:RECORDED_BY]->(e:Event) WHERE " + sees_event("e")
        + " RETURN " + told_event("e") + " ORDER BY e.recordedAt }"
    )  # fmt: skip
