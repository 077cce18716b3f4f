"""Projects that are named: the one that has the name, or had it when it was first known, else a new one."""

from typing import Any
from uuid import uuid4

from graph.ledger import Ledger, Run
from graph.projects import ProjectFinder
from ontology import ids
from ontology.commands import Origin
from ontology.references import ProjectRef
from runtime.clock import now
from runtime.text import exact


class Standing:
    """A transaction whose graph has these projects."""

    def __init__(self, **projects: str) -> None:
        self._projects = projects

    async def row(self, _: str, *, ids: list[str], names: list[str], **_viewer: Any) -> dict[str, Any]:
        rows = [{"id": one, "name": name} for one, name in self._projects.items()]
        return {
            "byId": [row for row in rows if row["id"] in ids],
            "byName": [row for row in rows if row["name"].lower() in names],
        }


async def found(name: str, **projects: str) -> tuple[Any, str, int]:
    moment = now()
    told: dict[str, Any] = {"event_id": uuid4(), "event_type": "X", "source": "urn:test", "request_hash": "0" * 64}
    transaction: Any = Standing(**projects)
    ledger = Ledger(transaction, Origin(**told, occurred_at=moment, sent_at=moment), Run("w", "r"))
    finder = ProjectFinder(transaction, ledger)
    await finder.look([ProjectRef(name=name)])
    project, called = finder.project(ProjectRef(name=name))
    return project, called, len(list(ledger.nodes("Project")))


async def test_a_project_that_was_renamed_is_found_by_the_name_it_was_first_known_by() -> None:
    known = ids.project_by_name(exact("Calm Hall"))
    assert await found("Calm hall", **{str(known): "Quiet hall"}) == (known, "Quiet hall", 0)


async def test_whoever_has_the_name_now_goes_before_who_had_it() -> None:
    known, other = ids.project_by_name(exact("Calm hall")), uuid4()
    assert await found("Calm hall", **{str(known): "Quiet hall", str(other): "Calm hall"}) == (other, "Calm hall", 0)


async def test_a_name_nobody_had_is_a_new_project() -> None:
    assert await found("Calm hall") == (ids.project_by_name(exact("Calm hall")), "Calm hall", 1)
