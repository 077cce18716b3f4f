"""What sticks to copied texts, names and addresses, at every door."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from importing.cells import reference_of
from ontology.base import Email, Handle, Name, Tag, Text
from ontology.commands import PersonDetails
from ontology.events import RecognitionCreated
from ontology.wording import clean_address, trimmed

EMAIL: TypeAdapter[str] = TypeAdapter(Email)
NAME: TypeAdapter[str] = TypeAdapter(Name)


@pytest.mark.parametrize(
    "text",
    [
        "an.vo@hr.example\u200b",
        "\ufeffan.vo@hr.example",
        "an.\u00advo@hr.\u2060example",
        "an.vo@hr.example\u00a0",
        "\u202aan.vo@hr.example\u202c",
        "<an.vo@hr.example>",
        "Vo An <an.vo@hr.example>",
        '"An, Vo" <an.vo@hr.example>;',
        "mailto:an.vo@hr.example",
        "<mailto:AN.VO@hr.example?subject=Hi>",
        "an.vo@hr.example;",
        "an.vo@hr.example,",
        "an.vo@hr.example.",
        "'an.vo@hr.example'",
        " an.vo@hr.example\r\n",
        "ａｎ．ｖｏ＠ｈｒ．ｅｘａｍｐｌｅ",
        "an.vo＠hr.example",
        "an.vo﹫hr.example",
        "AN.VO@ＨＲ。example",
        "an.vo@hr｡example",
        "Vo An ＜ａn.vo@hr.example＞",
        "ｍａｉｌｔｏ：an.vo@hr.example；",
        "𝐚𝐧.𝓿𝓸@hr.example",
        "a\u200bｎ.vo@hr.example",
        "\u3000an.vo@hr.example\u3000",
    ],
)
def test_a_copied_address_is_cleaned(text: str) -> None:
    assert EMAIL.validate_python(text) == "an.vo@hr.example"
    assert PersonDetails.model_validate({"fullName": "An", "email": text}).email == "an.vo@hr.example"


@pytest.mark.parametrize(
    "text",
    [
        *("ghost\0@hr.example", "gho\tst@hr.example", "ghost@hr.exam\x07ple", "gho\x1bst@hr.example"),
        *("an@hr", "@hr.example", "an@", "an vo@hr.example", "a@x.example;b@x.example", "a@x.example, b@x.example"),
        *("an@hr..example", "an@-hr.example", "an.@hr.example", "<an@hr.example", "an@hr.example>x", "", "\u200b"),
        *("a\u3164n@hr.example", "an@hr.exam\uffa0ple", "an\u2800@hr.example", "an＠", "ａ　ｎ＠hr.example"),
    ],
)
def test_what_mail_cannot_reach_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        EMAIL.validate_python(text)


@given(st.text() | st.text(alphabet="a@.<>;: \u200b\0-ａ＠．。＜＞\u0301\u00b4e", max_size=15))
def test_a_cleaned_address_is_clean(text: str) -> None:
    try:
        address = clean_address(text)
    except ValueError:
        return
    assert clean_address(address) == address
    assert address.isprintable()
    assert not set(address) & set(" <>;,")


@pytest.mark.parametrize(
    "text", ["\u200b", "\u200b \ufeff", "\u3164", "\u2800", "\u0301", "\u200e\u200f", " \u00a0 ", "\u00ad"]
)
@pytest.mark.parametrize("kind", [Text, Name, Tag])
def test_a_text_needs_something_to_see(kind: type[str], text: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(kind).validate_python(text)


@pytest.mark.parametrize("text", ["🌮", "水", "…", "5", "ك", "क्", "👨\u200d👩\u200d👧"])
def test_whatever_shows_something_is_a_text(text: str) -> None:
    assert TypeAdapter(Text).validate_python(text) == text


def test_names_lose_what_sticks_around_them_and_are_composed() -> None:
    assert NAME.validate_python("\ufeff Đặng Ngọc Ánh\u200b") == "Đặng Ngọc Ánh"
    assert NAME.validate_python("Vo\u0303") == "Võ"
    assert TypeAdapter(Handle).validate_python("an.vo\u200b ") == "an.vo"
    assert trimmed("mi\u200cxed") == "mi\u200cxed"


def test_events_and_requests_read_as_files_do() -> None:
    said = RecognitionCreated.model_validate(
        {
            "giver": {"email": "<g@x.example>"},
            "receivers": [{"email": "mailto:r@x.example"}],
            "content": "Thanks",
            "occurredAt": "2026-02-02 02:15:00 UTC",
        }
    )
    assert (said.giver.email, said.receivers[0].email) == ("g@x.example", "r@x.example")
    assert said.occurred_at
    assert said.occurred_at.isoformat() == "2026-02-02T02:15:00+00:00"


@pytest.mark.parametrize("address", ["ａｎ＠example.com", "an﹫example.com", "ＡＮ@example。com"])
def test_an_address_of_full_width_is_the_same_person_at_every_door(address: str) -> None:
    file = reference_of(address)
    told = {"giver": {"email": address}, "receivers": [file], "content": "Thanks"}
    said = RecognitionCreated.model_validate(told)
    assert said.giver.email == said.receivers[0].email == "an@example.com"
    assert PersonDetails.model_validate({"fullName": "An", "email": address}).email == "an@example.com"
    assert said.receivers[0].certainly(said.giver)


def test_names_and_handles_beside_signs_of_full_width_are_told_apart() -> None:
    assert reference_of("Vo Ａn ＜an＠x.example＞") == {"email": "an@x.example", "fullName": "Vo Ａn"}
    assert reference_of("＠an.vu") == {"handle": "an.vu"}
