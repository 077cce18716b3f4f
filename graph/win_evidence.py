"""What a project's score rests on, as it was known at any moment: the same of a past one, however often it is asked.

Nodes keep every revision and relations their ends, so what was known at a moment is what had been recorded by then.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, LiteralString
from uuid import UUID

from graph.database import GraphDatabase, Row, Transaction, asking
from ontology.enums import ProjectStatus, RecognitionStatus, Severity
from ontology.lifecycles import ARCHIVED, TENSION_RESOLVED
from ontology.wins import Evidence, TensionFacts, Thanks

REOPENED_WITHIN = timedelta(days=30)
"""A tension that comes back in this time was not resolved at its root."""

_GONE = (ARCHIVED, ProjectStatus.CANCELLED, ProjectStatus.FAILED)
"""States of what cites nothing any more."""


def _known(relation: LiteralString) -> LiteralString:
    """Condition on a relation: it had been recorded by then, and its end had not."""
    return f"{relation}.recordedAt <= $at AND ({relation}.endRecordedAt IS NULL OR {relation}.endRecordedAt > $at)"


def _states(node: LiteralString, shown: LiteralString) -> LiteralString:
    """Subquery: the revisions of a node that had been recorded by then, in their order."""
    return (
        f"COLLECT {{ MATCH ({node})-[had:HAS_STATE]->(s:State) WHERE had.recordedAt <= $at "
        f"RETURN {{since: had.validFrom, removed: coalesce(s.removed, []), {shown}}} ORDER BY s.rev }}"
    )


_LEAD: LiteralString = "mergedInto: s.mergedInto"

_FACTS: LiteralString = (
    "MATCH (p:Project {id: $id}) RETURN "
    + _states(
        "p",
        "startAt: s.startAt, endAt: s.endAt, plannedStartAt: s.plannedStartAt, plannedEndAt: s.plannedEndAt",
    )
    + " AS project, COLLECT { MATCH (p)-[r:RESOLVES]->(t:Tension) WHERE "
    + _known("r")
    + " RETURN {id: t.id, states: "
    + _states(
        "t",
        "status: s.status, severity: s.severity, facts: left(s.facts, 1), currentState: left(s.currentState, 1),"
        " desiredState: left(s.desiredState, 1)",
    )
    + ", affects: EXISTS { MATCH (t)-[a:AFFECTS]->() WHERE "
    + _known("a")
    + " }} ORDER BY t.id } AS tensions, COLLECT {"
    " MATCH (p)<-[:PART_OF*0..1]-()<-[r:RECOGNIZES_CONTRIBUTION_TO]-(n:Recognition) WHERE "
    + _known("r")
    + " WITH DISTINCT n RETURN {id: n.id, states: "
    + _states("n", "status: s.status")
    + ", people: COLLECT { MATCH (n)-[who:RECOGNIZED_BY|RECEIVED_BY]->(one:Person) WHERE "
    + _known("who")
    + " RETURN {relation: type(who), id: one.id, leads: "
    + _states("one", _LEAD)
    + "} ORDER BY one.id }} ORDER BY n.id } AS thanks, COLLECT {"
    " MATCH (p)-[led:RESULTS_IN|RESOLVES]->()-[gave:GENERATES_KNOWLEDGE]->(k:KnowledgeSnippet)<-[by:CITES]-(other)"
    " WHERE " + " AND ".join(_known(one) for one in ("led", "gave", "by")) + " AND other <> p AND NOT EXISTS {"
    " MATCH (other)-[wrote:AUTHORED_BY|PROPOSED_BY]->(:Person)-[part:PARTICIPATES_IN]->(p)"
    " WHERE wrote.recordedAt <= $at AND part.recordedAt <= $at } AND NOT EXISTS {"
    " MATCH (other)<-[leads:PARTICIPATES_IN {role: 'Manager'}]-(:Person)-[part:PARTICIPATES_IN]->(p)"
    " WHERE leads.recordedAt <= $at AND part.recordedAt <= $at } AND NOT EXISTS {"
    " MATCH (other)<-[:GENERATES_KNOWLEDGE]-()<-[:RESULTS_IN|RESOLVES]-(p) }"
    " RETURN {id: k.id, states: " + _states("other", "status: s.status") + "} ORDER BY k.id } AS cited"
)


async def evidence_of(source: GraphDatabase | Transaction, project: UUID, at: datetime) -> Evidence | None:
    """What a project's score rests on, as it was known at a moment; None where there is no such project."""
    ask = asking(source)
    rows = await ask(_FACTS, id=str(project), at=at)
    return evidence_in(project, rows[0], at) if rows else None


