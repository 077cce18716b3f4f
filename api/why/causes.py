"""Events as causes: who was behind them, and where to look further."""

from typing import Any
from urllib.parse import quote
from uuid import UUID

from api.schemas import PersonBriefDTO, ProvenanceDTO
from api.why.schemas import CauseDTO, LinksDTO, SenderDTO
from ontology.kinds.agents import agent_of
from runtime.settings import Settings

Row = dict[str, Any]


def causes(rows: dict[str, Row], tree: Settings) -> dict[str, CauseDTO]:
    """Event rows as causes, by event id."""
    return {event_id: _cause(row, tree) for event_id, row in rows.items()}


def links(tree: Settings, workflow_id: str, run_id: str | None, trace_id: str | None = None) -> LinksDTO:
    """Addresses of a run and a trace, as far as the settings name the viewers."""
    base, trace_url = tree.temporal.ui_url.rstrip("/"), tree.telemetry.trace_url
    runs = f"{base}/namespaces/{quote(tree.temporal.namespace, safe='')}/workflows/{quote(workflow_id, safe='')}"
    return LinksDTO(
        run=(f"{runs}/{run_id}/history" if run_id else runs) if base else None,
        trace=trace_url.replace("{traceId}", trace_id) if trace_url and trace_id else None,
    )


def _cause(row: Row, tree: Settings) -> CauseDTO:
    event = row["event"]
    sender = row["senders"][0] if row["senders"] else None
    speaker = row["speakers"][0] if row["speakers"] else None
    known = {str(field.alias) for field in ProvenanceDTO.model_fields.values() if field.alias in event}
    run = event.get("workflowId")
    return CauseDTO(
        event_id=event["id"],
        **{name: event[name] for name in known},
        **{name: event.get(name) for name in ("attempt", "local", "traceId", "reason", "cause")},
        agent=agent_of(run) if run else None,
        sent_by=_sender(event.get("actor"), sender),
        on_behalf_of=PersonBriefDTO(**speaker) if speaker and speaker != sender else None,
        links=links(tree, run, event.get("runId"), event.get("traceId")) if run else LinksDTO(),
    )


def _sender(identity: str | None, person: Row | None) -> SenderDTO | None:
    if identity is None:
        return None
    return SenderDTO(identity_id=UUID(identity), person=PersonBriefDTO(**person) if person else None)
