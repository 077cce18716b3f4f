"""The page for people names everything the ontology declares."""

from ontology.compile.diagram import generate
from ontology.lifecycles import LIFECYCLES
from ontology.nodes import NODES
from ontology.relations import RELATIONS

[PAGE] = generate().values()
GRAPH = PAGE.split("```mermaid")[1].split("```")[0]


def test_every_node_relation_and_transition_is_there() -> None:
    assert all(f"| `{node.label}` |" in PAGE for node in NODES)
    assert all(f"| `{relation}` |" in PAGE for relation in RELATIONS)
    for lifecycle in LIFECYCLES.values():
        for current, following in lifecycle.transitions.items():
            assert all(f"  {current} --> {state}\n" in PAGE for state in following)


def test_a_relation_is_drawn_or_said_to_be_left_out() -> None:
    left_out = PAGE.split("Not drawn")[1].split("\n")[0]
    for relation in RELATIONS.values():
        assert (relation.type in GRAPH) != (f"`{relation.type}`" in left_out)


def test_optional_properties_are_marked() -> None:
    row = next(line for line in PAGE.splitlines() if line.startswith("| `Tension` |"))
    assert "`severity?`" in row
    assert "`title`" in row
    assert "`facts?`" in row
