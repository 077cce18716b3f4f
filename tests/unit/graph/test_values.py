"""Change records carry moments as text; in the graph they are moments again, or it could not be asked by time."""

from datetime import UTC, datetime

from graph.values import json_properties, node_from_json, node_moments, relation_from_json


def test_moments_survive_the_way_through_a_record() -> None:
    moment = datetime(2026, 3, 1, 9, tzinfo=UTC)
    recognition = {"id": "r", "content": "2026-03-01", "createdAt": moment, "occurredAt": moment}
    assert node_from_json("Recognition", json_properties(recognition)) == recognition
    relation = {"eventId": "e", "validFrom": moment}
    assert relation_from_json("RECORDED_BY", json_properties(relation)) == relation


def test_optional_and_mandatory_moments_are_found() -> None:
    assert node_moments("Project") >= {"createdAt", "updatedAt", "startAt", "endAt"}
