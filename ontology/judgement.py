"""What the machine thinks of a tension: a suggestion with its reasons, never more than that."""

from enum import StrEnum
from typing import Literal
from uuid import UUID

from pydantic import Field

from ontology.base import OntologyModel
from ontology.enums import Severity


class Abstained(StrEnum):
    """Why no severity is suggested."""

    UNSURE = "Unsure"
    FOREIGN = "Foreign"


class Weight(OntologyModel):
    """What a word speaks for."""

    word: str
    weight: float = Field(description="part of the log-odds of the likeliest severity against the others")


class RuleFired(OntologyModel):
    """A rule of the lexicon that stands in the text."""

    rule: str
    floor: Severity = Field(description="it is no less severe")
    words: str = Field(description="where it stands")


class SeverityJudgement(OntologyModel):
    """How severe a tension is in the eyes of a model, and why."""

    severity: Severity | None = Field(None, description="none is suggested where a human should say it")
    likeliest: Severity = Field(description="what would be suggested if it had to be one")
    abstained: Abstained | None = None
    confidence: float = Field(ge=0, le=1, description="how likely it is that the likeliest is right")
    probabilities: list[float] = Field(description="of the severities 1 to 4, before any rule")
    words_for: list[Weight] = Field(description="strongest first")
    words_against: list[Weight] = Field(description="strongest first")
    meaning: float = Field(description="part of the log-odds that comes of the text's meaning as a whole")
    rules: list[RuleFired]
    model: str = Field(description="which model says so")


class Difference(OntologyModel):
    """A figure of two models on the same texts, and by how much the other's is higher, with its 95 % interval."""

    before: float
    after: float
    low: float
    high: float

    @property
    def value(self) -> float:
        """By how much the other's is higher."""
        return self.after - self.before

    def __str__(self) -> str:
        return f"{self.value:+.3f} [{self.low:+.3f}, {self.high:+.3f}]"


class Objection(StrEnum):
    """What stands against a model taking another's place."""

    WORSE = "Worse"
    MAYBE_WORSE = "MaybeWorse"
    UNCALIBRATED = "Uncalibrated"


class ModelComparison(OntologyModel):
    """A model of severity beside the one whose place it would take, on texts that neither learnt from."""

    texts: int = Field(description="how many")
    kappa: Difference = Field(description="quadratic kappa")
    macro_f1: Difference
    calibration_before: float = Field(description="calibration error of the one that stands")
    calibration_after: float = Field(description="and of the other")
    objections: list[Objection] = Field(description="none: it may take its place")

    @property
    def no_loss(self) -> bool:
        """Whether it may take its place."""
        return not self.objections


class MentionFound(OntologyModel):
    """Words of a tension that name somebody or something known."""

    field: str = Field(description="in which of its words")
    start: int = Field(ge=0, description="where they begin there, in code points")
    end: int = Field(description="where what follows them begins")
    words: str
    label: Literal["Person", "Project"] | None = Field(None, description="absent where people and projects fit")
    ids: list[UUID] = Field(description="whom they mean: one, or several of whom a human says which")
    reason: str = Field(description="why they are taken for a name")

    @property
    def linked(self) -> UUID | None:
        """Whom they mean, where that is clear."""
        return self.ids[0] if len(self.ids) == 1 else None
