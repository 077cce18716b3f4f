"""Delegations as they are said."""

from ontology.enums import DecisionKind
from ontology.kinds.delegation import DelegationGiven
from runtime.clock import now


def test_what_is_repeated_is_kept_once() -> None:
    merge, severity = DecisionKind.PERSON_MERGE, DecisionKind.TENSION_SEVERITY
    given = DelegationGiven(
        authority="founder",
        authorities=["operator", "moderator", "operator"],
        kinds=[severity, merge, severity],
        start_at=now(),
        end_at=now(),
    )
    assert (given.authorities, given.kinds) == (["operator", "moderator"], [severity, merge])
