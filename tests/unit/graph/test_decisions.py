"""A decision asked for again, as it stands in the graph."""

import json

import pytest

from graph.decisions import asking
from ontology.commands import Record

ONE, OTHER = "1490f844-0f15-5e14-ba5d-c77e8968685d", "4151154f-df95-59b0-a083-857481efecdf"


@pytest.mark.parametrize(
    ("label", "field", "named"),
    [("Person", "person", {"id": OTHER}), ("Tension", "tensionId", OTHER), ("Recognition", "recognitionId", OTHER)],
)
def test_whatever_is_decided_on_is_named_again(label: str, field: str, named: object) -> None:
    held = {"id": ONE, "kind": "PersonMerge", "question": "Are they one?", "form": "{}", "requestHash": "0" * 64}
    row = {
        "decision": {**held, "createdAt": "2026-11-28T06:48:22.231989Z", "authorities": ["operator"]},
        "targets": [{"relation": "DECIDES", "label": label, "id": OTHER}],
    }
    command = asking(row, "urn:test")
    assert isinstance(command, Record)
    assert command.content[field] == named
    assert command.content["authorities"] == ["operator"]


def test_who_asked_and_who_decides_as_little_are_told_apart_again() -> None:
    proposal = json.dumps({"name": "Calm", "rev": 1, "proposerId": ONE})
    held = {"id": ONE, "kind": "ProjectApproval", "question": "Shall it be?", "form": "{}", "requestHash": "0" * 64}
    people = [{"relation": "PROPOSED_BY", "label": "Person", "id": one} for one in (ONE, OTHER)]
    row = {
        "decision": {**held, "createdAt": "2026-11-28T06:48:22.231989Z", "proposal": proposal},
        "targets": [{"relation": "DECIDES", "label": "Project", "id": OTHER}, *people],
    }
    command = asking(row, "urn:test")
    assert isinstance(command, Record)
    assert (command.content["proposer"], command.content["managers"]) == ({"id": OTHER}, [{"id": ONE}])
