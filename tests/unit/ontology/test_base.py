"""Values every store can keep, and every client reads alike."""

import time

import pytest
from pydantic import TypeAdapter, ValidationError

from ontology.base import MAX_INTEGER, Integer, Name, Tag, Text, Timestamp

MOMENT: TypeAdapter[object] = TypeAdapter(Timestamp)


@pytest.mark.parametrize("value", ["2026-03-01T09:00:00+07:00", "2026-03-01 02:00:00Z", "2026-03-01t02:00:00z"])
def test_a_moment_is_kept_in_utc(value: str) -> None:
    assert MOMENT.dump_python(MOMENT.validate_python(value), mode="json") == "2026-03-01T02:00:00Z"


@pytest.mark.parametrize(
    "value",
    [
        12,
        0.5,
        "0.5",
        "99999999999",
        "2026-03-01T09:00:00",
        "2026-03-01",
        "0001-01-01T00:00:00Z",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
    ],
)
def test_neither_a_number_nor_a_moment_at_the_ends_of_time_is_one(value: object) -> None:
    with pytest.raises(ValidationError):
        MOMENT.validate_python(value)


@pytest.mark.parametrize("kind", [Text, Tag])
def test_text_has_no_nul(kind: type[str]) -> None:
    adapter = TypeAdapter(kind)
    assert adapter.validate_python(" tab\tis kept ") == "tab\tis kept"
    with pytest.raises(ValidationError):
        adapter.validate_python("a\0b")


def test_an_integer_is_one_every_reader_reads_exactly() -> None:
    adapter: TypeAdapter[int] = TypeAdapter(Integer)
    assert adapter.validate_python(MAX_INTEGER) == MAX_INTEGER
    for beyond in (MAX_INTEGER + 1, -MAX_INTEGER - 1, 10**30):
        with pytest.raises(ValidationError):
            adapter.validate_python(beyond)


@pytest.mark.parametrize(
    "said", ["0002-01-01T00:00:00+14:00", "9998-12-31T23:59:59-12:00", "0001-01-01T00:00:00+00:00"]
)
def test_a_moment_whose_utc_lies_beyond_is_refused_at_the_door(said: str) -> None:
    with pytest.raises(ValidationError, match="years 2 to 9998"):
        TypeAdapter(Timestamp).validate_python(said)


@pytest.mark.parametrize("said", ["A\nB", "A\x07B", "A\u2028B"])
def test_a_name_stands_on_one_line(said: str) -> None:
    with pytest.raises(ValidationError, match="one line"):
        TypeAdapter(Name).validate_python(said)


@pytest.mark.parametrize("blank", [" ", "\t", "\n", "\u00a0"])
def test_a_moment_full_of_blanks_is_refused_at_once(blank: str) -> None:
    began = time.process_time()
    with pytest.raises(ValidationError):
        TypeAdapter(Timestamp).validate_python(f"2026-03-01T09:00:00{blank * 20_000}x{blank * 20_000}" + "y" * 200)
    assert time.process_time() - began < 1
