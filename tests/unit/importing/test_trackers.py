"""What trackers export, as it is: tensions with their people, severities, states and comments."""

from pathlib import Path

import pytest

from importing.job import Chosen, ImportJob
from importing.kinds import import_kind
from importing.rows import BadRow, GoodRow, RepeatedRow

JIRA = """\
Summary,Issue key,Issue id,Issue Type,Status,Project key,Project name,Priority,Assignee,Assignee Id,Reporter,\
Reporter Id,Creator,Creator Id,Created,Labels,Labels,Description,Custom field (Severity),Comment,Comment
Pump is loud,OPS-1,10001,Bug,To Do,OPS,Operations,Highest,Bob Iyer,557058:f58131cb,Alice Nguyễn,5b10ac8d,\
Alice Nguyễn,5b10ac8d,27/Nov/26 9:15 AM,noise,hall2,"h2. It howls
* since Monday; really",,"27/Nov/26 10:15 AM;557058:f58131cb;I heard it too; twice
and again","28/Nov/26 8:00 AM;5b10ac8d;Bearing"
Add a button,OPS-2,10002,Story,Closed,OPS,Operations,Medium,,,Alice Nguyễn,5b10ac8d,\
Alice Nguyễn,5b10ac8d,2018-05-11T09:46:53.000+0300,,,,,,
"""


def rows(folder: Path, text: str, **told: list[str]) -> list[GoodRow | BadRow | RepeatedRow]:
    path = folder / "export.csv"
    path.write_text(text, encoding="utf-8")
    return list(ImportJob(Chosen(import_kind("tensions"), path, told, "jira", None, "", "", "UTC")).read())


def good(folder: Path, text: str, **told: list[str]) -> list[GoodRow]:
    found = rows(folder, text, **told)
    assert all(isinstance(row, GoodRow) for row in found), found
    return [row for row in found if isinstance(row, GoodRow)]


def test_jiras_export_is_read_as_it_is(tmp_path: Path) -> None:
    pump, button = good(tmp_path, JIRA)
    assert pump.row.content == {
        "title": "Pump is loud",
        "facts": "h2. It howls\n* since Monday; really",
        "kind": "Problem",
        "status": "Open",
        "severity": 4,
        "affectedProjects": [{"name": "Operations"}],
        "detector": {"handle": "5b10ac8d", "fullName": "Alice Nguyễn"},
        "owner": {"handle": "557058-f58131cb", "fullName": "Bob Iyer"},
        "occurredAt": "2026-11-27T09:15:00Z",
        "comments": [],
    }
    first, second = pump.besides
    assert first.row.content["text"] == "I heard it too; twice\nand again"
    assert first.row.content["author"] == {"handle": "557058-f58131cb"}
    assert (first.row.content["occurredAt"], first.row.content["tensionId"]) == (
        "2026-11-27T10:15:00Z",
        str(pump.row.id),
    )
    assert second.row.content["text"] == "Bearing"
    assert (button.row.content["status"], button.row.content["occurredAt"]) == ("Resolved", "2018-05-11T06:46:53Z")
    assert button.besides == ()


def test_a_later_export_has_the_same_tensions_and_only_its_new_comments_are_new(tmp_path: Path) -> None:
    before, *_ = good(tmp_path, JIRA)
    after, *_ = good(tmp_path, JIRA.replace("5b10ac8d;Bearing", "5b10ac8d;The bearing, surely"))
    assert (before.row, before.digest) == (after.row, after.digest)
    assert before.besides[0].row == after.besides[0].row
    assert before.besides[1].row.id != after.besides[1].row.id


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("Just a remark", "Just a remark"),
        ("Not; a date; at all", "Not; a date; at all"),
        ("27/Nov/26 10:15 AM;;Nobody said it", "Nobody said it"),
        ("27/Nov/26 10:15 AM;an@trm.test;Mailed", "Mailed"),
    ],
)
def test_a_comment_is_its_text_whatever_stands_before_it(tmp_path: Path, cell: str, text: str) -> None:
    [row] = good(tmp_path, f'Title,Comment\nLoud,"{cell}"\n')
    assert [one.row.content["text"] for one in row.besides] == [text]


@pytest.mark.parametrize(
    ("column", "cell", "field", "value"),
    [
        ("Priority", "Blocker", "severity", 4),
        ("Priority", "Trung bình", "severity", 2),
        ("Severity", "3", "severity", 3),
        ("Status", "Won't Fix", "status", "Rejected"),
        ("Trạng thái", "Đang xử lý", "status", "InProgress"),
        ("Type", "New Feature", "kind", "Opportunity"),
        ("Loại", "Sự cố", "kind", "Problem"),
        ("Kind", "Conflict", "kind", "Conflict"),
    ],
)
def test_what_trackers_call_it(tmp_path: Path, column: str, cell: str, field: str, value: object) -> None:
    [row] = good(tmp_path, f"Title,{column}\nLoud,{cell}\n")
    assert row.row.content[field] == value


@pytest.mark.parametrize(
    ("column", "cell", "code"),
    [
        ("Status", "Archived", "valueInvalid"),
        ("Status", "Elsewhere", "valueInvalid"),
        ("Priority", "9", "valueInvalid"),
    ],
)
def test_what_nobody_understands_is_refused_with_its_column(tmp_path: Path, column: str, cell: str, code: str) -> None:
    [row] = rows(tmp_path, f"Title,{column}\nLoud,{cell}\n")
    assert isinstance(row, BadRow)
    assert (row.column, row.code) == (column, "valueInvalid")


@pytest.mark.parametrize(
    ("status", "resolution", "becomes"),
    [
        ("Resolved", "Won't Fix", "Rejected"),
        ("Closed", "Duplicate", "Rejected"),
        ("Closed", "Fixed", "Resolved"),
        ("Done", "", "Resolved"),
        ("To Do", "Unresolved", "Open"),
    ],
)
def test_what_was_ended_without_doing_anything_was_rejected(
    tmp_path: Path, status: str, resolution: str, becomes: str
) -> None:
    [row] = good(tmp_path, f"Summary,Status,Resolution\nPump is loud,{status},{resolution}\n")
    assert row.row.content.get("status", "Open") == becomes
    assert "resolution" not in row.row.content


def test_a_comment_that_says_nothing_is_left_out(tmp_path: Path) -> None:
    text = "Summary,Comment,Comment\nPump is loud,27/Nov/26 9:20 AM;5b10:x;,27/Nov/26 9:21 AM;5b10:x;Bearing\n"
    [row] = good(tmp_path, text)
    assert [one.row.content["text"] for one in row.besides] == ["Bearing"]
