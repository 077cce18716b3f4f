"""What is told of a due date, and of a critical task that is hardly begun: once for each date."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from activities.due import report_of, telling_of
from graph.due import AtRisk, Due, tasks_at_risk
from graph.trust import Trust
from ontology.enums import Visibility

DUE = datetime(2026, 12, 1, 17, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("label", "moment", "event", "field"),
    [
        ("Task", DUE - HOUR, "TASK_REMINDED", "remindedFor"),
        ("Task", DUE, "TASK_OVERDUE", "overdueFor"),
        ("Project", DUE - HOUR, "PROJECT_REMINDED", "remindedFor"),
        ("Project", DUE + HOUR, "PROJECT_OVERDUE", "overdueFor"),
    ],
)
def test_it_is_told_as_near_or_as_past(label: str, moment: datetime, event: str, field: str) -> None:
    due = Due(label, uuid4(), 4, DUE)
    told = telling_of(due, "urn:test", moment)
    assert (told.origin.event_type, told.revisions, list(told.values)) == (event, [4], [field])
    assert telling_of(due, "urn:test", moment + timedelta(seconds=1)).origin.event_id == told.origin.event_id
    moved = Due(label, due.id, 5, DUE + HOUR)
    assert telling_of(moved, "urn:test", moment).origin.event_id != told.origin.event_id


def test_a_task_at_risk_is_one_tension_for_each_due_date() -> None:
    task = AtRisk(uuid4(), "Ask the printer " * 30, 0.25, DUE, uuid4(), "Calm nights", Visibility.EVERYONE, (uuid4(),))
    report = report_of(task, "urn:test", DUE - HOUR)
    assert report_of(task, "urn:test", DUE - 2 * HOUR).id == report.id
    assert report.content["affectedProjects"] == [{"id": str(task.project)}]
    assert "25% of it is done" in str(report.content["facts"])
    assert len(str(report.content["title"])) <= 255
    assert report.content["visibleTo"] == []
    later = replace(task, due=DUE + HOUR)
    assert report_of(later, "urn:test", DUE).id != report.id


@pytest.mark.parametrize(
    ("language", "spoken", "title", "facts"),
    [
        ("vi", "vi", "“Hỏi nhà in” khó xong đúng hạn", "đến hạn lúc 17:00 UTC ngày 01/12/2026, và mới xong 25%."),
        ("en", "en", "“Hỏi nhà in” will hardly be done in time", "at 2026-12-01 17:00 UTC, and 25% of it is done."),
        (None, "en", "“Hỏi nhà in” will hardly be done in time", "at 2026-12-01 17:00 UTC, and 25% of it is done."),
    ],
)
def test_it_is_told_in_the_language_of_the_project(language: str | None, spoken: str, title: str, facts: str) -> None:
    task = AtRisk(uuid4(), "Hỏi nhà in", 0.25, DUE, uuid4(), "Đêm {yên}", Visibility.EVERYONE, (), language)
    said = report_of(task, "urn:test", DUE - HOUR).content
    assert (said["title"], said["language"]) == (title, spoken)
    assert str(said["facts"]).endswith(facts)
    assert "“Đêm {yên}”" in str(said["facts"])


class Holding:
    """A graph with one critical task in a private project."""

    def __init__(self, people: list[UUID], others: list[UUID]) -> None:
        self._said = {"people": [str(one) for one in people], "others": [str(one) for one in others]}
        self.parties: list[str] = []

    async def read(self, _: str, *, parties: list[str], **__: Any) -> list[dict[str, Any]]:
        self.parties = parties
        said = {"id": str(uuid4()), "title": "Ask the printer", "progress": 0.0, "due": DUE, "project": str(uuid4())}
        return [{**said, "name": "Calm nights", "visibility": "parties", "language": None, **self._said}]


async def test_of_a_private_project_everybody_who_may_see_it_sees_its_task_at_risk() -> None:
    manager, *others = (uuid4() for _ in range(70))
    graph: Any = Holding([manager], [*others, manager])
    [risk] = await tasks_at_risk(graph, DUE - HOUR, DUE, 10)
    assert set(graph.parties) == {"PROPOSED_BY", "PARTICIPATES_IN", "VISIBLE_TO"}
    assert (risk.people[0], len(risk.people)) == (manager, 70)
    told = report_of(risk, "urn:test", DUE - HOUR).content["visibleTo"]
    assert isinstance(told, list)
    assert (told[0], len(told)) == ({"id": str(manager)}, 50), "more cannot be named"


async def test_of_one_that_nobody_manages_its_proposer_sees_it() -> None:
    proposer = uuid4()
    graph: Any = Holding([], [proposer])
    [risk] = await tasks_at_risk(graph, DUE - HOUR, DUE, 10)
    assert report_of(risk, "urn:test", DUE - HOUR).content["visibleTo"] == [{"id": str(proposer)}]


@pytest.mark.parametrize(("confirmed", "refuted", "mean"), [(0, 0, 0.5), (2, 1, 0.6), (8, 0, 0.9), (0, 8, 0.1)])
def test_few_reports_say_little_of_whom_to_rely_on(confirmed: int, refuted: int, mean: float) -> None:
    assert Trust(confirmed, refuted).mean == pytest.approx(mean)
