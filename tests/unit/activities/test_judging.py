"""What a judgement becomes: a change of the tension, and questions to humans, each once."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID, uuid4

import numpy as np
import pytest

from activities.judging import MENTIONS, Judged, JudgementActivities, ToJudge
from graph.database import Row
from ontology.enums import Severity
from ontology.events import EventType
from ontology.judgement import Abstained, MentionFound, SeverityJudgement
from ontology.questions import MentionCandidate, MentionProposal, SeverityProposal
from runtime.settings import DecisionSettings

AN, BO, CHI = UUID(int=1), UUID(int=2), UUID(int=3)


def judgement(severity: Severity | None = Severity.HIGH) -> SeverityJudgement:
    return SeverityJudgement(
        severity=severity,
        likeliest=Severity.HIGH,
        abstained=None if severity else Abstained.UNSURE,
        confidence=0.7,
        probabilities=[0.1, 0.1, 0.7, 0.1],
        words_for=[],
        words_against=[],
        meaning=0.0,
        rules=[],
        model="severity-test",
    )


def mention(words: str, *ids: UUID, label: Any = "Person") -> MentionFound:
    return MentionFound(field="title", start=0, end=len(words), words=words, label=label, ids=ids, reason="full name")


def written(mentions: list[MentionFound]) -> str:
    return MENTIONS.dump_json(mentions, by_alias=True, exclude_none=True).decode()


def tension(**more: Any) -> Row:
    said = {"id": str(uuid4()), "rev": 3, "title": "The pump is loud", "visibility": "everyone", "status": "Open"}
    row = {"targets": [{"relation": "DETECTED_BY", "id": str(AN)}], "asked": False, "askedNames": [], "mentioned": []}
    return row | {"tension": said | more.pop("tension", {})} | more


class Knows:
    """A graph with one tension, a model with one judgement, an index that finds the same in each text."""

    def __init__(self, row: Row | None, says: SeverityJudgement, mentions: Iterable[MentionFound] = ()) -> None:
        self.row, self.says, self.mentions = row, says, list(mentions)

    async def read(self, _: str, **__: Any) -> list[Row]:
        return [self.row] if self.row else []

    async def meaning(self, _: str) -> np.ndarray:
        return np.zeros(2)

    async def get(self) -> "Knows":
        return self

    def judge(self, _: str, __: Any = None) -> SeverityJudgement:
        return self.says

    async def found(self, _: Mapping[str, str]) -> list[MentionFound]:
        return self.mentions

    def candidates(self, ids: Iterable[UUID]) -> list[MentionCandidate]:
        return [MentionCandidate(id=one, full_name=f"Person {one.int}") for one in ids]

    async def judged(self, *, asks: bool = True) -> Judged:
        graph: Any = self
        steps = JudgementActivities(graph, self, self, self, DecisionSettings(), "urn:test")
        return await steps.judge_tension(ToJudge(id=UUID(int=9), asks=asks))


async def test_a_judgement_is_a_change_of_the_revision_that_was_judged() -> None:
    judged = await Knows(tension(), judgement()).judged()
    assert judged.change
    assert judged.change.revisions == [3]
    assert (judged.change.values["severity"], judged.change.values["severityBy"]) == (3, "severity-test")
    assert judged.change.values["analysedRev"] == 4
    assert judged.change.origin.event_type == EventType.TENSION_ANALYSED
    assert judged.asks == []


async def test_a_repetition_is_the_same_event_and_another_revision_another() -> None:
    row = tension()
    first, second = [(await Knows(row, judgement()).judged()).change for _ in range(2)]
    other = (await Knows(tension(tension={"id": row["tension"]["id"], "rev": 4}), judgement()).judged()).change
    assert first
    assert second
    assert other
    assert first.origin.event_id == second.origin.event_id != other.origin.event_id


async def test_what_stands_already_changes_nothing() -> None:
    known = [mention("An Vu", AN)]
    stands = {"severityJudgement": judgement().model_dump_json(by_alias=True), "mentions": written(known)}
    row = tension(tension=stands, mentioned=[{"id": str(AN), "label": "Person"}])
    assert (await Knows(row, judgement(), known).judged()).change is None
    assert (await Knows(tension(tension=stands), judgement(), known).judged()).change, "a link that was lost is made"


async def test_a_tension_that_is_gone_is_not_judged() -> None:
    assert await Knows(None, judgement()).judged() == Judged()


@pytest.mark.parametrize(
    "row",
    [
        tension(asked=True),
        tension(tension={"severity": 2, "severityBy": "human"}),
        tension(tension={"severity": 2}),
        tension(tension={"visibility": "parties"}, targets=[]),
    ],
    ids=["asked already", "a human said it", "another tracker's human did", "nobody may be asked"],
)
async def test_nobody_is_asked_what_somebody_said_or_is_asked(row: Row) -> None:
    assert (await Knows(row, judgement(None)).judged()).asks == []


async def test_what_the_model_does_not_know_is_asked_of_whose_it_is() -> None:
    judged = await Knows(tension(), judgement(None)).judged()
    assert judged.change
    assert judged.change.values["severity"] is None
    [asked] = judged.asks
    assert asked.content["kind"] == "TensionSeverity"
    assert asked.content["asked"] == [{"id": str(AN)}]
    assert asked.content["authorities"] == ["moderator"]
    proposed = SeverityProposal.model_validate_json(str(asked.content["proposal"]))
    assert (proposed.severity, proposed.reason) == (3, "Unsure: 70% sure by severity-test")
    assert (await Knows(tension(), judgement(None)).judged(asks=False)).asks == []


async def test_a_name_of_several_is_asked_about_once() -> None:
    twins = mention("Bo Tran", BO, CHI)
    found = [twins, twins, mention("An Vu", AN), mention("Everybody", *[uuid4() for _ in range(11)])]
    judged = await Knows(tension(), judgement(), found).judged()
    [asked] = judged.asks
    among = MentionProposal.model_validate_json(str(asked.content["proposal"]))
    assert (among.name, [one.id for one in among.candidates]) == ("Bo Tran", [BO, CHI])
    again = tension(askedNames=[among.model_copy(update={"name": "bo trần"}).model_dump_json()])
    assert (await Knows(again, judgement(), found).judged()).asks == []


async def test_who_was_linked_for_words_that_are_gone_is_linked_no_more() -> None:
    before = {"mentions": written([mention("An Vu", AN), mention("Bo Tran", BO)])}
    held = [{"id": str(one), "label": "Person"} for one in (AN, BO, CHI)]
    judged = await Knows(tension(tension=before, mentioned=held), judgement(), [mention("An Vu", AN)]).judged()
    assert judged.change
    assert judged.change.links == {"mentioned_people": [{"id": str(one)} for one in (AN, CHI)]}, "a human said Chi"
    more = await Knows(tension(mentioned=held[:1]), judgement(), [mention("Bo Tran", BO)]).judged()
    assert more.change
    assert more.change.adds == {"mentioned_people": [{"id": str(BO)}]}
