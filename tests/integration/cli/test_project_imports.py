"""Projects and tasks of another tracker, from its file: as they ended there, or to be approved here."""

from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from tests.imports import counts, imported
from tests.integration.api.test_participants import BOB, add
from tests.integration.cli.test_imports import errors_of, table

pytestmark = pytest.mark.servers


async def test_projects_and_their_tasks_are_imported_once(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, tmp_path: Path
) -> None:
    mark, projects, tasks = uuid4().hex[:8], tmp_path / "projects.csv", tmp_path / "tasks.csv"
    calm, old = f"Calm nights {mark}", f"Old work {mark}"
    file = table(
        projects,
        [
            ["Key", "Project name", "Description", "Lead", "Status", "Due date", "Created"],
            [f"{mark}-1", calm, "Nobody is woken", "alice@trm.test", "Backlog", "2027-03-01", "2026-11-01"],
            [f"{mark}-2", old, "", "", "Done", "", "2026-01-01"],
            [f"{mark}-3", f"At work {mark}", "", "", "Active", "", ""],
            [f"{mark}-4", calm.upper(), "", "", "", "", ""],
        ],
    )
    told = ("--source", "tracker", "--time-zone", "Asia/Ho_Chi_Minh")
    code, said = await imported("projects", file, *told)
    assert (code, counts(said)) == (1, (2, 0, 2)), said
    assert [(row["trm:code"], row["Key"]) for row in errors_of(projects)] == [
        ("valueInvalid", f"{mark}-3"),
        ("projectExists", f"{mark}-4"),
    ]
    assert counts((await imported("projects", file, *told))[1]) == (0, 2, 2)
    page = (await alice.get("/v1/projects", params={"text": mark})).json()["items"]
    assert {(one["name"], one["status"], one["provisional"]) for one in page} == {
        (calm, "Proposal", False),
        (old, "Completed", False),
    }
    project = next(one for one in page if one["name"] == calm)
    assert (project["proposer"]["fullName"], project["plannedEndAt"]) == ("Alice Nguyễn", "2027-02-28T17:00:00Z")
    assert (await add(alice, project, BOB, "Member")).status_code == 200
    file = table(
        tasks,
        [
            ["Issue key", "Summary", "Project name", "Assignee", "Status", "Due date"],
            [f"{mark}-5", "Ask the printer", calm, "bob@trm.test", "In Progress", "2027-01-01"],
            [f"{mark}-6", "Buy paper", calm, "", "Closed", ""],
            [f"{mark}-7", "Sell paper", calm, f"{mark}@nobody.test", "To Do", ""],
        ],
    )
    code, said = await imported("tasks", file, *told)
    assert (code, counts(said)) == (1, (2, 0, 1)), said
    [refused] = errors_of(tasks)
    assert (refused["trm:code"], refused["Issue key"]) == ("ownerNotParticipant", f"{mark}-7")
    found = (await alice.get("/v1/tasks", params={"projectId": project["id"]})).json()["items"]
    assert {(one["title"], one["status"], one["progress"]) for one in found} == {
        ("Ask the printer", "InProgress", 0),
        ("Buy paper", "Done", 1),
    }
