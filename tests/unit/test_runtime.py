"""Settings, hashing, folding and migration files."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ontology.events import RecognitionContent
from runtime.hashing import canonical_json, request_hash
from runtime.migrations import MigrationEditedError, check_history, discover
from runtime.settings import Settings
from runtime.text import fold

SECRETS = {
    "TRM_API__CURSOR_SECRET": "a",
    "TRM_IDENTITY__CLIENT_SECRET": "b",
    "TRM_GRAPH__PASSWORD": "c",
    "TRM_KNOWLEDGE__PASSWORD": "d",
    "TRM_IDENTITY__AUTHORITIES": '{"moderator": ["an@shop.example"]}',
    "TRM_EVENTS__ALLOWED_SOURCES": '{"RECOGNITION_CREATED": ["urn:hr"]}',
}


def production(monkeypatch: pytest.MonkeyPatch, without: str) -> Settings:
    for name in [*SECRETS]:
        monkeypatch.delenv(name, raising=False)
    for name, value in SECRETS.items():
        if name != without:
            monkeypatch.setenv(name, value)
    return Settings(_env_file=None, profile="production")


@pytest.mark.parametrize("secret", SECRETS)
def test_production_refuses_to_start_without_a_secret(monkeypatch: pytest.MonkeyPatch, secret: str) -> None:
    with pytest.raises(ValueError, match=secret):
        production(monkeypatch, secret)


def test_production_starts_with_all_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    assert production(monkeypatch, "").profile == "production"


def test_terms_said_in_part_leave_who_is_asked_about_a_tension(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRM_DECISIONS__TENSION_SEVERITY__POLICY", "Approve")
    terms = Settings(_env_file=None).decisions.tension_severity
    assert (terms.policy, terms.authorities) == ("Approve", ["moderator"])


def test_no_policy_says_who_is_meant(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRM_DECISIONS__PERSON_MENTION__POLICY", "Approve")
    with pytest.raises(ValueError, match="TRM_DECISIONS__PERSON_MENTION__POLICY"):
        Settings(_env_file=None)


@given(st.text())
def test_folding_is_stable(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_folding_takes_accents_and_case_away() -> None:
    assert fold("  Đặng  Thị   NGỌC ") == "dang thi ngoc"
    assert fold("Nguye\u0302\u0303n") == fold("Nguyễn")


def test_request_hash_ignores_order_but_not_content() -> None:
    one = RecognitionContent.model_validate({"content": "x", "receivers": [{"handle": "ab"}]})
    same = RecognitionContent.model_validate({"receivers": [{"handle": "ab"}], "content": "x"})
    other = RecognitionContent.model_validate({"receivers": [{"handle": "ab"}], "content": "y"})
    assert request_hash(one) == request_hash(same) != request_hash(other)
    assert canonical_json({"b": 1, "a": 2}) == b'{"a":2,"b":1}'


def test_edited_or_missing_migrations_are_refused(tmp_path: Path) -> None:
    (tmp_path / "001_first.sql").write_text("SELECT 1", encoding="utf-8")
    (tmp_path / "002_second.sql").write_text("SELECT 2", encoding="utf-8")
    found = discover(tmp_path, ".sql")
    assert [migration.name for migration in found] == ["001_first", "002_second"]
    applied = {migration.name: migration.checksum for migration in found}
    check_history(found, applied)
    (tmp_path / "001_first.sql").write_text("SELECT 3", encoding="utf-8")
    with pytest.raises(MigrationEditedError):
        check_history(discover(tmp_path, ".sql"), applied)
    with pytest.raises(MigrationEditedError):
        check_history(found[1:], applied)


def test_two_migrations_with_one_number_are_refused(tmp_path: Path) -> None:
    (tmp_path / "001_first.sql").touch()
    (tmp_path / "001_other.sql").touch()
    with pytest.raises(ValueError, match="two migrations"):
        discover(tmp_path, ".sql")
