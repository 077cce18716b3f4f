"""Every rule decides as the table of examples says; what the graph finds is tried beside it on a real server."""

from uuid import UUID, uuid5

import pytest

from api.problem_codes import STATUS, is_problem_code
from ontology.rules import GRAPH_RULES, RULES, violations
from ontology.views import NodeView, Target
from tests.rule_examples import EXAMPLES, Example

_ROOT = UUID(int=7)


def seen(example: Example) -> tuple[NodeView, NodeView | None]:
    """The node as it is to become, and as it was."""
    targets = [Target(relation=r, label=label, id=uuid5(_ROOT, key)) for r, label, key in example.targets]
    views = [
        NodeView(
            label=example.label,
            id=uuid5(_ROOT, example.says),
            properties={**example.properties, "rev": rev, **({"status": status} if status else {})},
            targets=targets,
        )
        for rev, status in enumerate(example.statuses or ("",), 1)
    ]
    return views[-1], views[0] if len(views) > 1 else None


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda one: f"{one.label} {one.says}")
def test_an_example_breaks_the_rule_it_says(example: Example) -> None:
    assert {found.code for found in violations(*seen(example))} == set(example.breaks.split())


def test_every_rule_is_tried_and_has_its_status() -> None:
    assert {rule.code for rule in RULES} == {code for example in EXAMPLES for code in example.breaks.split()}
    for code in (*(rule.code for rule in RULES), *(rule.code for rule in GRAPH_RULES)):
        assert is_problem_code(code)
        assert STATUS[code] in {409, 422}


def test_an_end_names_nothing_that_may_follow_and_other_states_do() -> None:
    [last] = [one for one in EXAMPLES if one.says == "back again"]
    found = next(one for one in violations(*seen(last)) if one.code == "illegalTransition")
    assert found.message == "a Recognition that is Archived cannot be Granted: Archived is an end"
    [way] = [one for one in EXAMPLES if one.says == "without a plan"]
    [found] = violations(*seen(way))
    assert "from Proposal it goes to Cancelled or Planning" in found.message


def test_of_a_request_only_what_is_certain_is_decided() -> None:
    nobody = NodeView(
        label="Recognition",
        id=UUID(int=1),
        properties={},
        targets=[Target(relation="RECEIVED_BY", label="Person", email="an@rules.test")],
    )
    assert list(violations(nobody, whole=False)) == []
    giver = Target(relation="RECOGNIZED_BY", label="Person", email="an@rules.test")
    [found] = violations(nobody.model_copy(update={"targets": [*nobody.targets, giver]}), whole=False)
    assert (found.code, found.pointer) == ("selfRecognition", "/receivers/0")
