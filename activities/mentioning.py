"""Whom and what texts name, by the names that the graph has at that moment.

Its index is kept in memory and changed by what changed since the last look, so that a new name counts at once.
"""

import asyncio
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from graph.database import GraphDatabase, Row
from graph.known_names import names_changed, names_of
from ontology.enums import Visibility
from ontology.judgement import MentionFound
from ontology.questions import MentionCandidate
from scoring.entities import Entities, Known

_OVERLAP = timedelta(seconds=15)
"""How long a write may have taken between its moment and the commit by which it is seen; transactions last five."""

_FIRST = datetime(1970, 1, 1, tzinfo=UTC)

Label = Literal["Person", "Project"]


class KnownNames:
    """Everybody and everything known, as texts may name them.

    Parameters
    ----------
    graph
        Where they stand.
    """

    def __init__(self, graph: GraphDatabase) -> None:
        self._graph = graph
        self._entities = Entities()
        self._names: dict[str, str] = {}
        self._led: dict[str, str] = {}
        self._seen: dict[Label, datetime] = {"Person": _FIRST, "Project": _FIRST}
        self._turn = asyncio.Lock()

    async def found(self, texts: Mapping[str, str]) -> list[MentionFound]:
        """Whom and what texts name; field → text."""
        async with self._turn:
            await self._look()
            return await asyncio.to_thread(self._found, texts)

    def candidates(self, ids: Iterable[UUID]) -> list[MentionCandidate]:
        """Who some people are."""
        return [MentionCandidate(id=one, full_name=self._names[str(one)]) for one in ids]

    def _found(self, texts: Mapping[str, str]) -> list[MentionFound]:
        return [
            MentionFound(
                field=field,
                start=one.start,
                end=one.end,
                words=one.words,
                label=one.label,
                ids=[UUID(known) for known in one.ids],
                reason=one.reason,
            )
            for field, text in texts.items()
            for one in self._entities.mentions(text)
        ]

    async def _look(self) -> None:
        """Learn what was changed since the last look."""
        for label, seen in self._seen.items():
            at, after = seen - _OVERLAP, ""
            while rows := await names_changed(self._graph, label, at, after):
                alone = await asyncio.to_thread(self._learn, label, rows)
                await asyncio.to_thread(self._learn, label, await names_of(self._graph, alone) if alone else [])
                at, after = rows[-1]["at"], rows[-1]["changed"]
                self._seen[label] = max(self._seen[label], at)

    def _learn(self, label: Label, rows: list[Row]) -> set[str]:
        """Take names in; gives those who lost somebody that was told apart from them."""
        alone = set()
        for row in rows:
            known, changed = row["known"], row["changed"]
            leader = self._led.pop(changed, known["id"])
            if leader != known["id"]:
                alone.add(leader)
            if changed != known["id"]:
                self._entities.remove(changed)
            self._put(label, known, row["former"])
        return alone

    def _put(self, label: Label, known: dict[str, Any], former: list[dict[str, Any]]) -> None:
        """What somebody is called, and what others were who turned out to be them."""
        everybody = [known, *former]
        called = [name for one in everybody for name in _called(one)]
        handles = [one["handle"] for one in everybody if one.get("handle")]
        self._led |= {one["id"]: known["id"] for one in former}
        self._names[known["id"]] = known.get("fullName") or known["name"]
        if not (called or handles) or known.get("visibility", Visibility.EVERYONE) != Visibility.EVERYONE:
            self._entities.remove(known["id"])
            return
        name, *aliases = called or handles
        self._entities.put(Known(known["id"], label, name, tuple(aliases), tuple(handles)))


def _called(known: dict[str, Any]) -> list[str]:
    """Names and aliases; who is known by an address alone is called by no name of their own."""
    if "name" in known:
        return [known["name"]]
    return [*([] if known["provisional"] else [known["fullName"]]), *known.get("aliases", [])]
