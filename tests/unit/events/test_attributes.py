"""What stands around a payload: bounds, spellings that would make two things of one, and structured mode."""

import base64
from typing import Any

import orjson
import pytest

from events.attributes import STRUCTURED, data_of, open_message, read_attributes
from events.errors import EventRefusedError, HeaderMissingError, UndecodableError

GOOD = {
    "id": "e1",
    "source": "urn:test:hr15",
    "type": "RECOGNITION_CREATED",
    "subject": "praise-1",
    "time": "2026-03-01T09:00:00+07:00",
}
EVENT = {"specversion": "1.0", **GOOD, "data": {"content": "Cảm ơn"}}


def headers(**other: str) -> list[tuple[str, bytes | None]]:
    return [(f"ce_{name}", value.encode()) for name, value in {**GOOD, **other}.items()]


def structured(event: Any, kind: str = STRUCTURED) -> tuple[list[tuple[str, bytes | None]], bytes]:
    return [("content-type", kind.encode())], event if isinstance(event, bytes) else orjson.dumps(event)


WRONG = [
    ("source", '"urn:test:hr15"', "quotation mark"),
    ("source", "'urn:test:hr15'", "no scheme"),
    ("source", "“urn:test:hr15”", "quotation mark"),
    ("source", "<urn:test:hr15>", "less-than"),
    ("source", "urn:test:hr 15", "space"),
    ("source", " urn:test:hr15", "white space"),
    ("source", "urn:test:hr15\n", "control"),
    ("source", "urn:test:hr\u200b15", "zero width space"),
    ("source", "urn:test:nhân-sự", "at character"),
    ("source", "urn:test:%zz", "percent"),
    ("source", "urn:test:" + "x" * 2100, "1000 are the most"),
    ("id", "x" * 1001, "1000 are the most"),
    ("subject", "ạ" * 1001, "1000 are the most"),
    ("type", "X" * 201, "200 are the most"),
    ("subject", '"praise-1"', "quotation marks"),
    ("id", '"e1"', "quotation marks"),
    ("id", "e\x001", "control"),
    ("subject", "praise-1 ", "white space"),
    ("time", "0001-01-01T00:00:00Z", "2 to 9998"),
    ("time", "9999-12-31T23:59:59Z", "2 to 9998"),
    ("time", "0001-01-01T00:00:00+14:00", "2 to 9998"),
    ("time", "9999-12-31T23:59:59.9999999-12:00", "2 to 9998"),
    ("time", "2026-03-01", "RFC 3339"),
    ("time", "1772330400", "RFC 3339"),
    ("time", "2026-03-01T09:00:00", "RFC 3339"),
    ("time", "2026-03-01T09:00:00Z" + "0" * 60, "64 are the most"),
]


@pytest.mark.parametrize(("name", "value", "why"), WRONG, ids=[f"{name}-{n}" for n, (name, _, _) in enumerate(WRONG)])
def test_what_is_out_of_bounds_is_refused_by_its_header(name: str, value: str, why: str) -> None:
    with pytest.raises(HeaderMissingError, match=why) as refused:
        read_attributes(headers(**{name: value}))
    assert refused.value.pointer == f"/ce_{name}"
    with pytest.raises(HeaderMissingError, match=why) as refused:
        open_message(*structured({**EVENT, name: value}))
    assert refused.value.pointer == f"/{name}"


@pytest.mark.parametrize(
    "source",
    [
        "urn:test:hr15",
        "https://hr.example/praise?tenant=1#a",
        "/hr/praise",
        "hr",
        "//hr.example:8080",
        "urn:%20x",
        "a'b",
        "urn:test:" + "x" * 991,
    ],
)
def test_a_uri_reference_is_taken(source: str) -> None:
    assert read_attributes(headers(source=source)).source == source


@pytest.mark.parametrize(
    "time", ["0002-01-01T00:00:00Z", "9998-12-31T23:59:59Z", "2026-03-01T09:00:00.123456789+07:00"]
)
def test_a_moment_within_the_bounds_is_taken(time: str) -> None:
    assert read_attributes(headers(time=time)).time.tzinfo is not None


