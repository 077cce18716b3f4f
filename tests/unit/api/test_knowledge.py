"""What a search tells: of what was learnt from something, only to who may see that."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from tests.unit.api.worlds import World

FOUND = UUID(int=1)
"""What the search of these worlds finds."""


async def found(world: World, **asked: str) -> list[Any]:
    async with world.client() as client:
        answer = await client.get("/v1/search", params={"q": "pump", **asked})
    return list(answer.raise_for_status().json()["hits"])


@pytest.mark.parametrize(
    ("label", "seen", "told"),
    [("KnowledgeSnippet", True, 1), ("KnowledgeSnippet", False, 0), ("Tension", True, 1)],
)
async def test_what_one_may_not_see_is_not_found(world: World, label: str, seen: bool, told: int) -> None:
    world.graph.labels = {FOUND: label}
    world.graph.standing = {FOUND: seen}
    assert len(await found(world)) == told


async def test_a_project_that_one_may_not_see_finds_nothing(world: World) -> None:
    project = uuid4()
    for seen in (True, False):
        world.graph.standing = {project: seen}
        assert bool(await found(world, projectId=str(project))) is seen
