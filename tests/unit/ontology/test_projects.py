"""Projects and tasks as pure code: what follows from a change, what others are told, what a tracker's file may say."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from pydantic import ValidationError

from ontology.changes import NodeChange
from ontology.enums import TaskStatus
from ontology.kinds.project import PROJECT, ProjectImported, task_follows
from ontology.kinds.task import TaskImported
from ontology.references import ProjectRef
from ontology.views import NodeView, Target

ENDED = "2026-11-29T10:00:00Z"


def view(project: UUID, *tensions: UUID) -> NodeView:
    held = [Target(relation="RESOLVES", label="Tension", id=one) for one in tensions]
    return NodeView(label="Project", id=project, properties={"endAt": ENDED}, targets=held)


def change(project: UUID, **properties: Any) -> NodeChange:
    return NodeChange(label="Project", id=project, rev=3, valid_from=ENDED, properties=properties)


def test_its_tensions_follow_it_from_state_to_state_and_nothing_else_moves_them() -> None:
    project, tensions = uuid4(), (uuid4(), uuid4())
    follows = PROJECT.follows(view(project, *tensions), change(project, status="Active"))
    assert [(one.label, one.id, one.event_type, one.values) for one in follows] == [
        ("Tension", tension, "TENSION_FOLLOWED", {}) for tension in tensions
    ]
    assert PROJECT.follows(view(project, *tensions), change(project, goal="Faster")) == []
    assert task_follows(project).values == {"status": TaskStatus.CANCELLED}


def test_others_are_told_once_it_is_completed() -> None:
    project, tension, event = uuid4(), uuid4(), uuid4()
    [told] = PROJECT.tells_change(view(project, tension), change(project, status="Completed"), event)
    assert (told.event_id, told.type, told.subject) == (event, "PROJECT_COMPLETED", project)
    assert told.payload == {
        "project": {"id": str(project)},
        "completedAt": ENDED,
        "resolvedTensionIds": [str(tension)],
    }
    assert PROJECT.tells_change(view(project), change(project, status="Cancelled"), event) == []


def test_what_is_at_work_elsewhere_is_approved_here_first() -> None:
    assert ProjectImported(name="Old work", status="Completed").status == "Completed"
    with pytest.raises(ValidationError, match="imported as Proposal"):
        ProjectImported(name="At work", status="Active")


def test_a_task_that_is_done_is_done_wholly() -> None:
    said = {"project": ProjectRef(name="Old work"), "title": "Buy paper"}
    assert TaskImported.model_validate({**said, "status": "Done", "progress": 0.2}).progress == 1
    assert TaskImported.model_validate({**said, "progress": 0.2}).progress == 0.2
