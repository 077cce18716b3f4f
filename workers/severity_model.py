"""The model that judges in this process: the one that was promoted last, noticed without a restart."""

import asyncio
import logging
import time
from collections.abc import Callable, Sequence

import numpy as np

from activities.judging import Meaning
from graph.database import GraphDatabase
from graph.severity_models import promoted_model
from knowledge.severity_models import ModelLostError, SeverityModels
from scoring.labelled import Labelled
from scoring.learning import Lesson
from scoring.severity import ModelUnreadableError, SeverityModel, bundled, read_model

log = logging.getLogger(__name__)


class PromotedModel:
    """Gives the model that was promoted last, or the one that comes with the product where none was.

    Where the promoted one is lost, or of an age that this version cannot read, whichever judged before goes on: each
    judgement says which model made it.

    Parameters
    ----------
    graph, models
        Where it is said which model judges, and where its file is.
    fresh
        Seconds after which it is looked for again.
    clock
        Seconds that only grow.
    """

    def __init__(
        self,
        graph: GraphDatabase,
        models: SeverityModels,
        fresh: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._graph = graph
        self._models = models
        self._fresh = fresh
        self._clock = clock
        self._digest: str | None = None
        self._model: SeverityModel | None = None
        self._looked = 0.0
        self._turn = asyncio.Lock()

    async def get(self) -> SeverityModel:
        """It, as of some seconds ago.

        Raises
        ------
        GraphUnavailableError, KnowledgeUnavailableError
            Nothing is known yet, or a model is promoted and cannot be read now: try again.
        """
        async with self._turn:
            if self._model is None or self._clock() - self._looked > self._fresh:
                self._model = await self._current()
                self._looked = self._clock()
            return self._model

    async def _current(self) -> SeverityModel:
        digest = await promoted_model(self._graph)
        standing = await asyncio.to_thread(bundled) if self._model is None else self._model
        if digest == self._digest:
            return standing
        model = await self._read(digest)
        if model is None:
            return standing
        log.info("another model judges", extra={"model": model.version})
        self._digest = digest
        return model

    async def _read(self, digest: str | None) -> SeverityModel | None:
        if digest is None:
            return await asyncio.to_thread(bundled)
        try:
            return await asyncio.to_thread(read_model, await self._models.file(digest))
        except (ModelLostError, ModelUnreadableError) as error:
            log.exception("the promoted model does not judge", extra={"digest": digest, "cause": str(error)})
            return None


async def read_lesson(texts: Sequence[Labelled], meaning: Meaning) -> Lesson:
    """Texts with their meanings, one after another: what is to be judged meanwhile goes between."""
    vectors = [await meaning.meaning(one.text) for one in texts]
    return Lesson(texts, np.array(vectors, float))
