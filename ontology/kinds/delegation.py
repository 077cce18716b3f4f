"""Delegations: who decides in somebody's place, on what, and how long."""

from typing import Any

from pydantic import Field, field_validator, model_validator

from ontology.base import OntologyModel, Text, Timestamp
from ontology.enums import DecisionKind
from ontology.events import EventType
from ontology.kinds.kind import Kind, Reference
from ontology.nodes import Delegation
from ontology.references import PersonRef
from ontology.scopes import Scope


class DelegationGiven(OntologyModel):
    """What somebody is asked to decide is decided by another meanwhile; whoever gives it is the caller.

    Attributes
    ----------
    delegate, authority
        To whom: a person, or everyone with an authority; one of the two.
    authorities
        Of those that whoever gives it has: what is asked of them is delegated too.
    kinds
        Kinds of decisions; empty: all.
    """

    delegator: PersonRef | None = None
    delegate: PersonRef | None = None
    authority: str | None = Field(None, min_length=1, max_length=64)
    authorities: list[str] = Field(default=[], max_length=20)
    kinds: list[DecisionKind] = Field(default=[], max_length=20)
    start_at: Timestamp
    end_at: Timestamp
    note: Text | None = None

    @field_validator("authorities", "kinds")
    @classmethod
    def _once(cls, said: list[Any]) -> list[Any]:
        return list(dict.fromkeys(said))

    @model_validator(mode="after")
    def _to_one(self) -> "DelegationGiven":
        if (self.delegate is None) == (self.authority is None):
            raise ValueError("name either a delegate or an authority")
        return self


DELEGATION = Kind(
    name="delegation",
    plural="delegations",
    entity=Delegation,
    content=DelegationGiven,
    recorded=EventType.DELEGATION_GIVEN,
    withdrawn=EventType.DELEGATION_WITHDRAWN,
    reads=Scope.READ_DECISION,
    writes=Scope.WRITE_DECISION,
    references=(
        Reference("delegator", "DELEGATED_BY", "Person", own="You may only delegate what is asked of you."),
        Reference("delegate", "DELEGATED_TO", "Person"),
    ),
    authors=("DELEGATED_BY",),
)
