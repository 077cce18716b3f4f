"""Lifecycles lead only where they should."""

import pytest

from ontology.enums import TensionStatus
from ontology.lifecycles import LIFECYCLES, IllegalTransitionError
from ontology.nodes import ENTITIES


def test_every_lifecycle_governs_a_declared_node() -> None:
    for label, lifecycle in LIFECYCLES.items():
        status = ENTITIES[label].model_fields["status"].annotation
        assert set(status) == {*lifecycle.transitions, *(s for n in lifecycle.transitions.values() for s in n)}


def test_a_tension_cannot_close_without_being_resolved() -> None:
    lifecycle = LIFECYCLES["Tension"]
    lifecycle.check(TensionStatus.RESOLVED, TensionStatus.CLOSED)
    with pytest.raises(IllegalTransitionError) as refused:
        lifecycle.check(TensionStatus.OPEN, TensionStatus.CLOSED)
    assert refused.value.allowed == ["Rejected", "UnderReview"]
