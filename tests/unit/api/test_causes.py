"""Events as causes: what followed from something private is told without what leads there."""

from typing import Any
from uuid import uuid4

from api.schemas import provenance
from api.why.causes import causes
from api.why.page import _told
from api.why.schemas import LinksDTO
from graph.visibility import OF_RUN
from runtime.clock import now
from runtime.settings import Settings

TREE = Settings(_env_file=None)


def event(**more: Any) -> dict[str, Any]:
    said = {"id": str(uuid4()), "type": "TENSION_FOLLOWED", "source": "urn:test"}
    run = {"workflowId": "project/x/y", "runId": "r", "traceId": "0" * 32, "cause": str(uuid4()), "reason": "we move"}
    return {**said, "occurredAt": now(), "recordedAt": now(), **run, **more}


def test_a_cause_says_whose_run_it_was_and_where_to_look() -> None:
    known = event()
    row = {"event": known, "senders": [], "speakers": []}
    cause = causes({known["id"]: row}, TREE)[known["id"]]
    assert (cause.workflow_id, cause.agent, cause.reason) == ("project/x/y", "ChangeWorkflow", "we move")
    assert "project%2Fx%2Fy" in str(cause.links.run)
    assert _told({"label": "Event", "properties": known}, {known["id"]: cause}) == known


def test_one_whose_run_is_hidden_leads_nowhere() -> None:
    known = event(**dict.fromkeys(OF_RUN))
    row = {"event": known, "senders": [], "speakers": []}
    cause = causes({known["id"]: row}, TREE)[known["id"]]
    told = (cause.workflow_id, cause.run_id, cause.agent, cause.trace_id, cause.cause, cause.reason)
    assert (told, cause.links) == ((None,) * 6, LinksDTO())
    whole = event(id=known["id"])
    assert OF_RUN[0] not in _told({"label": "Event", "properties": whole}, {known["id"]: cause})
    [brief] = provenance([known])
    assert (brief.event_id, brief.workflow_id, brief.run_id) == (cause.event_id, None, None)
