"""Which revisions an If-Match header means."""

import pytest

from api.changes import if_match
from api.problems import ProblemError
from api.schemas import PersonPatchDTO


@pytest.mark.parametrize(
    ("header", "revisions"),
    [
        ('"3.0a1b"', [3]),
        ('"3.0a1b", "4.ffff"', [3, 4]),
        ('"elsewhere", "4.ffff"', [4]),
        (" * ", []),
        ('W/"2.ab","5.cd"', [5]),
    ],
)
def test_tags_of_ours_say_revisions(header: str, revisions: list[int]) -> None:
    assert if_match(header) == revisions


@pytest.mark.parametrize("header", ["", "3", 'W/"3.0a1b"', '"3"', '"99999999999999999.ab"'])
def test_without_a_tag_of_ours_no_revision_fits(header: str) -> None:
    assert if_match(header) == [0]


def test_without_the_header_it_is_asked_for() -> None:
    with pytest.raises(ProblemError) as refused:
        if_match(None)
    assert refused.value.problem_code == "preconditionRequired"


def test_a_patch_tells_what_is_taken_away_from_what_is_left_out() -> None:
    said = PersonPatchDTO.model_validate({"email": None, "role": "Cook"})
    assert said.model_dump(mode="json", exclude_unset=True) == {"email": None, "role": "Cook"}
    assert PersonPatchDTO().model_dump(mode="json", exclude_unset=True) == {}
    with pytest.raises(ValueError, match="fullName"):
        PersonPatchDTO.model_validate({"fullName": None})
