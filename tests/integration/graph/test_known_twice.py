"""Who was mentioned in two ways becomes one person when a list or a request names both."""

import asyncio
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from graph.audit import violations
from graph.database import GraphDatabase
from graph.people_reads import list_people
from graph.visibility import Viewer
from ontology.references import PersonRef
from runtime.settings import Settings
from runtime.temporal_client import connect
from tests.runs import World

pytestmark = pytest.mark.servers


@pytest.fixture
async def graph(tree: Settings) -> AsyncIterator[GraphDatabase]:
    async with GraphDatabase(tree.graph) as database:
        yield database


@pytest.fixture
async def world(tree: Settings, graph: GraphDatabase) -> World:
    return World(tree, graph, await connect(tree.temporal))


class Thao:
    """Somebody with an address and a handle of this test's own."""

    def __init__(self) -> None:
        self.tag = uuid4().hex[:8]
        self.email, self.handle = f"thao.le{self.tag}@hr29.example", f"thao.le{self.tag}"
        self.name, self.alias = f"Lê Thảo {self.tag}", f"Thảo Bee {self.tag}"

    async def mentioned(self, world: World) -> tuple[str, str]:
        """Ids of two who were only mentioned: one by address, one by handle."""
        one = await world.thank(PersonRef(email=self.email))
        other = await world.thank(PersonRef(handle=self.handle))
        assert one != other
        return one, other


async def import_people(folder: Path, *lines: str) -> int:
    file = folder / "people.csv"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    command = [sys.executable, "-m", "cli", "import", "people", str(file)]
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.DEVNULL)
    return await process.wait()


async def test_a_row_that_names_both_makes_one_person_of_two_mentions(world: World, tmp_path: Path) -> None:
    thao = Thao()
    one, other = await thao.mentioned(world)
    row = f"{thao.name},{thao.email},{thao.handle},{thao.alias}"
    assert await import_people(tmp_path, "Name,Email,Username,Aliases", row) == 0
    for ref in (
        PersonRef(name=thao.alias),
        PersonRef(name=thao.name),
        PersonRef(email=thao.email),
        PersonRef(handle=thao.handle),
        PersonRef(id=UUID(other)),
    ):
        assert await world.thank(ref) == one, ref
    person = await world.known(other)
    assert (person["id"], person["email"], person["handle"]) == (one, thao.email, thao.handle)
    assert (person["fullName"], person["aliases"], person["provisional"]) == (thao.name, [thao.alias], False)
    for part in (f"thao bee {thao.tag}", f"Thảo BEE {thao.tag}", f"le thao {thao.tag}", thao.handle):
        found = await list_people(world.graph, viewer=Viewer(None, None), limit=10, name=part)
        assert [row["person"]["id"] for row in found] == [one], part
    assert await violations(world.graph) == []


async def test_a_request_that_names_both_does_too_and_takes_the_names_they_had(world: World) -> None:
    thao = Thao()
    one = await world.thank(PersonRef(email=thao.email, full_name=f"Thao {thao.tag}"))
    other = await world.thank(PersonRef(handle=thao.handle, full_name=f"Bee {thao.tag}"))
    early = await world.record(full_name=f"Thao L. {thao.tag}", email=f"early{thao.tag}@hr29.example")
    await world.merge(early, other)
    asked = await world.record(full_name=thao.name, email=thao.email, handle=thao.handle)
    for person in (other, early, asked):
        assert (await world.node(person))["mergedInto"] == one, "nobody leads to who leads on"
    assert set((await world.known(one))["aliases"]) == {f"Bee {thao.tag}", f"Thao L. {thao.tag}"}
    assert not (await world.unmerge(other)).failed
    assert (await world.node(early))["mergedInto"] == other
    held = await world.node(other)
    assert (held.get("handle"), held["formerHandle"]) == (None, thao.handle)
    assert (await world.known(one))["aliases"] == []


@pytest.mark.parametrize("recorded", ["email", "handle"])
async def test_who_was_recorded_stands_against_it(world: World, recorded: str) -> None:
    thao = Thao()
    keys = {"email": thao.email, "handle": thao.handle}
    await world.record(full_name=thao.name, **{recorded: keys.pop(recorded)})
    mention = await world.thank(PersonRef.model_validate(keys))
    ended = await world.recorded(uuid4(), full_name=thao.name, email=thao.email, handle=thao.handle)
    assert (ended.failed, ended.reason_code, ended.pointer) == (True, "personExists", f"/{recorded}")
    assert (await world.node(mention)).items() >= {"provisional": True, "rev": 1}.items()


async def test_who_is_on_the_list_already_takes_a_mention_in(world: World, tmp_path: Path) -> None:
    thao = Thao()
    head = "Employee ID,Name,Email,Username"
    assert await import_people(tmp_path, head, f"{thao.tag},{thao.name},{thao.email},") == 0
    person = await world.thank(PersonRef(email=thao.email))
    mention = await world.thank(PersonRef(handle=thao.handle))
    assert mention != person
    assert await import_people(tmp_path, head, f"{thao.tag},{thao.name},{thao.email},{thao.handle}") == 0
    assert (await world.known(mention))["id"] == person
    assert await world.thank(PersonRef(handle=thao.handle)) == person


async def test_who_was_mentioned_by_id_as_well_is_the_one_who_stays(world: World) -> None:
    thao = Thao()
    own = uuid4()
    await world.thank(PersonRef(id=own, full_name=thao.name))
    mentions = await thao.mentioned(world)
    assert not (await world.recorded(own, full_name=thao.name, email=thao.email, handle=thao.handle)).failed
    assert [(await world.known(person))["id"] for person in mentions] == [str(own), str(own)]
    assert (await world.known(str(own))).get("aliases", []) == []
