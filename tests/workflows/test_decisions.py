"""The run of a decision, sandboxed, on a server that skips time: every way by which it may end."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID, uuid4

import pytest
from temporalio.api.common.v1 import Payload
from temporalio.api.sdk.v1 import WorkflowMetadata
from temporalio.client import WorkflowFailureError, WorkflowHandle, WorkflowUpdateFailedError
from temporalio.common import RawValue
from temporalio.exceptions import ApplicationError
from temporalio.testing import WorkflowEnvironment
from temporalio.workflow import Info

from ontology.commands import Change, Record
from ontology.decisions import OperatorAnswer
from ontology.enums import DecisionKind, Severity
from ontology.events import EventType
from ontology.moments import read_moment
from ontology.questions import MentionCandidate, MentionProposal, SeverityProposal
from runtime.clock import now, rfc3339
from runtime.settings import TemporalSettings
from tests.workflows.servers import real_time
from tests.workflows.worlds import GIVER, RECEIVER, Worlds, answer, decision
from workers.agents import make_worker
from workflows.change import Changed
from workflows.decision import DecisionWorkflow
from workflows.overdue import SweepWorkflow

_MOMENTS = ("askedAt", "remindAt", "escalateAt", "deadline")
REMINDED, ESCALATED, TAKEN = EventType.DECISION_REMINDED, EventType.DECISION_ESCALATED, EventType.DECISION_TAKEN
FOLLOWED = EventType.DECISION_FOLLOWED


@pytest.fixture(scope="module")
async def unhurried() -> AsyncIterator[WorkflowEnvironment]:
    """A server of the usual kind, for what is signalled and queried while a run waits."""
    async with real_time() as environment:
        yield environment


async def shifted(temporal: WorkflowEnvironment, asked: Record) -> Record:
    """A decision as it is asked by the server's clock."""
    skipped = await temporal.get_current_time() - now()  # by the tests before
    said = {**asked.content, **{name: rfc3339(read_moment(str(asked.content[name])) + skipped) for name in _MOMENTS}}
    told = asked.origin.model_copy(update={"sent_at": asked.origin.sent_at + skipped})
    return asked.model_copy(update={"content": said, "origin": told})


async def until_waits(run: WorkflowHandle[Any, Any]) -> None:
    """Until a run has begun to wait for somebody."""
    while not any([event.HasField("timer_started_event_attributes") async for event in run.fetch_history_events()]):
        await asyncio.sleep(0.05)


async def details(run: WorkflowHandle[Any, Any]) -> str:
    """What a run shows to operators."""
    told: WorkflowMetadata = await run.query("__temporal_workflow_metadata", result_type=WorkflowMetadata)
    return told.current_details


async def walk(
    temporal: WorkflowEnvironment,
    worlds: Worlds,
    asked: Record,
    answers: Sequence[Change] = (),
    signals: Sequence[tuple[str, OperatorAnswer]] = (),
) -> tuple[Changed, list[Any]]:
    """Run a decision to its end; gives its result, and what became of each answer."""
    settings = TemporalSettings(task_queue=str(uuid4()), sandbox=True)
    asked = await shifted(temporal, asked)
    async with make_worker(temporal.client, settings, worlds.activities()):
        run: WorkflowHandle[Any, Any] = await temporal.client.start_workflow(
            DecisionWorkflow.run, asked, id=f"decision/{asked.id}", task_queue=settings.task_queue
        )
        for name, said in signals:
            await run.signal(name, said)
        outcomes = await asyncio.gather(
            *(run.execute_update(DecisionWorkflow.decide, one) for one in answers), return_exceptions=True
        )
        return await run.result(), outcomes


def types(worlds: Worlds) -> list[str]:
    return [change.origin.event_type for change in worlds.changed]


