"""Models of severity in PostgreSQL, by the SHA-256 of their file: what is given out is what was put in, or nothing."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from knowledge.pool import Pool, translated
from ontology.judgement import ModelComparison
from runtime.errors import RefusedError

_PUT = """
INSERT INTO severity_models (sha256, version, file, trained_at, labels, learnt, figures)
VALUES ($1::text, $2::text, $3::bytea, $4::timestamptz, $5::integer, $6::text, $7::jsonb)
ON CONFLICT (sha256) DO NOTHING
"""

_GET = "SELECT file FROM severity_models WHERE sha256 = $1::text"

_DESCRIBED = """
SELECT version, trained_at, labels, learnt, figures::text AS figures FROM severity_models WHERE sha256 = $1::text
"""


class ModelLostError(RefusedError):
    """There is no such model, or its file is not what it was."""

    code = "modelLost"


@dataclass(frozen=True)
class TrainedModel:
    """What is known of a model beside its file.

    Parameters
    ----------
    version
        What it is called wherever it judged.
    trained_at
        When it was made.
    labels
        How many corrections of humans it learnt from, beside the product's own texts.
    learnt
        Which texts and labels it was made of, as a digest.
    figures
        What it was worth beside the one that stood then.
    """

    version: str
    trained_at: datetime
    labels: int
    learnt: str
    figures: ModelComparison


class SeverityModels:
    """The models that were learnt here.

    Parameters
    ----------
    pool
        Where they are kept.
    """

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def put(self, file: bytes, model: TrainedModel) -> str:
        """Keep a model's file; gives its SHA-256. One that is kept already stays as it is.

        Raises
        ------
        KnowledgeUnavailableError
            PostgreSQL is away.
        """
        sha256, figures = hashlib.sha256(file).hexdigest(), model.figures.model_dump_json()
        row = (sha256, model.version, file, model.trained_at, model.labels, model.learnt, figures)
        with translated():
            await self._pool.execute(_PUT, *row)
        return sha256

    async def file(self, sha256: str) -> bytes:
        """The file of a model.

        Raises
        ------
        ModelLostError
            There is none of this hash.
        KnowledgeUnavailableError
            PostgreSQL is away.
        """
        with translated():
            found: bytes | None = await self._pool.fetchval(_GET, sha256)
        if found is None or hashlib.sha256(found).hexdigest() != sha256:
            raise ModelLostError(f"PostgreSQL has no model of severity with the hash {sha256}")
        return found

    async def described(self, sha256: str) -> TrainedModel | None:
        """What is known of a model; None where there is none of this hash.

        Raises
        ------
        KnowledgeUnavailableError
            PostgreSQL is away.
        """
        with translated():
            row = await self._pool.fetchrow(_DESCRIBED, sha256)
        if row is None:
            return None
        return TrainedModel(
            version=row["version"],
            trained_at=row["trained_at"],
            labels=row["labels"],
            learnt=row["learnt"],
            figures=ModelComparison.model_validate_json(row["figures"]),
        )
