"""What decisions ask for: answers are made whole or refused, with a pointer to the field at fault."""

import json
from typing import Any
from uuid import UUID

import pytest

from ontology.enums import DecisionKind, Severity
from ontology.questions import (
    QUESTIONS,
    AnswerUnfitError,
    MentionCandidate,
    MentionProposal,
    SeverityProposal,
    answered,
)

HIGH = SeverityProposal(severity=Severity.HIGH, reason="People go home deaf").model_dump_json()

ONE, OTHER = UUID(int=1), UUID(int=2)
DUNG = MentionProposal(name="Dung", candidates=[MentionCandidate(id=ONE, full_name="Dung")]).model_dump_json()


def decision(kind: DecisionKind, proposal: str | None) -> dict[str, Any]:
    return {"kind": kind, **({"proposal": proposal} if proposal else {})}


@pytest.mark.parametrize(
    ("said", "proposal", "severity"),
    [({}, HIGH, 3), ({"severity": None}, HIGH, 3), ({"severity": 1}, HIGH, 1), ({"severity": 4}, None, 4)],
)
def test_a_severity_is_that_of_the_answer_or_the_proposed_one(
    said: dict[str, Any], proposal: str | None, severity: int
) -> None:
    whole = answered(decision(DecisionKind.TENSION_SEVERITY, proposal), json.dumps(said))
    assert whole.model_dump() == {"severity": severity}


@pytest.mark.parametrize(
    ("kind", "said", "proposal", "pointer"),
    [
        (DecisionKind.TENSION_SEVERITY, {}, None, "/answer/severity"),
        (DecisionKind.TENSION_SEVERITY, {"severity": 5}, HIGH, "/answer/severity"),
        (DecisionKind.TENSION_SEVERITY, {"reason": "no"}, HIGH, "/answer/reason"),
        (DecisionKind.PERSON_MERGE, {"yes": True}, None, "/answer/yes"),
        (DecisionKind.PERSON_MENTION, {}, DUNG, "/answer/personId"),
        (DecisionKind.PERSON_MENTION, {"personId": str(OTHER)}, DUNG, "/answer/personId"),
        (DecisionKind.PERSON_MENTION, {"personId": str(ONE)}, None, "/answer/personId"),
    ],
)
def test_what_was_not_asked_for_is_refused_where_it_stands(
    kind: DecisionKind, said: dict[str, Any], proposal: str | None, pointer: str
) -> None:
    with pytest.raises(AnswerUnfitError) as refused:
        answered(decision(kind, proposal), json.dumps(said))
    assert refused.value.pointer == pointer


def test_who_is_meant_is_one_of_the_candidates() -> None:
    said = json.dumps({"personId": str(ONE)})
    assert answered(decision(DecisionKind.PERSON_MENTION, DUNG), said).model_dump(mode="json") == json.loads(said)


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS)
def test_every_kind_has_a_form_that_says_what_it_is(question: Any) -> None:
    form = json.loads(question.form)
    assert (form["type"], form["additionalProperties"], bool(form["description"])) == ("object", False, True)