async def test_a_machines_question_that_is_refused_ends_and_a_persons_fails(temporal: WorkflowEnvironment) -> None:
    asked = decision()
    by_machine = asked.model_copy(update={"origin": asked.origin.model_copy(update={"caller": None})})
    result, _ = await walk(temporal, Worlds(refusal="archived"), by_machine)
    assert (result.revisions, result.followed) == (0, 0)
    with pytest.raises(WorkflowFailureError):
        await walk(temporal, Worlds(refusal="archived"), decision())


@pytest.mark.parametrize(
    ("policy", "ends", "followed"), [("Approve", "Approved", 1), ("Reject", "Rejected", 0), ("LeaveOpen", "Expired", 0)]
)
async def test_nobody_answers(temporal: WorkflowEnvironment, policy: str, ends: str, followed: int) -> None:
    worlds, asked = Worlds(), decision(policy=policy, escalation=["founder", "board"])
    result, _ = await walk(temporal, worlds, asked)
    assert types(worlds) == [REMINDED, ESCALATED, ESCALATED, TAKEN] + [FOLLOWED] * followed, "each once, in its time"
    assert [one.values.get("authorities") for one in worlds.changed[1:3]] == [
        ["operator", "founder"],
        ["operator", "founder", "board"],
    ]
    held = worlds.decisions[asked.id].properties
    assert (held["status"], held["decidedAs"], result.followed) == (ends, "Policy", followed)


async def test_an_answer_ends_it_and_is_carried_out(temporal: WorkflowEnvironment) -> None:
    worlds, asked = Worlds(), decision()
    result, _ = await walk(temporal, worlds, asked, [answer(asked)])
    assert types(worlds) == [TAKEN, FOLLOWED]
    assert result.followed == 1
    assert worlds.decisions[asked.id].properties["followed"] == "Done"
    merged = [record for told in worlds.published for record in told.records if record.nodes[0].label == "Person"]
    assert [record.nodes[0].id for record in merged] == [GIVER], "the duplicate leads to the survivor now"


async def test_of_two_answers_at_once_one_counts(temporal: WorkflowEnvironment) -> None:
    worlds, asked = Worlds(), decision()
    _, told = await walk(temporal, worlds, asked, [answer(asked), answer(asked, "Rejected")])
    refused = [one for one in told if isinstance(one, Exception)]
    assert refused, "one may also have ended the run before the other came"
    causes = [one.cause for one in refused if isinstance(one, WorkflowUpdateFailedError)]
    assert {one.type for one in causes if isinstance(one, ApplicationError)} <= {"alreadyDecided"}
    assert types(worlds).count(TAKEN) - len(worlds.refused) == 1


async def test_a_run_that_begins_again_takes_no_step_twice(temporal: WorkflowEnvironment) -> None:
    worlds, asked = Worlds(), decision(policy="Approve")
    await walk(temporal, worlds, asked)
    before = len(worlds.changed)
    result, _ = await walk(temporal, worlds, asked)
    assert len(worlds.changed) == before, "it was decided"
    assert result.followed == 0, "what follows from it is done"


async def test_an_answer_to_another_decision_is_refused(temporal: WorkflowEnvironment) -> None:
    worlds, asked = Worlds(), decision()
    wrong = answer(asked).model_copy(update={"id": RECEIVER})
    _, told = await walk(temporal, worlds, asked, [wrong, answer(asked)])
    assert isinstance(told[0], WorkflowUpdateFailedError)


def signal(who: str, number: int = 1, **more: Any) -> OperatorAnswer:
    return OperatorAnswer(request_id=str(number), who=who, why="by hand", **more)


async def test_an_operator_signals(temporal: WorkflowEnvironment) -> None:
    worlds, asked = Worlds(), decision()
    result, _ = await walk(temporal, worlds, asked, signals=[("approve", signal("olga@trm.test"))])
    [taken, _] = worlds.changed
    assert taken.values == {"status": "Approved", "decidedAs": "Operator", "answer": "{}", "reason": "by hand"}
    assert taken.origin.caller is not None
    assert (taken.origin.caller.email, taken.joins, result.followed) == ("olga@trm.test", ["decided_by"], 1)


