"""Two graphs differ by what stands otherwise, on one side alone, or more than once."""

from uuid import UUID

import pytest

from graph.elements import Element, NodeElement, RelationElement, differing, sums_of
from ontology.changes import NodeKey

PERSON, THING = NodeKey(label="Person", id=UUID(int=1)), NodeKey(label="Recognition", id=UUID(int=2))
NODE = NodeElement("Person", {"id": str(PERSON.id), "rev": 1})
LINK = RelationElement("RECEIVED_BY", THING, PERSON, {"id": "r", "eventId": "e"})
OTHER = RelationElement("RECEIVED_BY", THING, PERSON, {"id": "s", "eventId": "e"})
WHOLE: list[Element] = [NODE, LINK, OTHER]


async def named(told: list[Element], standing: list[Element]) -> list[str]:
    places = (await sums_of(told)).differing(await sums_of(standing))
    return await differing(lambda: told, lambda: standing, places)


@pytest.mark.parametrize(
    ("standing", "names"),
    [
        ([OTHER, LINK, NODE], []),
        ([NODE, OTHER], ["RECEIVED_BY r"]),
        ([*WHOLE, LINK], ["RECEIVED_BY r"]),
        ([*WHOLE, LINK, LINK, NODE], [f"Person {PERSON.id}", "RECEIVED_BY r"]),
        ([NodeElement("Person", {**NODE.properties, "rev": 2}), LINK, OTHER], [f"Person {PERSON.id}"]),
    ],
    ids=["the same", "one is gone", "one stands twice", "some stand more than once", "one says something else"],
)
async def test_what_differs_is_named(standing: list[Element], names: list[str]) -> None:
    assert await named(WHOLE, standing) == await named(standing, WHOLE) == names
