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


@pytest.mark.parametrize(
    ("header", "code"),
    [
        (None, "preconditionRequired"),
        ("", "revisionStale"),
        ("3", "revisionStale"),
        ('W/"3.0a1b"', "revisionStale"),
        ('"3"', "revisionStale"),
        ('"99999999999999999.ab"', "revisionStale"),
    ],
)
def test_without_a_tag_of_ours_nothing_is_changed(header: str | None, code: str) -> None:
    with pytest.raises(ProblemError) as refused:
        if_match(header)
    assert refused.value.problem_code == code


def test_a_patch_tells_what_is_taken_away_from_what_is_left_out() -> None:
    said = PersonPatchDTO.model_validate({"email": None, "role": "Cook"})
    assert said.model_dump(mode="json", exclude_unset=True) == {"email": None, "role": "Cook"}
    assert PersonPatchDTO().model_dump(mode="json", exclude_unset=True) == {}
    with pytest.raises(ValueError, match="fullName cannot be taken away"):
        PersonPatchDTO.model_validate({"fullName": None})
