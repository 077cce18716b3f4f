"""Whatever bytes come, the decoder ends in an event or in a refusal: 10,000 seeded mutations of good messages."""

import random
from collections import Counter
from typing import cast

import orjson
import pytest

from events.attributes import open_message
from events.codec import ReceivedEvent, decode
from events.errors import SchemaUnknownError
from events.registry import SchemaRegistry
from events.writers import WriterSchema
from ontology.compile.jsonschema import event_schema
from ontology.events import PUBLISHED_EVENTS
from runtime.errors import RefusedError
from tests.message_mutations import mutated

ROUNDS = 10_000
SEEDS = (20260301, 7)


class FakeRegistry:
    """Our own schemas under 1 and 2, a writer's that looks at everything under 3."""

    def __init__(self) -> None:
        ours = [orjson.dumps(event_schema(event)).decode() for event in PUBLISHED_EVENTS.values()]
        theirs = {
            "properties": {"content": {"pattern": r"^\p{L}"}, "giver": {"$ref": "person.json"}},
            "patternProperties": {"^v": {"type": ["array", "null"]}},
            "additionalProperties": {"$ref": "#/definitions/any"},
            "definitions": {"any": {"anyOf": [{"items": {"$ref": "#/definitions/any"}}, {"type": "object"}]}},
        }
        person = '{"type": "object", "properties": {"email": {"format": "email"}}}'
        self._known = {
            1: WriterSchema("schema 1", ours[0], {}),
            2: WriterSchema("schema 2", ours[1], {}),
            3: WriterSchema("schema 3", orjson.dumps(theirs).decode(), {"person.json": person}),
        }

    async def writer_schema(self, schema_id: int) -> WriterSchema:
        if schema_id not in self._known:
            raise SchemaUnknownError("unknown")
        return self._known[schema_id]


@pytest.mark.parametrize("seed", SEEDS)
async def test_every_message_ends_in_an_event_or_a_refusal(seed: int, capsys: pytest.CaptureFixture[str]) -> None:
    rng, registry, counts = random.Random(seed), cast("SchemaRegistry", FakeRegistry()), Counter[str]()
    for number in range(ROUNDS // len(SEEDS)):
        pairs, value = mutated(rng)
        try:
            event = await decode(registry, open_message(pairs, value))
            assert isinstance(event, ReceivedEvent)
            counts["decoded"] += 1
        except RefusedError as error:
            counts[error.code] += 1
        except BaseException as error:
            raise AssertionError(f"seed {seed}, message {number}: {pairs!r} {value!r}") from error
    with capsys.disabled():
        print(f"\nseed {seed}: {dict(sorted(counts.items()))}")
    assert counts["decoded"] > 100
    assert {"headerMissing", "undecodable", "schemaUnknown", "schemaInvalid", "typeUnknown"} <= set(counts)
