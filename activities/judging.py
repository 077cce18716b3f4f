"""What the machine thinks of a tension; in a process of its own, since it computes and others must answer meanwhile.

The model is handed in: the agents, which only name this step, do without the libraries that it is built on.
"""

import asyncio
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import TYPE_CHECKING, Any, Protocol
from uuid import UUID

from pydantic import JsonValue, TypeAdapter
from temporalio import activity

from activities.failures import failing_typed
from activities.heartbeat import heartbeating
from activities.origins import own_origin
from graph.asking import ask_of_tension, in_words
from graph.database import GraphDatabase, Row
from graph.tensions import tension_to_judge
from ontology import ids
from ontology.base import OntologyModel
from ontology.commands import Change, Origin, Record
from ontology.enums import DecisionKind
from ontology.events import EventType
from ontology.judgement import MentionFound, SeverityJudgement
from ontology.kinds.decision import DECISION
from ontology.kinds.tension import TENSION, WORDS, is_rated_by_human, text_of
from ontology.questions import MentionCandidate, MentionProposal, SeverityProposal
from runtime.clock import now
from runtime.settings import DecisionSettings, DecisionTerms
from runtime.text import fold

if TYPE_CHECKING:
    from scoring.severity import Array


MENTIONS = TypeAdapter(list[MentionFound])

Links = dict[str, list[dict[str, JsonValue]]]

_CANDIDATES = 10
"""Of so many people it can be asked who is meant; a name of more tells nobody apart."""

_ASKED_AT_ONCE = 4
"""Decisions of one tension that are asked for at once."""


class Judge(Protocol):
    """Says how severe a text is."""

    def judge(self, text: str, vector: "Array | None" = None) -> SeverityJudgement:
        """What a text looks like, and why; ``vector`` is its meaning, shape (width,)."""


class ActiveJudge(Protocol):
    """Knows who judges."""

    async def get(self) -> Judge:
        """Who does, as of some seconds ago."""


class Meaning(Protocol):
    """Turns texts into vectors."""

    async def meaning(self, text: str) -> "Array":
        """The vector of a text, shape (width,)."""


