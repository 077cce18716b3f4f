"""What the machine thinks of a tension: a suggestion with its reasons, never more than that."""

from enum import StrEnum

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
