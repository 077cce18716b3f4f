"""Which model judges: the one that was promoted last, from its next look on."""

import hashlib
from typing import Any

import numpy as np
import pytest

from graph.errors import GraphUnavailableError
from knowledge.errors import KnowledgeUnavailableError
from knowledge.severity_models import ModelLostError
from scoring.labelled import part
from scoring.severity import SeverityModel, bundled, read_model, written
from scoring.training import train
from workers.severity_model import PromotedModel, read_lesson


@pytest.fixture(scope="module")
def file() -> bytes:
    return written(train(part("train")[:60]))


class World:
    """A graph that says what is promoted, a store of files, and a clock, each to be broken."""

    def __init__(self, **files: bytes) -> None:
        self.files = {hashlib.sha256(one).hexdigest(): one for one in files.values()}
        self.promoted: str | None = None
        self.seconds, self.reads, self.looks = 0.0, 0, 0
        self.broken: Exception | None = None

    async def read(self, _: str, **__: Any) -> list[dict[str, Any]]:
        self.looks += 1
        if isinstance(self.broken, GraphUnavailableError):
            raise self.broken
        return [{"digest": self.promoted}] if self.promoted else []

    async def file(self, sha256: str) -> bytes:
        self.reads += 1
        if isinstance(self.broken, KnowledgeUnavailableError):
            raise self.broken
        if sha256 not in self.files:
            raise ModelLostError(sha256)
        return self.files[sha256]

    def model(self) -> PromotedModel:
        world: Any = self
        return PromotedModel(world, world, fresh=5.0, clock=lambda: self.seconds)


async def version(active: PromotedModel) -> str:
    model: SeverityModel = await active.get()
    return model.version


async def test_the_one_that_comes_with_the_product_judges_until_another_is_promoted(file: bytes) -> None:
    world = World(file=file)
    active, [digest] = world.model(), list(world.files)
    assert await version(active) == bundled().version
    world.promoted, world.seconds = digest, 4.0
    assert await version(active) == bundled().version, "it looked a moment ago"
    world.seconds = 5.1
    assert await version(active) == read_model(file).version
    assert (world.looks, world.reads) == (2, 1)
    world.seconds = 11.0
    assert await version(active) == read_model(file).version
    assert (world.looks, world.reads) == (3, 1), "its file is read once"


async def test_one_that_is_lost_or_unreadable_leaves_the_former_and_is_tried_again(file: bytes) -> None:
    world = World(file=file, other=b"no model")
    active, [digest, other] = world.model(), list(world.files)
    world.promoted = other
    assert await version(active) == bundled().version
    world.promoted, world.seconds = digest, 6.0
    assert await version(active) == read_model(file).version
    world.promoted, world.seconds = "0" * 64, 12.0
    assert await version(active) == read_model(file).version
    found = {"0" * 64: world.files[digest]}
    world.files, world.seconds = found, 18.0
    reads = world.reads
    await active.get()
    assert world.reads == reads + 1


@pytest.mark.parametrize("error", [GraphUnavailableError("away"), KnowledgeUnavailableError("away")])
async def test_while_a_store_is_away_it_says_so_and_judges_once_it_is_back(error: Exception, file: bytes) -> None:
    world = World(file=file)
    active, [world.promoted] = world.model(), list(world.files)
    world.broken = error
    with pytest.raises(type(error)):
        await active.get()
    world.broken = None
    assert await version(active) == read_model(file).version


async def test_texts_are_read_one_after_another() -> None:
    class Meaning:
        async def meaning(self, text: str) -> np.ndarray:
            return np.full(2, float(len(text)))

    texts = part("test")[:3]
    lesson = await read_lesson(texts, Meaning())
    assert lesson.vectors[:, 0].tolist() == [len(one.text) for one in texts]
