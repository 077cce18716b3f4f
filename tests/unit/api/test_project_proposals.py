"""What a claim of a project says is held against the rules at once, with what is known of the project."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest

from api.project_proposals import ApprovalProposalDTO, _check_days
from graph.errors import RuleBrokenError

EARLY, LATE = "2026-01-01T00:00:00Z", "2027-01-01T07:00:00+07:00"


@pytest.mark.parametrize(
    ("held", "said"),
    [
        ({}, {"plannedStartAt": LATE, "plannedEndAt": EARLY}),
        ({"plannedStartAt": datetime(2027, 1, 1, tzinfo=UTC)}, {"plannedEndAt": EARLY}),
        ({"plannedEndAt": datetime(2026, 1, 1, tzinfo=UTC)}, {"plannedStartAt": LATE}),
    ],
)
def test_what_would_end_before_it_starts_is_not_asked_about(held: dict[str, Any], said: dict[str, str]) -> None:
    project = {"id": str(uuid4()), "name": "Calm", "status": "Proposal", **held}
    with pytest.raises(RuleBrokenError) as refused:
        _check_days(project, ApprovalProposalDTO.model_validate(said))
    assert (refused.value.code, refused.value.pointer) == ("endBeforeStart", "/plannedEndAt")


@pytest.mark.parametrize("said", [{}, {"plannedEndAt": EARLY}, {"plannedStartAt": EARLY, "plannedEndAt": LATE}])
def test_days_in_order_are(said: dict[str, str]) -> None:
    _check_days({"id": str(uuid4()), "name": "Calm"}, ApprovalProposalDTO.model_validate(said))
