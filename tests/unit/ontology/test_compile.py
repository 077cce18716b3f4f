"""Generated contracts fit the models they come from, and a committed one that does not is found."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from jsonschema import Draft7Validator, FormatChecker
from pydantic import ValidationError

from ontology.compile import compile_all, drift, generate
from ontology.compile.jsonschema import event_schema
from ontology.events import PUBLISHED_EVENTS, EventType

ROOT = Path(__file__).parents[3]
RECOGNITION = PUBLISHED_EVENTS[EventType.RECOGNITION_CREATED]
VALIDATOR = Draft7Validator(event_schema(RECOGNITION), format_checker=FormatChecker())

PEOPLE = st.dictionaries(
    st.sampled_from(["id", "email", "handle", "name", "fullName", "nickname"]),
    st.sampled_from(["3f45fd08-a320-5f31-9640-41ae31ecfffa", "an@ruong.example", "an.vu", "Vũ Hoài An", ""]),
    max_size=3,
)


def test_committed_files_are_current() -> None:
    assert drift(ROOT) == []


def test_an_edited_contract_is_found_and_mended(tmp_path: Path) -> None:
    assert sorted(compile_all(tmp_path)) == sorted(generate())
    schema = tmp_path / "schemas" / "recognition-created.v1.json"
    schema.write_text(schema.read_text(encoding="utf-8").replace("10000", "9000"), encoding="utf-8")
    assert drift(tmp_path) == ["schemas/recognition-created.v1.json"]
    assert compile_all(tmp_path) == ["schemas/recognition-created.v1.json"]
    assert drift(tmp_path) == []


@example(giver={"handle": "an"}, receivers=[{"id": "an@ruong.example"}], content="Thank you")
@given(PEOPLE, st.lists(PEOPLE, max_size=2), st.sampled_from(["Thank you", "", None]))
def test_schema_accepts_only_what_the_model_accepts(
    giver: dict[str, str], receivers: list[dict[str, str]], content: str | None
) -> None:
    value: dict[str, Any] = {"giver": giver, "receivers": receivers, "content": content}
    schema_says = VALIDATOR.is_valid(value)
    try:
        RECOGNITION.payload.model_validate(value)
        model_says = True
    except ValidationError:
        model_says = False
    if schema_says:
        assert model_says or any("@" in ref.get("name", "") for ref in [giver, *receivers])
    if model_says:
        assert schema_says


@pytest.mark.parametrize("event", PUBLISHED_EVENTS.values(), ids=str)
def test_schemas_are_closed(event: Any) -> None:
    schema = event_schema(event)
    objects = [schema, *schema.get("definitions", {}).values()]
    assert all(item["additionalProperties"] is False for item in objects if "properties" in item)


def test_a_property_named_title_survives() -> None:
    assert "title" in event_schema(PUBLISHED_EVENTS[EventType.TENSION_REPORTED])["properties"]
