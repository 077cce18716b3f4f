"""What comes of humans' labels: a model is kept and asked about once, and only where it shows no loss."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from activities.learning import LearningActivities, LearningOutcome
from graph.database import Row
from knowledge.severity_models import TrainedModel
from ontology.enums import DecisionKind, DecisionPolicy
from ontology.events import EventType
from ontology.judgement import Difference, ModelComparison, Objection
from ontology.kinds.decision import DecisionAsked
from ontology.kinds.severity_model import SeverityModelTrained
from ontology.questions import PromotionProposal
from runtime.settings import Settings
from scoring.labelled import digest, part, taught
from scoring.learning import Candidate


def comparison(*objections: Objection) -> ModelComparison:
    better = Difference(before=0.6, after=0.7, low=0.0, high=0.2)
    return ModelComparison(
        texts=108,
        kappa=better,
        macro_f1=better,
        calibration_before=0.07,
        calibration_after=0.06,
        objections=list(objections),
    )


def rated(text: str, severity: int = 3) -> Row:
    return {"id": str(uuid4()), "severity": severity, "language": None, "said": {"title": text, "facts": "It is so"}}


class Knows:
    """A graph with labels, a store of models, the model that judges, and a teacher with one result."""

    version = "severity-now"

    def __init__(self, *rows: Row, found: ModelComparison | None = None, **asked: Any) -> None:
        self.rows, self.found = rows, found or comparison()
        self.asked: Row = {"known": False, "waiting": None, **asked}
        self.learnt = digest(part("train"))
        self.kept: list[TrainedModel] = []
        self.lessons: list[list[str]] = []

    async def read(self, query: str, **_: Any) -> list[Row]:
        return list(self.rows) if "severityBy" in query else [self.asked]

    async def get(self) -> "Knows":
        return self

    async def put(self, file: bytes, model: TrainedModel) -> str:
        self.kept.append(model)
        return "a" * 64

    async def lesson(self, texts: Any, _: Any) -> list[str]:
        return [one.text for one in texts]

    def teach(self, taught: Any, frozen: Any, current: Any, **limits: float) -> Candidate:
        assert (current, limits) == (self, {"margin": 0.05, "calibration": 0.08})
        self.lessons += [taught, frozen]
        return Candidate(file=b"model", version="severity-new", comparison=self.found)

    @property
    def steps(self) -> LearningActivities:
        world: Any = self
        return LearningActivities(world, world, world, world, world.lesson, self.teach, Settings())


@pytest.fixture(autouse=True)
def without_temporal(monkeypatch: pytest.MonkeyPatch) -> None:
    class Info:
        heartbeat_timeout = None

    monkeypatch.setattr("activities.heartbeat.activity.info", Info)


async def test_without_labels_there_is_nothing_new() -> None:
    found = await Knows().steps.find_labels()
    assert (found.outcome, found.labels, found.current) == (LearningOutcome.NOTHING_NEW, 0, "severity-now")


async def test_a_new_label_is_worth_learning_and_one_of_the_test_part_is_not() -> None:
    assert (await Knows(rated("The ladder wobbles")).steps.find_labels()).outcome is None
    frozen = {**rated(""), "said": {"title": part("test")[0].text.upper()}}
    assert (await Knows(frozen).steps.find_labels()).outcome == LearningOutcome.NOTHING_NEW


async def test_what_was_asked_about_is_not_asked_again_and_nothing_while_one_waits() -> None:
    assert (await Knows(rated("It"), known=True).steps.find_labels()).outcome == LearningOutcome.NOTHING_NEW
    waiting = await Knows(rated("It"), waiting=str(UUID(int=5))).steps.find_labels()
    assert (waiting.outcome, waiting.decision) == (LearningOutcome.WAITING, UUID(int=5))


async def test_a_model_without_loss_is_kept_recorded_and_asked_about() -> None:
    knows = Knows(rated("The ladder wobbles"), rated("The door jams"))
    learnt = await knows.steps.learn()
    [kept] = knows.kept
    assert (kept.version, kept.labels, kept.figures) == ("severity-new", 2, comparison())
    assert learnt.model
    assert learnt.asks
    said = SeverityModelTrained.model_validate(learnt.model.content)
    assert (said.digest, said.learnt, said.kappa, said.against) == ("a" * 64, kept.learnt, 0.7, "severity-now")
    assert learnt.model.origin.event_type == EventType.SEVERITY_MODEL_TRAINED
    asked = DecisionAsked.model_validate(learnt.asks.content)
    assert (asked.kind, asked.severity_model_id) == (DecisionKind.MODEL_PROMOTION, learnt.model.id)
    assert (asked.authorities, asked.policy) == (["operator"], DecisionPolicy.LEAVE_OPEN)
    proposal = PromotionProposal.model_validate_json(str(asked.proposal))
    assert (proposal.labels, proposal.comparison) == (2, comparison())
    again = await knows.steps.learn()
    assert again.asks
    assert again.asks.id == learnt.asks.id, "the same file is asked about once"


async def test_it_learns_from_the_train_part_and_labels_and_is_judged_on_the_test_part() -> None:
    knows = Knows(rated("The ladder wobbles"))
    await knows.steps.learn()
    learnt, frozen = knows.lessons
    assert learnt == [*(one.text for one in taught([])), "The ladder wobbles\nIt is so"]
    assert frozen == [one.text for one in part("test")]


async def test_a_model_that_loses_is_neither_kept_nor_asked_about() -> None:
    knows = Knows(rated("The ladder wobbles"), found=comparison(Objection.WORSE))
    learnt = await knows.steps.learn()
    assert (learnt.model, learnt.asks, knows.kept) == (None, None, [])
    assert learnt.comparison.objections == [Objection.WORSE]
