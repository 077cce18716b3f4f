"""Models of severity in PostgreSQL: kept by their hash, given out as they were put in."""

import hashlib
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from knowledge.errors import KnowledgeUnavailableError
from knowledge.pool import Pool, open_pool
from knowledge.severity_models import ModelLostError, SeverityModels, TrainedModel
from ontology.judgement import Difference, ModelComparison, Objection
from runtime.clock import now
from runtime.settings import Settings

pytestmark = pytest.mark.servers

COMPARISON = ModelComparison(
    texts=108,
    kappa=Difference(before=0.6, after=0.7, low=-0.01, high=0.2),
    macro_f1=Difference(before=0.7, after=0.7, low=0.0, high=0.0),
    calibration_before=0.07,
    calibration_after=0.09,
    objections=[Objection.UNCALIBRATED],
)


def trained(**other: Any) -> TrainedModel:
    known: dict[str, Any] = {
        "version": "severity-1",
        "trained_at": now(),
        "labels": 3,
        "learnt": "ab",
        "figures": COMPARISON,
    }
    return TrainedModel(**{**known, **other})


async def test_a_model_is_given_out_as_it_was_put_in(pool: Pool) -> None:
    models, file, model = SeverityModels(pool), uuid4().bytes * 1000, trained()
    sha256 = await models.put(file, model)
    assert sha256 == hashlib.sha256(file).hexdigest()
    assert await models.file(sha256) == file
    assert await models.described(sha256) == model


async def test_one_that_is_kept_stays_as_it_is(pool: Pool) -> None:
    models, first = SeverityModels(pool), trained()
    sha256 = await models.put(b"model", first)
    assert await models.put(b"model", trained(version="severity-2")) == sha256
    assert await models.described(sha256) == first


async def test_one_that_nobody_put_in_is_lost(pool: Pool) -> None:
    models = SeverityModels(pool)
    assert await models.described("0" * 64) is None
    with pytest.raises(ModelLostError):
        await models.file("0" * 64)


async def test_no_file_stands_under_anothers_hash(pool: Pool) -> None:
    sha256 = await SeverityModels(pool).put(b"model", trained())
    with pytest.raises(asyncpg.CheckViolationError):
        await pool.execute("UPDATE severity_models SET file = $2::bytea WHERE sha256 = $1::text", sha256, b"other")


async def test_while_postgresql_is_away_it_says_so(tree: Settings) -> None:
    nowhere = tree.knowledge.model_copy(update={"port": 1})
    async with open_pool(nowhere) as away:
        models = SeverityModels(away)
        with pytest.raises(KnowledgeUnavailableError):
            await models.file("0" * 64)
        with pytest.raises(KnowledgeUnavailableError):
            await models.put(b"model", trained())