async def test_a_refused_signal_changes_nothing_and_shows_in_the_run(temporal: WorkflowEnvironment) -> None:
    worlds, asked = Worlds(), decision()
    wrong = [
        ("reject", signal("bob@trm.test")),
        ("approve", signal("olga@trm.test", 2, answer={"severity": 1})),
        ("reject", signal("olga@trm.test", 3)),
        ("approve", signal("olga@trm.test", 4)),
    ]
    result, _ = await walk(temporal, worlds, asked, signals=wrong)
    assert worlds.decisions[asked.id].properties["status"] == "Rejected"
    assert [one.values["status"] for one in worlds.changed] == ["Rejected"] * 2 + ["Approved"]
    assert result.followed == 0


def severity(**more: Any) -> Record:
    """A severity that nobody proposes, as a machine asks about it."""
    asked = decision(SeverityProposal(severity=Severity.HIGH), kind=DecisionKind.TENSION_SEVERITY, **more)
    return asked.model_copy(update={"origin": asked.origin.model_copy(update={"caller": None})})


@pytest.mark.parametrize(("said", "becomes"), [({}, 3), ({"severity": 1}, 1)])
async def test_a_severity_is_the_one_of_the_answer_or_the_proposed_one(
    temporal: WorkflowEnvironment, said: dict[str, Any], becomes: int
) -> None:
    worlds, asked = Worlds(), severity()
    wrong = ("approve", signal("olga@trm.test", answer={"severity": 9}))
    result, _ = await walk(
        temporal, worlds, asked, signals=[wrong, ("approve", signal("olga@trm.test", 2, answer=said))]
    )
    taken, follows, _ = worlds.changed
    assert taken.values["answer"] == f'{{"severity":{becomes}}}', "the answer is kept whole"
    assert (str(follows.id), follows.label, result.followed) == (asked.content["tensionId"], "Tension", 1)
    assert follows.values == {"severity": becomes, "severityBy": "human"}
    assert follows.origin.cause == taken.origin.event_id
    assert follows.origin.caller is None, "it is done of the agent's own accord"


async def test_a_severity_nobody_answers_about_may_become_the_proposed_one(temporal: WorkflowEnvironment) -> None:
    worlds, asked = Worlds(), severity(policy="Approve")
    await walk(temporal, worlds, asked)
    assert worlds.changed[-2].values == {"severity": 3, "severityBy": "human"}


async def test_who_is_meant_is_added_and_only_a_candidate(temporal: WorkflowEnvironment) -> None:
    named = MentionProposal(name="An", candidates=[MentionCandidate(id=GIVER, full_name="An")])
    worlds, asked = Worlds(), decision(named, kind=DecisionKind.PERSON_MENTION)
    answers = [{}, {"personId": str(RECEIVER)}, {"personId": str(GIVER)}]
    said = [signal("olga@trm.test", number, answer=one) for number, one in enumerate(answers)]
    wrong = answer(asked).model_copy(
        update={"values": {"status": "Approved", "answer": f'{{"personId":"{RECEIVER}"}}'}}
    )
    _, [refused] = await walk(temporal, worlds, asked, [wrong])
    assert isinstance(refused, WorkflowUpdateFailedError)
    assert isinstance(refused.cause, ApplicationError)
    assert refused.cause.details == ({"pointer": "/answer/personId"},)
    worlds = Worlds()
    await walk(temporal, worlds, asked, signals=[("approve", one) for one in said])
    taken, follows, _ = worlds.changed
    assert taken.values["answer"] == f'{{"personId":"{GIVER}"}}', "the two before it changed nothing"
    assert (follows.values, follows.adds) == ({}, {"mentioned_people": [{"id": str(GIVER)}]})


