"""Names as the graph has them at that moment: new ones, changed ones, merged and told apart ones."""

from datetime import UTC, datetime, timedelta
from typing import Any, cast
from uuid import UUID

from activities.mentioning import KnownNames
from graph.database import GraphDatabase, Row

START = datetime(2026, 3, 1, tzinfo=UTC)


class People:
    """A graph with people, read as the queries read it."""

    def __init__(self) -> None:
        self.people: dict[str, dict[str, Any]] = {}
        self.read_rows = 0
        self._moment = START

    def put(self, number: int, **said: Any) -> None:
        self._moment += timedelta(minutes=1)
        node: dict[str, Any] = {"id": str(UUID(int=number)), "provisional": False, "mergedInto": None}
        self.people[node["id"]] = node | self.people.get(node["id"], {}) | said | {"updatedAt": self._moment}

    async def read(self, query: str, **known: Any) -> list[Row]:
        if "Project" in query:
            return []
        if "ids" in known:
            chosen = [self.people[one] for one in known["ids"]]
        else:
            place = (known["since"], known["after"])
            chosen = sorted(self.people.values(), key=lambda one: (one["updatedAt"], one["id"]))
            chosen = [one for one in chosen if (one["updatedAt"], one["id"]) > place][:2]
        self.read_rows += len(chosen)
        return [self._row(one) for one in chosen]

    def _row(self, changed: dict[str, Any]) -> Row:
        leads = self.people[changed["mergedInto"] or changed["id"]]
        former = [one for one in self.people.values() if one["mergedInto"] == leads["id"]]
        return {"changed": changed["id"], "at": changed["updatedAt"], "known": leads, "former": former}


def known(people: People) -> KnownNames:
    return KnownNames(cast("GraphDatabase", people))


async def linked(names: KnownNames, text: str) -> list[int]:
    return [one.int for found in await names.found({"title": text}) for one in found.ids]


async def test_everybody_is_known_at_first_and_only_changes_are_read_later() -> None:
    graph = People()
    for number in range(1, 8):
        graph.put(number, fullName=f"Nguyễn Văn {'ABCDEFG'[number - 1]}ung")
    names = known(graph)
    assert await linked(names, "Hỏi Nguyễn Văn Gung") == [7]
    assert graph.read_rows == 7
    graph.put(8, fullName="Trần Thị Hoà")
    assert await linked(names, "Hỏi Trần Thị Hòa") == [8]
    assert graph.read_rows == 9, "the newest of before, and the new one"


async def test_a_former_name_leads_on_until_the_two_are_told_apart() -> None:
    graph = People()
    graph.put(1, fullName="Nguyễn Văn Bảng")
    graph.put(2, fullName="Nguyễn Bảng")
    names = known(graph)
    assert await linked(names, "Nguyễn Văn Bảng và Nguyễn Bảng") == [1, 2]
    graph.put(2, mergedInto=str(UUID(int=1)))
    assert await linked(names, "Nguyễn Văn Bảng và Nguyễn Bảng") == [1, 1]
    graph.put(2, mergedInto=None)
    assert await linked(names, "Nguyễn Văn Bảng và Nguyễn Bảng") == [1, 2]


async def test_a_name_that_was_changed_is_nobodys() -> None:
    graph = People()
    graph.put(1, fullName="Nguyễn Văn Bảng")
    names = known(graph)
    assert await linked(names, "Hỏi Nguyễn Văn Bảng") == [1]
    graph.put(1, fullName="Lê Văn Mực")
    assert await linked(names, "Nguyễn Văn Bảng nói với Lê Văn Mực") == [1]


async def test_who_is_known_by_an_address_alone_is_called_by_their_handle_only() -> None:
    graph = People()
    graph.put(1, fullName="machine", provisional=True)
    graph.put(2, fullName="dung.vu", provisional=True, handle="dung.vu")
    names = known(graph)
    assert await linked(names, "The machine stands still") == []
    assert await linked(names, "Ask @dung.vu") == [2]
    [candidate] = names.candidates([UUID(int=2)])
    assert candidate.full_name == "dung.vu"
