"""What was recorded of a project becomes evidence: as things stood then, and at its start where that counts."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from graph.win_evidence import evidence_in
from ontology.enums import Severity
from ontology.wins import TensionFacts

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
DAY = timedelta(days=1)
PROJECT, TENSION = uuid4(), uuid4()


def state(day: float, **said: Any) -> dict[str, Any]:
    """A revision, so many days after the project's start."""
    names = ("status", "severity", "facts", "currentState", "desiredState", "startAt", "endAt", "mergedInto")
    held = dict.fromkeys((*names, "plannedStartAt", "plannedEndAt"))
    return {**held, "removed": [], "since": START + day * DAY, **said}


def facts(*states: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A project that began, with one tension of some revisions."""
    project = [state(-1), state(0, startAt=START), state(10, endAt=START + 10 * DAY)]
    tension = {"id": str(TENSION), "states": list(states), "affects": True}
    return {"project": project, "tensions": [tension], "thanks": [], "cited": [], **more}


def tension(*states: dict[str, Any], day: float = 20, **more: Any) -> TensionFacts:
    """What a tension says for its project, so many days after the start."""
    return evidence_in(PROJECT, facts(*states, **more), START + day * DAY).tensions[0]


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        ([state(-2, severity=2), state(3, severity=4)], Severity.MEDIUM),
        ([state(-2), state(3, severity=3), state(4, severity=4)], Severity.HIGH),
        ([state(-2, severity=4), state(-1, removed=["severity"]), state(3, severity=1)], Severity.LOW),
        ([state(-2)], None),
    ],
    ids=["as it stood at the start", "the first said after", "what was taken back counts not", "never said"],
)
def test_severity_counts_as_it_stood_when_the_project_started(
    states: list[dict[str, Any]], expected: Severity | None
) -> None:
    assert tension(*states).severity == expected


@pytest.mark.parametrize(
    ("states", "day", "expected"),
    [
        ([state(-1, status="Accepted"), state(0, status="InProgress")], 20, (False, None)),
        ([state(10, status="Resolved")], 20, (True, None)),
        ([state(10, status="Resolved")], 40, (True, False)),
        ([state(10, status="Resolved"), state(12, status="Closed"), state(13, status="Archived")], 40, (True, False)),
        ([state(10, status="Resolved"), state(15, status="InProgress")], 20, (False, True)),
        (
            [state(10, status="Resolved"), state(15, status="InProgress"), state(20, status="Resolved")],
            90,
            (True, True),
        ),
        ([state(10, status="Resolved"), state(45, status="InProgress")], 50, (False, None)),
        (
            [state(-9, status="Resolved"), state(-5, status="InProgress"), state(10, status="Resolved")],
            50,
            (True, False),
        ),
    ],
    ids=[
        "not yet",
        "nobody knows yet",
        "thirty days passed",
        "closed and archived is resolved still",
        "it came back",
        "that it came back stays",
        "it came back later",
        "what came back before the project began is not its own",
    ],
)
def test_a_tension_that_comes_back_in_thirty_days_was_not_resolved_at_its_root(
    states: list[dict[str, Any]], day: float, expected: tuple[bool, bool | None]
) -> None:
    known = tension(*states, day=day)
    assert (known.resolved, known.reopened) == expected


def test_it_is_clear_once_it_states_all_four() -> None:
    said = {"facts": "T", "currentState": "T", "desiredState": "T"}
    assert tension(state(0, **said)).is_clear
    assert not tension(state(0, **said), state(1, removed=["facts"])).is_clear
    whole = facts(state(0, **said))
    whole["tensions"][0]["affects"] = False
    assert not evidence_in(PROJECT, whole, START).tensions[0].is_clear


def test_durations_are_as_planned_at_the_start_and_as_they_were() -> None:
    planned = [
        state(-1, plannedStartAt=START, plannedEndAt=START + 5 * DAY),
        state(0, startAt=START),
        state(4, plannedEndAt=START + 30 * DAY),
        state(10, endAt=START + 10 * DAY),
    ]
    known = evidence_in(PROJECT, facts(project=planned), START + 10 * DAY)
    assert (known.planned, known.actual) == (5 * DAY, 10 * DAY)
    unplanned = evidence_in(PROJECT, facts(), START + 10 * DAY)
    assert (unplanned.planned, unplanned.actual) == (None, 10 * DAY)


def test_people_who_turned_out_to_be_one_are_one_and_what_was_withdrawn_is_none() -> None:
    an, ann, mai = (UUID(int=number) for number in (1, 2, 3))

    def thanks(giver: UUID, *states: dict[str, Any], leads: list[dict[str, Any]] | None = None) -> dict[str, Any]:
        people = [
            {"relation": "RECOGNIZED_BY", "id": str(giver), "leads": leads or []},
            {"relation": "RECEIVED_BY", "id": str(mai), "leads": []},
        ]
        return {"id": str(uuid4()), "states": list(states), "people": people}

    granted = state(1, status="Granted")
    merged = [state(2, mergedInto=str(an))]
    known = evidence_in(
        PROJECT,
        facts(
            thanks=[
                thanks(an, granted),
                thanks(ann, granted, leads=merged),
                thanks(an, granted, state(3, status="Archived")),
            ]
        ),
        START,
    )
    assert [(one.giver, one.receivers) for one in known.thanks] == [(an, (mai,)), (an, (mai,))]


def test_a_plan_that_is_first_said_once_it_is_over_is_none() -> None:
    late = [
        state(-1),
        state(0, startAt=START),
        state(10, endAt=START + 10 * DAY),
        state(12, plannedEndAt=START + 90 * DAY),
    ]
    assert evidence_in(PROJECT, facts(project=late), START + 20 * DAY).planned is None


def test_what_is_cited_counts_once_and_only_by_what_stands() -> None:
    one, other = sorted([uuid4(), uuid4()])
    stands, rests = [state(1, status="Recorded")], [state(1, status="Proposal"), state(2, status="Cancelled")]
    cited = [
        {"id": str(snippet), "states": states} for snippet, states in ((one, stands), (one, rests), (other, rests))
    ]
    assert evidence_in(PROJECT, facts(cited=cited), START + 20 * DAY).cited == [one]
