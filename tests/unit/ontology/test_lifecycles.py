"""Lifecycles lead only where they should."""

from typing import get_args

from ontology.enums import TensionStatus
from ontology.lifecycles import LIFECYCLES
from ontology.nodes import ENTITIES


def test_every_lifecycle_governs_a_declared_node() -> None:
    for label, lifecycle in LIFECYCLES.items():
        status = ENTITIES[label].model_fields["status"].annotation
        [states] = [one for one in (get_args(status) or (status,)) if one is not type(None)]
        assert set(states) == {*lifecycle.transitions, *(s for n in lifecycle.transitions.values() for s in n)}


def test_a_tension_cannot_close_without_being_resolved() -> None:
    lifecycle = LIFECYCLES["Tension"]
    assert TensionStatus.CLOSED in lifecycle.allowed(TensionStatus.RESOLVED)
    assert lifecycle.allowed(TensionStatus.OPEN) == {
        TensionStatus.REJECTED,
        TensionStatus.UNDER_REVIEW,
        TensionStatus.ARCHIVED,
    }
