"""The Kafka codec: what it writes it reads, and what it cannot read it says."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.attributes import Attributes, read_attributes
from events.codec import payload_of, write_headers
from events.errors import HeaderMissingError, SchemaInvalidError, UndecodableError
from events.framing import frame, unframe
from ontology.events import EventType, RecognitionCreated

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)
GOOD = {"giver": {"handle": "an.vu"}, "receivers": [{"handle": "mai.do"}], "content": "Cảm ơn"}


@given(st.integers(0, 2**31 - 1), JSON)
def test_a_framed_value_is_read_back(schema_id: int, value: Any) -> None:
    assert unframe(frame(schema_id, value)) == (schema_id, value)


@given(JSON)
def test_plain_json_has_no_schema_id(value: Any) -> None:
    import orjson

    assert unframe(orjson.dumps(value)) == (None, value)


@pytest.mark.parametrize("value", [b"\0\0", b"{", b"\0\0\0\0\1{", b"\xff\xfe"])
def test_what_is_not_json_is_undecodable(value: bytes) -> None:
    with pytest.raises(UndecodableError):
        unframe(value)


def test_attributes_are_read_back() -> None:
    attributes = Attributes("e1", "urn:hr", "RECOGNITION_CREATED", "r1", datetime(2026, 3, 1, 9, tzinfo=UTC))
    assert read_attributes(write_headers(attributes, {})) == attributes


@pytest.mark.parametrize("missing", ["ce_id", "ce_source", "ce_type", "ce_subject", "ce_time"])
def test_a_missing_attribute_is_named(missing: str) -> None:
    attributes = Attributes("e1", "urn:hr", "RECOGNITION_CREATED", "r1", datetime(2026, 3, 1, 9, tzinfo=UTC))
    headers = [(name, value) for name, value in write_headers(attributes, {}) if name != missing]
    with pytest.raises(HeaderMissingError) as refused:
        read_attributes(headers)
    assert refused.value.pointer == f"/{missing}"


@pytest.mark.parametrize("moment", [b"yesterday", b"2026-03-01T09:00:00", b""])
def test_a_moment_needs_its_offset(moment: bytes) -> None:
    attributes = Attributes("e1", "urn:hr", "RECOGNITION_CREATED", "r1", datetime(2026, 3, 1, 9, tzinfo=UTC))
    headers = [(n, moment if n == "ce_time" else v) for n, v in write_headers(attributes, {})]
    with pytest.raises(HeaderMissingError):
        read_attributes(headers)


def test_fields_of_a_newer_writer_are_left_out() -> None:
    newer = {
        **GOOD,
        "mood": "sunny",
        "giver": {"handle": "an.vu", "team": "data"},
        "receivers": [{"handle": "mai.do", "x": 1}],
    }
    assert payload_of(EventType.RECOGNITION_CREATED, newer) == RecognitionCreated.model_validate(GOOD)


def test_an_invalid_payload_names_the_field() -> None:
    with pytest.raises(SchemaInvalidError) as refused:
        payload_of(EventType.RECOGNITION_CREATED, {**GOOD, "receivers": [{"handle": "!"}]})
    assert refused.value.pointer == "/receivers/0/handle"
