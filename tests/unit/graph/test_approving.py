"""The approval of a project: one question at a time, about a proposal, and carried out on that alone."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from graph import ledger as ledgers
from graph.approving import WAITING, check_approved, check_asked
from graph.asking import ask_for_project
from graph.errors import ApprovalRefusedError
from graph.ledger import Ledger, Run
from graph.node_states import state_of
from graph.project_reads import _TO_APPROVE
from ontology.commands import Change, Origin
from ontology.kinds.decision import DecisionAsked
from runtime.clock import now
from runtime.settings import DecisionTerms

PROJECT, ALICE, BOB = uuid4(), uuid4(), uuid4()
TERMS = DecisionTerms(authorities=["founder"])


class Standing:
    """A transaction whose graph has one project, and perhaps a question about it."""

    def __init__(self, *, asked: bool = False, **project: Any) -> None:
        self._project = {"id": str(PROJECT), "rev": 1, "name": "Calm", **project}
        self._asked = asked
        self.locked = False

    async def rows(self, query: str, **_: Any) -> list[dict[str, Any]]:
        assert query == ledgers._LOAD
        self.locked = True
        return [{"properties": self._project, "relations": [], "validFrom": [now()]}]

    async def row(self, _: str, **told: Any) -> dict[str, Any]:
        assert self.locked, "whoever looks before the lock may overlook a question"
        assert told == {"id": str(PROJECT), **WAITING}
        return {"asked": self._asked}


def question(claim: dict[str, Any] | None = None) -> DecisionAsked:
    row: dict[str, Any] = {"project": {"id": str(PROJECT), "name": "Calm", "rev": 1}, "initiated": []}
    said = ask_for_project(row, ALICE, TERMS, claim)
    assert said is not None
    return said


def origin(event_type: str = "PROJECT_APPROVED") -> Origin:
    told: dict[str, Any] = {"event_type": event_type, "source": "urn:test", "request_hash": "0" * 64}
    return Origin(event_id=uuid4(), occurred_at=now(), sent_at=now(), **told)


async def asks(said: DecisionAsked, **standing: Any) -> None:
    transaction: Any = Standing(**standing)
    await check_asked(transaction, Ledger(transaction, origin(), Run("w", "r")), said)


@pytest.mark.parametrize(
    ("claim", "standing"),
    [
        (None, {"status": "Proposal", "provisional": False, "asked": True}),
        ({"goal": "Mine"}, {"status": "Proposal", "provisional": True, "asked": True}),
        ({"goal": "Mine"}, {"status": "Proposal", "provisional": False}),
        (None, {"status": "Proposal", "provisional": True}),
        (None, {"status": "Planning", "provisional": False}),
        (None, {"status": "Cancelled", "provisional": False}),
    ],
)
async def test_it_is_asked_once_at_a_time_and_of_a_proposal_alone(claim: Any, standing: dict[str, Any]) -> None:
    with pytest.raises(ApprovalRefusedError) as refused:
        await asks(question(claim), **standing)
    assert refused.value.code == "approvalRefused"


async def test_a_proposal_that_nobody_asked_about_is_asked_about() -> None:
    await asks(question(), status="Proposal", provisional=False)
    await asks(question({"goal": "Mine"}), status="Proposal", provisional=True)


async def test_what_waits_is_what_is_due_too() -> None:
    assert WAITING["due"] == "Due", "between an approval and what follows from it nobody asks anew"
    assert "q.followed = $due" in _TO_APPROVE


@pytest.mark.parametrize(
    ("status", "provisional", "claims", "carried_out"),
    [
        ("Proposal", True, True, True),
        ("Proposal", False, False, True),
        ("Proposal", False, True, False),
        ("Planning", False, True, False),
        ("Planning", False, False, False),
        ("Cancelled", False, False, False),
    ],
)
def test_an_approval_is_carried_out_on_what_it_was_asked_of(
    status: str, provisional: bool, claims: bool, carried_out: bool
) -> None:
    held = {"id": str(PROJECT), "rev": 2, "status": status, "provisional": provisional}
    values: dict[str, Any] = {"status": "Planning", **({"provisional": False} if claims else {})}
    command = Change(id=PROJECT, label="Project", origin=origin(), values=values)
    project = state_of("Project", held, [])
    if carried_out:
        check_approved(project, command)
        return
    with pytest.raises(ApprovalRefusedError):
        check_approved(project, command)


def test_another_change_of_a_project_is_no_approval() -> None:
    held = {"id": str(PROJECT), "rev": 2, "status": "Active", "provisional": False}
    command = Change(id=PROJECT, label="Project", origin=origin("PROJECT_CHANGED"), values={"status": "OnHold"})
    check_approved(state_of("Project", held, []), command)


@pytest.mark.parametrize(("asker", "managers"), [(ALICE, []), (BOB, [ALICE]), (None, [ALICE])])
def test_who_asks_anew_is_its_proposer_and_who_proposed_the_project_decides_as_little(
    asker: UUID | None, managers: list[UUID]
) -> None:
    row = {"project": {"id": str(PROJECT), "name": "Calm", "rev": 3}, "initiated": [], "proposer": str(ALICE)}
    said = ask_for_project(row, asker, TERMS)
    assert said is not None
    assert (said.proposer and said.proposer.id) == asker
    assert [one.id for one in said.managers] == managers


def test_of_a_private_one_neither_of_both_is_asked() -> None:
    private = {"id": str(PROJECT), "name": "Calm", "rev": 3, "visibility": "parties"}
    row = {"project": private, "initiated": [str(ALICE), str(BOB)], "proposer": str(ALICE)}
    assert ask_for_project(row, BOB, TERMS) is None
