"""What the machine thinks of a tension; in a process of its own, since it computes and others must answer meanwhile.

The model is handed in: the agents, which only name this step, do without the libraries that it is built on.
"""

import asyncio
from typing import TYPE_CHECKING, Any, Protocol
from uuid import UUID

from temporalio import activity

from activities.failures import failing_typed
from graph.asking import ask_of_tension, in_words
from graph.database import GraphDatabase, Row
from graph.tensions import tension_to_judge
from ontology import ids
from ontology.base import OntologyModel
from ontology.commands import Change, Origin, Record
from ontology.enums import DecisionKind
from ontology.events import EventType
from ontology.judgement import SeverityJudgement
from ontology.kinds.decision import DECISION, DecisionAsked
from ontology.kinds.tension import TENSION, text_of
from ontology.questions import SeverityProposal
from runtime.clock import now
from runtime.hashing import request_hash
from runtime.settings import DecisionSettings

if TYPE_CHECKING:
    from scoring.severity import Array


class Judge(Protocol):
    """Says how severe a text is."""

    def judge(self, text: str, vector: "Array | None" = None) -> SeverityJudgement:
        """What a text looks like, and why; ``vector`` is its meaning, shape (width,)."""


class Meaning(Protocol):
    """Turns texts into vectors."""

    async def meaning(self, text: str) -> "Array":
        """The vector of a text, shape (width,)."""


class ToJudge(OntologyModel):
    """Which tension, and whether humans are asked what the machine does not know."""

    id: UUID
    asks: bool = True


class Judged(OntologyModel):
    """What is to become of a tension, and what humans are asked; nothing where it is gone."""

    change: Change | None = None
    asks: list[Record] = []


class JudgementActivities:
    """Judges tensions.

    Parameters
    ----------
    graph
        Where they stand.
    judge, meaning
        Who says how severe a text is, and what makes its vector.
    terms
        On which terms humans are asked.
    source
        Names us in events.
    """

    def __init__(
        self, graph: GraphDatabase, judge: Judge, meaning: Meaning, terms: DecisionSettings, source: str
    ) -> None:
        self._graph = graph
        self._judge = judge
        self._meaning = meaning
        self._terms = terms
        self._source = source

    @activity.defn
    @failing_typed
    async def judge_tension(self, asked: ToJudge) -> Judged:
        """How severe a tension is, as it stands now; a repetition says the same of the same revision."""
        row = await tension_to_judge(self._graph, asked.id)
        if row is None:
            return Judged()
        text = text_of(row["tension"])
        vector = await self._meaning.meaning(text)
        judgement = await asyncio.to_thread(self._judge.judge, text, vector)
        change = None if _stands(row["tension"], judgement) else self._change(row, judgement)
        silent = not asked.asks or judgement.severity is not None or row["asked"] or _is_of_humans(row["tension"])
        return Judged(change=change, asks=[] if silent else self._asks(row, judgement))

    def _change(self, row: Row, judgement: SeverityJudgement) -> Change:
        """The change that writes a judgement down; the transaction leaves alone what a human said."""
        tension = row["tension"]
        values: dict[str, Any] = {
            "severity": judgement.severity and int(judgement.severity),
            "severityBy": judgement.severity and judgement.model,
            "severityJudgement": judgement.model_dump_json(by_alias=True),
            "analysedRev": tension["rev"] + 1,
        }
        origin = self._origin(tension, "analysed", EventType.TENSION_ANALYSED, judgement)
        return Change(id=tension["id"], label=TENSION.label, origin=origin, revisions=[tension["rev"]], values=values)

    def _asks(self, row: Row, judgement: SeverityJudgement) -> list[Record]:
        terms = self._terms.tension_severity
        proposal = SeverityProposal(severity=judgement.likeliest, reason=_why(judgement))
        question = in_words("Is the severity {} right for “{}”?", int(judgement.likeliest), row["tension"]["title"])
        asked = ask_of_tension(DecisionKind.TENSION_SEVERITY, question, proposal, terms, row)
        return [] if asked is None else [self._decision(row["tension"], asked)]

    def _decision(self, tension: dict[str, Any], asked: DecisionAsked) -> Record:
        origin = self._origin(tension, f"asked/{asked.kind}", EventType.DECISION_ASKED, asked)
        command = DECISION.command_of(origin.event_id, origin, asked)
        assert isinstance(command, Record)
        return command

    def _origin(self, tension: dict[str, Any], step: str, event_type: str, said: OntologyModel) -> Origin:
        """Of the machine; ids derive from the revision that was judged, so that it happens once."""
        moment = now()
        return Origin(
            event_id=ids.step_event(f"{TENSION.name}/{tension['id']}", f"{step}/{tension['rev']}"),
            event_type=event_type,
            source=self._source,
            occurred_at=moment,
            sent_at=moment,
            request_hash=request_hash(said),
        )


def _stands(tension: dict[str, Any], judgement: SeverityJudgement) -> bool:
    """Whether the same was said already, and humans have not said anything since that it must leave alone."""
    return bool(tension.get("severityJudgement") == judgement.model_dump_json(by_alias=True))


def _is_of_humans(tension: dict[str, Any]) -> bool:
    return tension.get("severity") is not None and tension.get("severityBy") in (None, "human")


def _why(judgement: SeverityJudgement) -> str:
    rules = "".join(f"; “{rule.words}”: {rule.rule}" for rule in judgement.rules)
    return f"{judgement.abstained}: {judgement.confidence:.0%} sure by {judgement.model}{rules}"