def evidence_in(project: UUID, facts: Row, at: datetime) -> Evidence:
    """The evidence in what was recorded of a project.

    Parameters
    ----------
    project, at
        Which project, and the moment of which it is told.
    facts
        ``project``: its revisions; ``tensions`` it resolves and ``thanks`` for it, each with its revisions;
        ``cited``: ids of snippets that it gave and others cite, each with the revisions of who cites it.
    """
    states = facts["project"]
    start = _now(states, "startAt")
    end = _now(states, "endAt")
    plan = [state for state in states if end is None or state["since"] <= end]  # what is planned is said before the end
    planned_end = _at_start(plan, "plannedEndAt", start)
    begins = _at_start(plan, "plannedStartAt", start) or start
    return Evidence(
        project=project,
        tensions=[_tension(one, start, at) for one in facts["tensions"]],
        thanks=[_thanks(one) for one in facts["thanks"] if _now(one["states"], "status") == RecognitionStatus.GRANTED],
        planned=planned_end - begins if planned_end and begins and planned_end > begins else None,
        actual=end - start if start and end else None,
        cited=sorted({UUID(one["id"]) for one in facts["cited"] if _now(one["states"], "status") not in _GONE}),
    )


def _tension(row: Mapping[str, Any], start: datetime | None, at: datetime) -> TensionFacts:
    states = row["states"]
    severity = _at_start(states, "severity", start)
    spans = list(_resolutions(states, start))
    return TensionFacts(
        id=UUID(row["id"]),
        is_clear=row["affects"] and all(_now(states, name) for name in ("facts", "currentState", "desiredState")),
        severity=Severity(severity) if severity else None,
        resolved=bool(spans and spans[-1][1] is None),
        reopened=_reopened(spans, at),
    )


def _resolutions(
    states: Sequence[Mapping[str, Any]], start: datetime | None
) -> Iterable[tuple[datetime, datetime | None]]:
    """From when to when a tension was resolved, since the project began; None for what is so still."""
    since: datetime | None = None
    for state in states:
        status = state["status"]
        if status in TENSION_RESOLVED and since is None and (start is None or state["since"] >= start):
            since = state["since"]
        elif status and status not in {*TENSION_RESOLVED, ARCHIVED} and since is not None:
            yield since, state["since"]
            since = None
    if since is not None:
        yield since, None


def _reopened(spans: Sequence[tuple[datetime, datetime | None]], at: datetime) -> bool | None:
    """Whether it came back in time to count; None as long as that is not known."""
    if any(until is not None and until - since <= REOPENED_WITHIN for since, until in spans):
        return True
    return False if spans and spans[-1][1] is None and at - spans[-1][0] >= REOPENED_WITHIN else None


def _thanks(row: Mapping[str, Any]) -> Thanks:
    """A recognition by the people that its giver and receivers turned out to be."""
    people = [(one["relation"], UUID(_now(one["leads"], "mergedInto") or one["id"])) for one in row["people"]]
    [giver] = {one for relation, one in people if relation == "RECOGNIZED_BY"}
    return Thanks(UUID(row["id"]), giver, tuple(sorted({one for relation, one in people if relation == "RECEIVED_BY"})))


def _now(states: Sequence[Mapping[str, Any]], name: str) -> Any:
    """A property as the last of some revisions leaves it."""
    held = None
    for state in states:
        if state[name] is not None:
            held = state[name]
        elif name in state["removed"]:
            held = None
    return held


def _at_start(states: Sequence[Mapping[str, Any]], name: str, start: datetime | None) -> Any:
    """A property as it stood when the project began, else as it was first said after; without a beginning, as it is.

    What is said once the outcome can be seen could be said to suit it.
    """
    if start is None:
        return _now(states, name)
    before = _now([state for state in states if state["since"] <= start], name)
    after = (state[name] for state in states if state["since"] > start and state[name] is not None)
    return next(after, None) if before is None else before
