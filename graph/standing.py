"""What somebody has a say in: who they are, whose authority they have, and in whose place they decide."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, LiteralString

from graph.database import GraphDatabase, Row, Transaction, asking
from graph.people_reads import PERSON_SET, authorities_of
from graph.visibility import Viewer
from ontology.enums import DelegationStatus
from runtime.authorities import Authorities

_NOW: LiteralString = "d.status = $given AND d.startAt <= $moment AND d.endAt > $moment"

_TAKEN: LiteralString = (
    """
MATCH (d:Delegation)-[by:DELEGATED_BY]->(p:Person)
WHERE """
    + _NOW
    + """ AND by.validTo IS NULL AND NOT p.id IN $viewers AND (d.authority IN $authorities OR EXISTS {
    MATCH (d)-[to:DELEGATED_TO]->(one:Person) WHERE to.validTo IS NULL AND one.id IN $viewers
  })
"""
)

_IN_PLACE = (
    _TAKEN
    + "CALL (p) {"
    + PERSON_SET
    + "}\nRETURN id, merged, d.authorities AS authorities, d.kinds AS kinds ORDER BY id, d.id"
)

_DELEGATES = (
    """
MATCH (d:Delegation)-[by:DELEGATED_BY]->(p:Person)
WHERE """
    + _NOW
    + """ AND by.validTo IS NULL AND (size(d.kinds) = 0 OR $kind IN d.kinds)
OPTIONAL MATCH (d)-[to:DELEGATED_TO]->(one:Person) WHERE to.validTo IS NULL
CALL (p) {"""
    + PERSON_SET
    + """}
RETURN id, merged, d.authorities AS authorities, d.kinds AS kinds, p.fullName AS giver, one.id AS delegateId,
  coalesce(one.fullName, 'whoever has the authority of ' + d.authority) AS delegate
ORDER BY delegate, giver, d.id
"""
)


@dataclass(frozen=True)
class Asked:
    """Of whom a decision is asked, and who proposed it."""

    kind: str
    people: Collection[str]
    authorities: Collection[str]
    proposers: Collection[str] = ()


@dataclass(frozen=True)
class InPlace:
    """Somebody in whose place another decides.

    Parameters
    ----------
    people
        Their ids, the one they are known by first.
    authorities
        Those of theirs that they delegated too, and still have.
    kinds
        Of which decisions; empty: of all.
    """

    people: Sequence[str]
    authorities: Sequence[str] = ()
    kinds: Sequence[str] = ()

    def may(self, asked: Asked) -> bool:
        """Whether what is asked is asked of them."""
        if self.kinds and asked.kind not in self.kinds:
            return False
        by_name, by_authority = set(self.people) & set(asked.people), set(self.authorities) & set(asked.authorities)
        return bool(by_name or by_authority) and not set(self.people) & set(asked.proposers)


@dataclass(frozen=True)
class Standing:
    """Somebody who may be asked to decide.

    Parameters
    ----------
    viewer
        Who they are.
    authorities
        What they have the authority of.
    in_place_of
        In whose place they decide as well.
    """

    viewer: Viewer
    authorities: list[str] = field(default_factory=list)
    in_place_of: Sequence[InPlace] = ()

    @property
    def own(self) -> InPlace:
        """What they decide for themselves."""
        return InPlace([str(one) for one in self.viewer.people], self.authorities)

    def place(self, asked: Asked) -> InPlace | None:
        """In whose place somebody may decide, their own before others'; None: in nobody's."""
        if set(self.own.people) & set(asked.proposers):
            return None
        return next((one for one in (self.own, *self.in_place_of) if one.may(asked)), None)

    def parameters(self) -> dict[str, Any]:
        """What the conditions on decisions take, and those on who sees what."""
        places = [
            {"people": list(one.people), "authorities": list(one.authorities), "kinds": list(one.kinds)}
            for one in self.in_place_of
        ]
        return {**self.viewer.parameters(), "authorities": self.authorities, "places": places}


async def standing_behind(
    source: GraphDatabase | Transaction,
    viewer: Viewer,
    held: Sequence[str],
    moment: datetime,
    authorities: Authorities,
) -> Standing:
    """What somebody has a say in at a moment; delegations are not passed on.

    Parameters
    ----------
    source, viewer, held, moment
        Who has which authorities, and when.
    authorities
        Whose each is: one that was handed on counts for as long as whoever gave it has it.
    """
    ask = asking(source)
    known = {**viewer.parameters(), "authorities": list(held)}
    rows = await ask(_IN_PLACE, **known, moment=moment, given=DelegationStatus.GIVEN)
    return Standing(viewer, list(held), await _places(source, rows, authorities))


async def delegates_of(
    transaction: Transaction, asked: Asked, moment: datetime, authorities: Authorities, *, but: Collection[str]
) -> list[str]:
    """Who decides in the place of those who are asked, in words; ``but`` are ids of who is not to be named."""
    rows: list[Row] = await transaction.rows(_DELEGATES, kind=asked.kind, moment=moment, given=DelegationStatus.GIVEN)
    places = await _places(transaction, rows, authorities)
    unnamed = {*but, *asked.proposers}
    named = [
        f"{row['delegate']} in the place of {row['giver']}"
        for row, place in zip(rows, places, strict=True)
        if place.may(asked) and row["delegateId"] not in unnamed
    ]
    return list(dict.fromkeys(named))


async def _places(source: GraphDatabase | Transaction, rows: Sequence[Row], authorities: Authorities) -> list[InPlace]:
    """In whose place each delegation lets decide, with what its giver handed on and still has."""
    people = [[row["id"], *row["merged"]] for row in rows]
    handing = [ids for ids, row in zip(people, rows, strict=True) if row["authorities"]]
    still = iter(await authorities_of(source, handing, authorities) if handing else [])
    return [
        InPlace(ids, sorted(next(still) & {*row["authorities"]}) if row["authorities"] else [], row["kinds"] or [])
        for ids, row in zip(people, rows, strict=True)
    ]