async def test_what_is_refused_for_good_is_recorded_and_not_tried_again(temporal: WorkflowEnvironment) -> None:
    worlds, asked = Worlds(), severity(policy="Approve")
    worlds.never = {UUID(str(asked.content["tensionId"]))}
    result, _ = await walk(temporal, worlds, asked)
    held = worlds.decisions[asked.id].properties
    assert (held["followed"], held["followReason"], result.followed) == ("Refused", "it was closed", 0)
    worlds.never, before = set(), len(worlds.changed)
    result, [told] = await walk(temporal, worlds, asked, [answer(asked)])
    assert isinstance(told, Exception), "it is decided"
    assert [one for one in worlds.changed[before:] if one.label == "Tension"] == [], "an answer refused changes nothing"


async def test_what_was_lost_with_the_run_is_done_by_the_next(temporal: WorkflowEnvironment) -> None:
    worlds, asked = Worlds(), decision()
    worlds.stands(asked, status="Approved", answer="{}", followed="Due")
    result, _ = await walk(temporal, worlds, asked)
    assert (types(worlds), result.followed) == ([FOLLOWED], 1)
    assert worlds.decisions[asked.id].properties["followed"] == "Done"


async def test_steps_count_from_when_it_was_asked_however_late_it_is_written(temporal: WorkflowEnvironment) -> None:
    worlds, asked = Worlds(), decision(authorities=["moderator"], escalation=["operator", "moderator", "board"])
    worlds.written_after = timedelta(days=2, hours=1)
    await walk(temporal, worlds, asked)
    added = [one.values["authorities"] for one in worlds.changed if one.origin.event_type == ESCALATED]
    assert added == [["moderator", "operator"]] * 2 + [["moderator", "operator", "board"]], "none is taken away"
    moments = [one.origin.sent_at for one in worlds.changed if one.origin.event_type == ESCALATED]
    assert {later - sooner for sooner, later in pairwise(moments)} == {timedelta(days=2)}


async def test_a_signal_that_comes_in_time_counts_however_late_it_is_looked_at(unhurried: WorkflowEnvironment) -> None:
    worlds, asked = Worlds(), decision(policy="Approve")
    ends = rfc3339(now() + timedelta(seconds=6))
    asked = asked.model_copy(update={"content": {**asked.content, **dict.fromkeys(_MOMENTS[1:], ends)}})
    settings = TemporalSettings(task_queue=str(uuid4()), sandbox=True, max_cached_workflows=0)  # the next takes it over
    run: WorkflowHandle[Any, Any] = await unhurried.client.start_workflow(
        DecisionWorkflow.run, asked, id=f"decision/{asked.id}", task_queue=settings.task_queue
    )
    async with make_worker(unhurried.client, settings, worlds.activities()):
        await until_waits(run)
    await run.signal("reject", signal("olga@trm.test"))
    await asyncio.sleep(7)  # nobody is there
    async with make_worker(unhurried.client, settings, worlds.activities()):
        await run.result()
    held = worlds.decisions[asked.id].properties
    assert (held["status"], held["decidedAs"]) == ("Rejected", "Operator")


@pytest.mark.parametrize(
    ("name", "given", "shown"),
    [
        ("approve", [], "it takes one input, not 0"),
        ("reject", ["a", b"b"], "it takes one input, not 2"),
        ("approve", [None], "the input"),
        ("approve", [b"\x00"], "the input"),
        ("approve", [{"requestId": "1"}], "/who: Field required"),
        ("approve", [{"requestId": "1", "who": "olga"}], "/who"),
        ("approve", [{"requestId": "", "who": "olga@trm.test"}], "/requestId"),
        ("approve", [{"requestId": "a\0", "who": "olga@trm.test"}], "NUL"),
        ("approve", [{"requestId": "1", "who": "olga@trm.test", "answer": []}], "/answer"),
        ("approve", [RawValue(Payload(metadata={"encoding": b"json/plain"}, data=b'{"why": "\\ud800"}'))], "the input"),
        ("approve", [RawValue(Payload(metadata={"encoding": b"other"}, data=b"{}"))], "cannot be read"),
        ("aprove", [{"requestId": "1", "who": "olga@trm.test"}], "no signal of ours; there are approve, reject"),
    ],
)
async def test_whatever_is_signalled_is_shown_and_the_decision_waits_on(
    unhurried: WorkflowEnvironment, name: str, given: list[Any], shown: str
) -> None:
    worlds, asked = Worlds(), decision()
    settings = TemporalSettings(task_queue=str(uuid4()), sandbox=True)
    async with make_worker(unhurried.client, settings, worlds.activities()):
        run: WorkflowHandle[Any, Any] = await unhurried.client.start_workflow(
            DecisionWorkflow.run, asked, id=f"decision/{asked.id}", task_queue=settings.task_queue
        )
        await run.signal("reject", signal("bob@trm.test"))
        await run.signal(name, args=given)
        async with asyncio.timeout(60):
            while shown not in (told := await details(run)):
                await asyncio.sleep(0.1)
        assert told.startswith("refused: ")
        await run.signal("reject", signal("olga@trm.test", 2))
        await run.result()
        assert await details(run) == "Rejected: olga@trm.test (2)"
    assert worlds.decisions[asked.id].properties["status"] == "Rejected"


