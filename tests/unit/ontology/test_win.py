"""What a published WIN teaches, and what follows from a decision on it."""

import pytest

from ontology.base import LONGEST_TEXT
from ontology.enums import DecisionKind, DecisionStatus
from ontology.kinds.win import learnt
from ontology.questions import has_consequence


def test_it_says_what_was_felt_done_and_worth_in_the_projects_language() -> None:
    project = {"name": "Calm releases", "goal": "Nobody stays up"}
    assert learnt(project, ["Nights are long"], ["Wrote it down", "Tried it"], 71.6).splitlines() == [
        "“Calm releases” was worth 72 of 100.",
        "What it was for: Nobody stays up",
        "What was felt: Nights are long",
        "Done: Wrote it down; Tried it",
    ]
    vietnamese = learnt({"name": "Ca đêm", "language": "vi"}, [], [], 50)
    assert vietnamese == "“Ca đêm” đáng giá 50 trên 100."
    assert learnt({"name": "Nacht", "language": "de"}, [], [], 50).startswith("“Nacht” was worth")


def test_it_is_never_longer_than_a_text_may_be() -> None:
    text = learnt({"name": "Many"}, [f"Tension {number}" for number in range(2_000)], [], 1)
    assert len(text) == LONGEST_TEXT
    assert text.endswith("…")


@pytest.mark.parametrize(
    ("kind", "status", "follows"),
    [
        (DecisionKind.WIN_APPROVAL, DecisionStatus.REJECTED, True),
        (DecisionKind.WIN_APPROVAL, DecisionStatus.EXPIRED, False),
        (DecisionKind.PROJECT_APPROVAL, DecisionStatus.REJECTED, False),
        (DecisionKind.PROJECT_APPROVAL, DecisionStatus.APPROVED, True),
        (DecisionKind.ENTITY_LINK, DecisionStatus.REJECTED, False),
    ],
)
def test_what_follows_from_a_decision(kind: DecisionKind, status: DecisionStatus, follows: bool) -> None:
    assert has_consequence(kind, status) is follows
