"""One thing followed through every store: accepted by REST, carried by a run, written, told, and found again."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import httpx
from pydantic.alias_generators import to_camel

from cli.traces import watch_trace
from events.log import header_text, read_topic
from events.names import topic_of
from knowledge.store import KnowledgeStore
from ontology.events import PUBLISHED_EVENTS
from ontology.kinds import Kind
from runtime.settings import EventSettings, Settings

_TRACE_LIMIT = 20.0
_DEEP = 10
"""Hits of the search for a thing's own words among which it must be."""


@dataclass(frozen=True)
class Followed:
    """A thing as every store has it: what to show, and what is not as it should be."""

    shown: dict[str, str]
    problems: list[str]


@dataclass(frozen=True)
class Follower:
    """Follows things that were posted since a moment; older ones are of an earlier start."""

    tree: Settings
    store: KnowledgeStore
    web: httpx.AsyncClient
    began: datetime

    async def follow(self, kind: Kind, thing: str) -> Followed:
        """Look for it in every store, and say where it is."""
        answer = await self._read(f"/v1/{kind.plural}/{thing}")
        why = await self._read(f"/v1/why/{thing}")
        event = next(one for one in why["recordedBy"] if one["type"] == kind.recorded)
        fresh = datetime.fromisoformat(event["recordedAt"]) >= self.began
        words = str(answer.get("title") or answer.get("content"))
        told, lacking = await self._told(kind, event["eventId"])
        found = await self._found(kind, thing, words)
        trace, whole = await self._trace(event, fresh=fresh)
        problems = [
            *lacking,
            *([] if found else ["is not found by its own words"]),
            *([] if whole or not fresh else ["has a trace that is not whole"]),
        ]
        shown = {
            kind.name: thing,
            "content": words,
            **{name: who for name, who in _named(kind, answer).items() if who},
            "status": answer["status"],
            "event": event["eventId"],
            "recorded": event["recordedAt"],
            "workflow": event["workflowId"],
            "run": f"{event['runId']}, attempt {event.get('attempt', 'unknown')}",
            "graph": f"revision {answer['rev']}, {len(why['states'])} states, {len(why['relations'])} relations",
            **told,
            "vector": await self._vector(thing),
            "search": found or "not found",
            "in Temporal": event["links"]["run"],
            "trace": trace,
            "why": f"trm why {thing}",
        }
        return Followed(shown, [f"the followed {kind.name} {problem}" for problem in problems])

    async def _read(self, path: str, **params: Any) -> dict[str, Any]:
        answer: dict[str, Any] = (await self.web.get(path, params=params)).raise_for_status().json()
        return answer

    async def _told(self, kind: Kind, event: str) -> tuple[dict[str, str], list[str]]:
        """Where Kafka has the event and its change record, and which of both it lacks or has twice."""
        events = self.tree.events
        topic = topic_of(events, PUBLISHED_EVENTS[kind.recorded].topic)
        told = await _places(events, topic, event)
        changes = await _places(events, events.changes_topic, event)
        lacking = [] if len(told) == 1 else [f"stands in {topic} {len(told)} times"]
        lacking += [] if changes else [f"has no change record in {events.changes_topic}"]
        return {"in Kafka": f"{kind.recorded}, {', '.join(told)}", "change": ", ".join(changes)}, lacking

    async def _vector(self, thing: str) -> str:
        [snippet] = await self.store.get(UUID(thing))
        return f"{snippet.model}, revision {snippet.revision}, text {snippet.content_hash[:12]}…"

    async def _found(self, kind: Kind, thing: str, words: str) -> str:
        """How the search for its own words finds it; empty when it does not."""
        hits = (await self._read("/v1/search", q=words[:1000], kind=kind.name, limit=_DEEP))["hits"]
        for place, hit in enumerate(hits, 1):
            if hit["sourceId"] == thing:
                ranks = [f"{arm} #{hit[arm]['rank']}" for arm in ("meaning", "words") if hit.get(arm)]
                return f"#{place} for its own words ({', '.join(ranks)})"
        return ""

    async def _trace(self, event: dict[str, Any], *, fresh: bool) -> tuple[str, bool]:
        """What to say of a write's trace, and whether it is whole; one of an earlier start is looked for only once."""
        if "traceId" not in event:
            return "not traced", True
        try:
            seen = await watch_trace(self.tree.telemetry, event["traceId"], limit=_TRACE_LIMIT if fresh else 0.0)
        except httpx.TransportError:
            return "the trace viewer does not run", True
        if seen.spans == 0 and not fresh:
            return "not kept any more: the viewer holds traces in memory, and this one is of an earlier start", True
        return f"{event['links']['trace']} ({seen.spans} spans through {', '.join(seen.services)})", seen.whole


def _named(kind: Kind, answer: dict[str, Any]) -> dict[str, str]:
    """Whom it names, by field."""
    named = {}
    for reference in kind.references:
        field = to_camel(reference.field)
        value = answer.get(field) or []
        people = value if isinstance(value, list) else [value]
        named[field] = ", ".join(str(one.get("fullName") or one.get("name")) for one in people if isinstance(one, dict))
    return named


async def _places(settings: EventSettings, topic: str, event: str) -> list[str]:
    """Topic, partition and offset of every message of an event; a change record stands under its id."""
    return [
        f"{topic} {record.partition}:{record.offset}"
        async for record in read_topic(settings, topic)
        if event in {header_text(record, "ce_id"), (record.key or b"").decode(errors="replace")}
    ]