async def test_a_run_that_is_full_goes_on_as_another(
    unhurried: WorkflowEnvironment, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What Temporal suggests after thousands of events is suggested after some here."""
    monkeypatch.setattr(Info, "is_continue_as_new_suggested", lambda info: info.get_current_history_length() > 40)
    worlds, asked = Worlds(), decision()
    nobody = [answer(asked).model_copy(update={"joins": ["decided_by"]}) for _ in range(12)]
    settings = TemporalSettings(task_queue=str(uuid4()), sandbox=False)
    async with make_worker(unhurried.client, settings, worlds.activities()):
        first: WorkflowHandle[Any, Any] = await unhurried.client.start_workflow(
            DecisionWorkflow.run, asked, id=f"decision/{asked.id}", task_queue=settings.task_queue
        )
        run = unhurried.client.get_workflow_handle(first.id)
        for one in nobody:
            with pytest.raises(WorkflowUpdateFailedError):
                await run.execute_update("decide", one)
        assert (await run.describe()).run_id != first.first_execution_run_id
        await run.execute_update("decide", answer(asked))
        assert (await run.result())["followed"] == 1
    assert worlds.decisions[asked.id].properties["followed"] == "Done"


async def test_a_pass_has_lost_decisions_wait_again(temporal: WorkflowEnvironment) -> None:
    worlds, asked = Worlds(), decision(policy="Reject")
    worlds.lost_decisions = [asked]
    settings = TemporalSettings(task_queue=str(uuid4()), sandbox=True)
    async with make_worker(temporal.client, settings, worlds.activities()):
        for _ in range(2):  # the second finds it running, or decided
            await temporal.client.execute_workflow(SweepWorkflow.run, id=str(uuid4()), task_queue=settings.task_queue)
        await temporal.client.get_workflow_handle(f"decision/{asked.id}").result()
    assert types(worlds).count(TAKEN) == 1
    assert worlds.decisions[asked.id].properties["status"] == "Rejected"


@pytest.mark.parametrize("broken", ["find_lost", "find_overdue"])
async def test_tensions_and_decisions_do_not_wait_for_each_other(temporal: WorkflowEnvironment, broken: str) -> None:
    worlds, asked, unread = Worlds(overdue=1), decision(policy="Reject"), decision()
    worlds.lost_decisions, worlds.broken = [unread, asked], {broken, str(unread.id)}
    settings = TemporalSettings(task_queue=str(uuid4()), sandbox=True)
    async with make_worker(temporal.client, settings, worlds.activities()):
        with pytest.raises(WorkflowFailureError):  # it is seen, and the next pass tries again
            await temporal.client.execute_workflow(SweepWorkflow.run, id=str(uuid4()), task_queue=settings.task_queue)
        if broken == "find_overdue":
            await temporal.client.get_workflow_handle(f"decision/{asked.id}").result()
    escalated = [one for one in worlds.changed if one.label == "Tension"]
    assert (len(escalated), asked.id in worlds.decisions) == ((1, False) if broken == "find_lost" else (0, True))
