"""Steps by which a model of severity is made of what humans said, in the judgement's process, since they compute.

What is computed is handed in, as in :mod:`activities.judging`. Texts stay here: the run that asks for these steps
learns numbers alone.
"""

import asyncio
from collections.abc import Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol
from uuid import UUID

from temporalio import activity

from activities.failures import failing_typed
from activities.heartbeat import heartbeating
from activities.judging import Meaning
from activities.origins import own_record
from graph.asking import ask
from graph.database import GraphDatabase
from graph.ratings import rated_by_humans
from graph.severity_models import asked_of_models
from knowledge.severity_models import SeverityModels, TrainedModel
from ontology import ids
from ontology.base import OntologyModel
from ontology.commands import Record
from ontology.enums import DecisionKind
from ontology.judgement import ModelComparison
from ontology.kinds import Kind
from ontology.kinds.decision import DECISION
from ontology.kinds.severity_model import SEVERITY_MODEL, SeverityModelTrained
from ontology.questions import PromotionProposal
from runtime.clock import now
from runtime.settings import Settings
from scoring.labelled import Labelled, digest, part, taught

if TYPE_CHECKING:
    from scoring.learning import Candidate, Lesson
    from scoring.severity import SeverityModel


class LearningOutcome(StrEnum):
    """What came of looking for labels."""

    NOTHING_NEW = "NothingNew"
    WAITING = "Waiting"
    REFUSED = "Refused"
    ASKED = "Asked"


class LabelsFound(OntologyModel):
    """What there is to learn from.

    Attributes
    ----------
    outcome
        Why nothing is learnt; absent where something is.
    labels
        How many corrections of humans there are.
    current
        The model that judges.
    decision
        The one that waits, where one does.
    """

    outcome: LearningOutcome | None = None
    labels: int
    current: str
    decision: UUID | None = None


class Learnt(OntologyModel):
    """What came of learning: a model, and the question whether it may judge; neither where it lost."""

    candidate: str
    comparison: ModelComparison
    model: Record | None = None
    asks: Record | None = None


class ActiveModel(Protocol):
    """Knows the model that judges."""

    async def get(self) -> "SeverityModel":
        """It, as of some seconds ago."""


class Teacher(Protocol):
    """Makes a model, and compares it."""

    def __call__(
        self, taught: "Lesson", frozen: "Lesson", current: "SeverityModel", *, margin: float, calibration: float
    ) -> "Candidate":
        """Learn from texts, and compare on those that nobody learns from."""


class Reader(Protocol):
    """Gives texts their meanings."""

    async def __call__(self, texts: Sequence[Labelled], meaning: Meaning) -> "Lesson":
        """Texts with their vectors."""


class LearningActivities:
    """Makes models of severity.

    Parameters
    ----------
    graph, models
        Where labels stand, and where models are kept.
    active
        Which model judges.
    meaning
        What makes the vector of a text.
    read, teach
        What makes lessons of texts, and models of lessons.
    tree
        When a model is good enough, on which terms humans are asked, and who we are in events.
    """

    def __init__(
        self,
        graph: GraphDatabase,
        models: SeverityModels,
        active: ActiveModel,
        meaning: Meaning,
        read: Reader,
        teach: Teacher,
        tree: Settings,
    ) -> None:
        self._graph = graph
        self._models = models
        self._active = active
        self._meaning = meaning
        self._read = read
        self._teach = teach
        self._tree = tree

    @activity.defn
    @failing_typed
    async def find_labels(self) -> LabelsFound:
        """What there is to learn from, and whether it is worth it: that a model was asked about once is enough."""
        async with heartbeating():
            texts, current = await self._texts(), await self._active.get()
            learnt = digest(texts)
            asked = await asked_of_models(self._graph, learnt)
        outcome = None
        if asked.waiting:
            outcome = LearningOutcome.WAITING
        elif asked.known or learnt == current.learnt:
            outcome = LearningOutcome.NOTHING_NEW
        return LabelsFound(outcome=outcome, labels=_corrections(texts), current=current.version, decision=asked.waiting)

    @activity.defn
    @failing_typed
    async def learn(self) -> Learnt:
        """Make a model, and compare it with the one that judges; keep it, and ask, where it shows no loss."""
        limits = self._tree.judgement
        async with heartbeating():
            texts, current = await self._texts(), await self._active.get()
            lesson = await self._read(texts, self._meaning)
            frozen = await self._read(part("test"), self._meaning)
            found = await asyncio.to_thread(
                self._teach,
                lesson,
                frozen,
                current,
                margin=limits.tolerated_loss,
                calibration=limits.tolerated_calibration_error,
            )
            if not found.comparison.no_loss:
                return Learnt(candidate=found.version, comparison=found.comparison)
            kept = TrainedModel(
                version=found.version,
                trained_at=now(),
                labels=_corrections(texts),
                learnt=digest(texts),
                figures=found.comparison,
            )
            sha256 = await self._models.put(found.file, kept)
        model = self._recorded(sha256, kept, current.version)
        return Learnt(
            candidate=found.version,
            comparison=found.comparison,
            model=model,
            asks=self._asked(model.id, kept, current.version),
        )

    async def _texts(self) -> list[Labelled]:
        rated = [one async for one in rated_by_humans(self._graph)]
        return taught(Labelled(one.text, one.severity, one.language) for one in rated)

    def _recorded(self, sha256: str, kept: TrainedModel, against: str) -> Record:
        """The command that records a model."""
        figures = kept.figures
        said = SeverityModelTrained(
            name=kept.version,
            digest=sha256,
            learnt=kept.learnt,
            labels=kept.labels,
            against=against,
            texts=figures.texts,
            kappa=figures.kappa.after,
            macro_f1=figures.macro_f1.after,
            calibration_error=figures.calibration_after,
            trained_at=kept.trained_at,
        )
        model = ids.derive(SEVERITY_MODEL.name, sha256)
        return self._command(SEVERITY_MODEL, model, said)

    def _asked(self, model: UUID, kept: TrainedModel, against: str) -> Record:
        """The command that asks whether a model may judge."""
        proposal = PromotionProposal(against=against, labels=kept.labels, comparison=kept.figures)
        question = f"May {kept.version} say how severe tensions are, in place of {against}?"
        terms = self._tree.decisions.model_promotion
        said = ask(DecisionKind.MODEL_PROMOTION, question, proposal, terms, severity_model_id=model)
        decision = ids.step_event(f"{SEVERITY_MODEL.name}/{model}", "promotion")
        return self._command(DECISION, decision, said)

    def _command(self, kind: Kind, thing: UUID, said: OntologyModel) -> Record:
        return own_record(kind, thing, self._tree.events.source, said, now())


def _corrections(texts: Sequence[Labelled]) -> int:
    """How many of the texts are humans' since."""
    return len(texts) - len(part("train"))
