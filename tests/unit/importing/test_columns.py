"""Which column says what: found by name, told by the user, and refused where it is not clear."""

import pytest

from importing.columns import EXTERNAL_ID, fields_of, map_columns
from importing.errors import MappingRefusedError
from importing.kinds import ImportKind, import_kind, import_kinds
from importing.vocabulary import VOCABULARY
from runtime.errors import RefusedError

RECOGNITIONS = import_kind("recognitions")
PEOPLE = import_kind("people")


def mapped(
    header: list[str], told: dict[str, list[str]] | None = None, kind: ImportKind = RECOGNITIONS
) -> dict[str, str]:
    """Target → its columns, joined by a plus."""
    found = map_columns(kind, header, told or {})
    return {target: "+".join(header[place] for place in places) for target, places in found.items()}


@pytest.mark.parametrize(
    "header",
    [
        ["giver", "receivers", "content"],
        ["FROM", " To ", "Message"],
        ["Sender", "Recipient(s)", "Comment"],
        ["Người gửi", "Người nhận", "Nội dung"],
        ["nguoi gui", "NGƯỜI NHẬN", "noi dung"],
    ],
)
def test_columns_are_found_without_regard_to_case_accents_and_spacing(header: list[str]) -> None:
    assert mapped(header) == dict(zip(("giver", "receivers", "content"), header, strict=True))


def test_a_person_may_be_spread_over_columns() -> None:
    header = ["From e-mail", "From name", "receiver_email", "receiver name", "message", "id", "created at"]
    assert mapped(header) == {
        "giver.email": "From e-mail",
        "giver.name": "From name",
        "receivers.email": "receiver_email",
        "receivers.name": "receiver name",
        "content": "message",
        EXTERNAL_ID: "id",
        "occurredAt": "created at",
    }


def test_the_user_outranks_what_is_found_and_can_leave_a_field_out() -> None:
    header = ["From", "To", "Message", "Value", "Notes"]
    found = mapped(header, {"content": ["Notes"], "values": []})
    assert found == {"giver": "From", "receivers": "To", "content": "Notes"}


def test_a_fields_own_name_outranks_other_names() -> None:
    assert mapped(["From", "To", "content", "Comment"])["content"] == "content"


@pytest.mark.parametrize(
    ("header", "told", "said"),
    [
        (["From", "To"], {}, "content"),
        (["From", "To", "Message", "Comment"], {}, "Message, Comment"),
        (["From", "To", "Message"], {"sender": ["From"]}, "sender"),
        (["From", "To", "Message"], {"giver": ["Boss"]}, "Boss"),
        (["From", "From", "To", "Message"], {"giver": ["From"]}, "From#1, From#2"),
    ],
)
def test_what_is_not_clear_is_refused_and_said(header: list[str], told: dict[str, list[str]], said: str) -> None:
    with pytest.raises(MappingRefusedError, match=said):
        map_columns(RECOGNITIONS, header, told)


def test_people_have_columns_of_their_own() -> None:
    header = ["Employee ID", "Name", "Work email", "Job title"]
    assert map_columns(PEOPLE, header, {}) == {EXTERNAL_ID: (0,), "fullName": (1,), "email": (2,), "role": (3,)}


def test_notes_of_an_error_file_are_left_alone() -> None:
    assert map_columns(RECOGNITIONS, ["trm:message", "From", "To", "Message"], {})["content"] == (3,)


@pytest.mark.parametrize("kind", import_kinds().values(), ids=list(import_kinds()))
def test_every_declared_kind_can_be_read_from_its_model(kind: ImportKind) -> None:
    fields = fields_of(kind.content)
    assert {"externalId", *fields} >= set(VOCABULARY[kind.name])
    map_columns(kind, list(fields), {})


def test_what_cannot_be_imported_is_said() -> None:
    with pytest.raises(RefusedError, match="recognitions, people"):
        import_kind("wishes")
