"""Tensions of another tracker, with their comments: imported once, whatever comes again."""

from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from ontology import ids
from tests.imports import counts, imported
from tests.people import sent

pytestmark = pytest.mark.servers

HEAD = "Summary,Issue key,Issue Type,Status,Project name,Priority,Reporter,Reporter Id,Created,Comment,Comment"


async def test_jiras_export_stands_with_its_comments_and_only_new_ones_are_added(
    alice: httpx.AsyncClient, tmp_path: Path
) -> None:
    mark = uuid4().hex[:8]
    account = f"5b{mark}"
    rows = [
        f"Pump {mark} is loud,OPS-1-{mark},Bug,Done,Ops {mark},Highest,Alice A,{account},27/Nov/26 9:15 AM,"
        f'"27/Nov/26 10:15 AM;{account};Since Monday; really","28/Nov/26 8:00 AM;bob-{mark};The bearing"',
        f"Button {mark} is missing,OPS-2-{mark},Story,To Do,Ops {mark},Low,Alice A,{account},2018-05-11T09:46:53Z,,",
    ]
    file = tmp_path / "jira.csv"
    file.write_text("\n".join([HEAD, *rows]) + "\n", encoding="utf-8")
    code, said = await imported("tensions", str(file), "--source", "jira")
    assert (code, counts(said)) == (0, (2, 0, 0)), said
    assert "searchable after" in said
    assert "comments: 2 written, 0 already there, 0 refused" in said
    pump = ids.imported("tensions", "jira", f"OPS-1-{mark}")
    thing = (await alice.get(f"/v1/tensions/{pump}")).json()
    assert (thing["status"], thing["severity"], thing["kind"], thing["comments"]) == ("Resolved", 4, "Problem", 2)
    assert thing["detector"]["fullName"] == "Alice A"
    assert thing["affectedProjects"][0]["name"] == f"Ops {mark}"
    talk = (await alice.get(f"/v1/tensions/{pump}/comments")).json()["items"]
    assert [one["text"] for one in talk] == ["Since Monday; really", "The bearing"]
    assert [one["author"]["handle"] for one in talk] == [account, f"bob-{mark}"]
    found = (await alice.get("/v1/search", params={"q": f"Button {mark}"})).json()["hits"]
    assert str(ids.imported("tensions", "jira", f"OPS-2-{mark}")) in [hit["sourceId"] for hit in found]
    later = rows[0].replace("The bearing", "The bearing; surely")
    file.write_text("\n".join([HEAD, later, rows[1]]) + "\n", encoding="utf-8")
    code, said = await imported("tensions", str(file), "--source", "jira")
    assert (code, counts(said)) == (0, (0, 2, 0)), said
    assert "comments: 1 written, 1 already there, 0 refused" in said
    reply = await alice.post(f"/v1/tensions/{pump}/comments", json={"text": "Thanks"}, headers=sent())
    assert reply.status_code == 201, reply.text