@pytest.mark.parametrize(
    "kind",
    [
        *(STRUCTURED, STRUCTURED + "; charset=utf-8", "Application/CloudEvents+JSON;charset=UTF-8", f" {STRUCTURED} "),
        *(f'"{STRUCTURED}"', f'"{STRUCTURED}; charset=utf-8"', f'"{STRUCTURED}" ; charset="utf-8"', f"'{STRUCTURED}'"),
        *(
            "application / cloudevents+json ;charset=utf-8",
            f"{STRUCTURED}\0",
            f"{STRUCTURED};",
            f'"{STRUCTURED.upper()}"',
        ),
    ],
)
def test_structured_mode_says_the_same_as_headers(kind: str) -> None:
    envelope = open_message(*structured(EVENT, kind))
    assert envelope.attributes == read_attributes(headers())
    assert envelope.structured is not None
    assert data_of(envelope.structured[1]) == {"content": "Cảm ơn"}


def test_data_may_stand_in_base64() -> None:
    event = {**EVENT, "data_base64": base64.b64encode(orjson.dumps(EVENT["data"])).decode()}
    del event["data"]
    assert data_of(event) == EVENT["data"]


MALFORMED: list[Any] = [
    b"",
    b"{",
    b"\0\0\0",
    [],
    None,
    "text",
    7,
    {**EVENT, "specversion": "0.3"},
    {**EVENT, "id": 7},
    {**EVENT, "source": None},
    {**EVENT, "data": None},
    {**EVENT, "data_base64": "e30="},
    {**EVENT, "data": None, "data_base64": "%%%"},
    {**EVENT, "data": None, "data_base64": 7},
    {**EVENT, "data": None, "data_base64": "bm90IGpzb24="},
    {**EVENT, "datacontenttype": "text/xml"},
    {**EVENT, "datacontenttype": 7},
]


@pytest.mark.parametrize("event", MALFORMED, ids=range(len(MALFORMED)))
def test_a_malformed_event_is_refused(event: Any) -> None:
    def read() -> None:
        envelope = open_message(*structured(event))
        assert envelope.structured is not None
        data_of(envelope.structured[1])

    with pytest.raises(EventRefusedError):
        read()


@pytest.mark.parametrize("kind", ["application/cloudevents-batch+json", "application/cloudevents+avro"])
def test_other_forms_of_events_are_refused_by_their_name(kind: str) -> None:
    with pytest.raises(UndecodableError, match=kind.replace("+", r"\+")):
        open_message(*structured(EVENT, kind))


def test_a_header_without_a_value_is_missing() -> None:
    with pytest.raises(HeaderMissingError):
        read_attributes([*headers(), ("ce_source", None)])


@pytest.mark.parametrize("name", ["content-type", "Content-Type", "contentType", "content_type", "CONTENT-TYPE"])
def test_the_content_type_is_found_under_each_of_its_names(name: str) -> None:
    assert open_message([(name, b'"application/cloudevents+json"')], orjson.dumps(EVENT)).structured is not None


@pytest.mark.parametrize(
    "kind", ["application/json", '"application/json"', "Application/JSON; charset=utf-8", "a/x+json"]
)
def test_data_in_json_is_read_however_its_type_is_written(kind: str) -> None:
    assert data_of({**EVENT, "datacontenttype": kind.replace("a/x", "application/x")}) == EVENT["data"]


def test_another_version_of_cloudevents_is_refused_in_both_modes() -> None:
    assert read_attributes(headers(specversion="1.0")) == read_attributes(headers())
    with pytest.raises(UndecodableError, match=r"0\.3.* is not 1\.0") as refused:
        read_attributes(headers(specversion="0.3"))
    assert refused.value.pointer == "/ce_specversion"
    with pytest.raises(UndecodableError, match=r"0\.3.* is not 1\.0") as refused:
        open_message(*structured({**EVENT, "specversion": "0.3"}))
    assert refused.value.pointer == "/specversion"
