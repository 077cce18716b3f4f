"""Decisions as agents ask for them: of whom, and what happens in which time."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from temporalio.client import Client

from ontology.commands import Origin
from ontology.enums import DecisionKind, DecisionPolicy
from ontology.events import EventType
from ontology.kinds.decision import DECISION, DecisionAsked
from ontology.questions import QUESTIONS, MergeProposal
from ontology.references import PersonRef
from runtime.clock import now
from workflows.search_attributes import search_attributes


async def ask_by_agent(
    client: Client,
    task_queue: str,
    survivor: str,
    duplicate: str,
    *,
    asked: str | None = None,
    policy: DecisionPolicy | None = None,
    **after: timedelta,
) -> UUID:
    """Ask, as an agent does of its own accord, whether two people are one; gives the decision's id.

    Parameters
    ----------
    client, task_queue
        Where it is to wait.
    survivor, duplicate
        Ids of the two.
    asked
        Address of who is asked; absent: the operators.
    policy, after
        What becomes of it at the deadline; and ``remind_at``, ``deadline`` and so on, from now on.
    """
    entity, moment = uuid4(), now()
    more: dict[str, Any] = {name: moment + span for name, span in after.items()}
    said = DecisionAsked(
        kind=DecisionKind.PERSON_MERGE,
        question="Are they one?",
        person=PersonRef(id=UUID(survivor)),
        asked=[PersonRef(email=asked)] if asked else [],
        authorities=[] if asked else ["operator"],
        form=QUESTIONS[DecisionKind.PERSON_MERGE].form,
        proposal=MergeProposal(duplicate_id=UUID(duplicate)).model_dump_json(),
        policy=policy,
        asked_at=moment,
        **more,
    )
    origin = Origin(
        event_id=DECISION.record_event(entity),
        event_type=EventType.DECISION_ASKED,
        source="urn:test",
        occurred_at=moment,
        sent_at=moment,
        request_hash="0" * 64,
    )
    command = DECISION.command_of(entity, origin, said)
    await client.start_workflow(
        DECISION.agent,
        command,
        id=DECISION.run_id(entity, origin.event_id),
        task_queue=task_queue,
        search_attributes=search_attributes(command, DECISION.label),
    )
    return entity