class Names(Protocol):
    """Knows whom and what texts name."""

    async def found(self, texts: Mapping[str, str]) -> list[MentionFound]:
        """Whom and what texts name; field → text."""

    def candidates(self, ids: Iterable[UUID]) -> list[MentionCandidate]:
        """Who some people are."""


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
    active, meaning
        Who says how severe a text is, and what makes its vector.
    names
        Who says whom and what it names.
    terms
        On which terms humans are asked.
    source
        Names us in events.
    """

    def __init__(
        self,
        graph: GraphDatabase,
        active: ActiveJudge,
        meaning: Meaning,
        names: Names,
        terms: DecisionSettings,
        source: str,
    ) -> None:
        self._graph = graph
        self._active = active
        self._meaning = meaning
        self._names = names
        self._terms = terms
        self._source = source

    @activity.defn
    @failing_typed
    async def judge_tension(self, asked: ToJudge) -> Judged:
        """How severe a tension is, as it stands now; a repetition says the same of the same revision."""
        row = await tension_to_judge(self._graph, asked.id)
        if row is None:
            return Judged()
        tension = row["tension"]
        text = text_of(tension)
        async with heartbeating():
            vector = await self._meaning.meaning(text)
            judge = await self._active.get()
            judgement = await asyncio.to_thread(judge.judge, text, vector)
            mentions = await self._names.found({name: tension[name] for name in WORDS if tension.get(name)})
        change = self._change(row, judgement, mentions)
        asks = list(islice(self._asks(row, judgement, mentions), _ASKED_AT_ONCE)) if asked.asks else []
        return Judged(change=change, asks=asks)

    def _change(self, row: Row, judgement: SeverityJudgement, mentions: list[MentionFound]) -> Change | None:
        """The change that writes it all down; None where it stands so.

        The transaction leaves alone what a human said of the severity.
        """
        tension = row["tension"]
        said = {"severityJudgement": judgement.model_dump_json(by_alias=True), "mentions": _written(mentions)}
        links, adds = _linked(row, mentions)
        if said.items() <= {"mentions": None, **tension}.items() and not (links or adds):
            return None
        values: dict[str, Any] = {
            **said,
            "severity": judgement.severity and int(judgement.severity),
            "severityBy": judgement.severity and judgement.model,
            "analysedRev": tension["rev"] + 1,
        }
        return Change(
            id=tension["id"],
            label=TENSION.label,
            origin=self._origin(tension, "analysed", EventType.TENSION_ANALYSED, judgement),
            revisions=[tension["rev"]],
            values=values,
            links=links,
            adds=adds,
        )

    def _asks(self, row: Row, judgement: SeverityJudgement, mentions: list[MentionFound]) -> Iterator[Record]:
        """What humans are asked: what nobody has said, and nobody is asked yet."""
        tension, terms = row["tension"], self._terms
        if judgement.severity is None and not row["asked"] and not is_rated_by_human(tension):
            proposed = SeverityProposal(severity=judgement.likeliest, reason=_why(judgement))
            question = in_words("Is the severity {} right for “{}”?", int(judgement.likeliest), tension["title"])
            yield from self._decision(row, DecisionKind.TENSION_SEVERITY, question, proposed, terms.tension_severity)
        known = {fold(MentionProposal.model_validate_json(one).name) for one in row["askedNames"]}
        for one in mentions:
            name = one.words.removeprefix("@")
            if one.label != "Person" or not 1 < len(one.ids) <= _CANDIDATES or fold(name) in known:
                continue
            known.add(fold(name))
            among = MentionProposal(name=name, candidates=self._names.candidates(one.ids))
            question = in_words("Who is {} in “{}”?", name, tension["title"])
            yield from self._decision(row, DecisionKind.PERSON_MENTION, question, among, terms.person_mention, name)

    def _decision(
        self,
        row: Row,
        kind: DecisionKind,
        question: str,
        proposal: OntologyModel,
        terms: DecisionTerms,
        about: str = "",
    ) -> Iterator[Record]:
        asked = ask_of_tension(kind, question, proposal, terms, row)
        if asked is not None:
            step = f"asked/{kind}/{fold(about)}"
            origin = self._origin(row["tension"], step, EventType.DECISION_ASKED, asked)
            command = DECISION.command_of(origin.event_id, origin, asked)
            assert isinstance(command, Record)
            yield command

    def _origin(self, tension: dict[str, Any], step: str, event_type: str, said: OntologyModel) -> Origin:
        """Of the machine; ids derive from the revision that was judged, so that it happens once."""
        event = ids.step_event(f"{TENSION.name}/{tension['id']}", f"{step}/{tension['rev']}")
        return own_origin(event, event_type, self._source, said, now())


def _written(mentions: list[MentionFound]) -> str | None:
    return MENTIONS.dump_json(mentions, by_alias=True, exclude_none=True).decode() if mentions else None


def _linked(row: Row, mentions: list[MentionFound]) -> tuple[Links, Links]:
    """Whom and what a tension shall mention, and shall mention besides, where that is not so yet.

    What was linked for words that are gone is mentioned no more; what humans said stays.
    """
    before = MENTIONS.validate_json(row["tension"].get("mentions") or "[]")
    links, adds = Links(), Links()
    for label, field in (("Person", "mentioned_people"), ("Project", "mentioned_projects")):
        old, new = (
            {str(one.linked) for one in some if one.linked and one.label == label} for some in (before, mentions)
        )
        held = {one["id"] for one in row["mentioned"] if one["label"] == label}
        if (old - new) & held:
            links[field] = [{"id": one} for one in sorted(held - old | new)]
        elif new - held:
            adds[field] = [{"id": one} for one in sorted(new - held)]
    return links, adds


def _why(judgement: SeverityJudgement) -> str:
    rules = "".join(f"; “{rule.words}”: {rule.rule}" for rule in judgement.rules)
    return f"{judgement.abstained}: {judgement.confidence:.0%} sure by {judgement.model}{rules}"
