"""Good messages of other systems with something odd in them: bytes, headers, fields, from a seed."""

import base64
import random
from collections.abc import Callable, Sequence
from typing import Any

import orjson

from events.attributes import STRUCTURED
from events.framing import frame

Pairs = list[tuple[str, bytes | None]]
Message = tuple[Pairs, bytes | None]

GIVER = {"email": "an@x.example", "fullName": "Nguyễn An"}
RECOGNITION = {"giver": GIVER, "receivers": [{"handle": "mai.do"}], "content": "Cảm ơn", "values": ["care"]}
SNIPPET = {"content": "The pump is too loud", "kind": "note", "revision": 2, "author": GIVER, "tags": ["pump"]}

ODD: list[Any] = [
    *(
        None,
        True,
        -1,
        0,
        2**53,
        2**63,
        1e308,
        "",
        " ",
        "\u0000",
        "\u200b",
        "\ufeffx",
        "x" * 5000,
        "0001-01-01T00:00:00Z",
    ),
    *([], {}, [[]], [None], {"": ""}, {"id": "x"}, {"$ref": "#"}, "9999-12-31T23:59:59Z", "urn:x y", '"urn:x"', "Đỗ"),
]
BYTES = [
    b"",
    b"\0",
    b"\0\0\0\0\1",
    b"\xff\xfe",
    b"\xed\xa0\x80",
    b'"',
    b"{",
    b"]" * 50,
    b"[" * 3000,
    b"\\u0000",
    b"9" * 400,
]


def good_messages(mark: str = "1") -> list[tuple[dict[str, Any], Any]]:
    """Attributes and data."""
    same = {"id": f"e{mark}", "source": "urn:test:hr", "subject": f"s{mark}", "time": "2026-03-01T09:00:00+07:00"}
    return [
        ({**same, "type": "RECOGNITION_CREATED"}, RECOGNITION),
        ({**same, "type": "KNOWLEDGE_SNIPPET_UPSERTED"}, SNIPPET),
    ]


def as_message(rng: random.Random, attributes: dict[str, Any], data: Any, schemas: Sequence[int]) -> Message:
    """In one of the ways to send an event: plain, framed, structured."""
    way = rng.randrange(5)
    if way < 3:
        said = {**attributes, "specversion": "1.0"} | ({"dataschema": "x"} if way == 0 else {})
        pairs: Pairs = [
            (f"ce_{name}", value.encode() if isinstance(value, str) else orjson.dumps(value))
            for name, value in said.items()
        ]
        return pairs, orjson.dumps(data) if way == 0 else frame(rng.choice(schemas), data)
    body = {"data": data} if way == 3 else {"data_base64": base64.b64encode(orjson.dumps(data)).decode()}
    event = {"specversion": "1.0", **attributes, **body}
    return [("content-type", STRUCTURED.encode())], frame(schemas[-1], event) if rng.random() < 0.2 else orjson.dumps(
        event
    )


def mutate_tree(rng: random.Random, value: Any) -> Any:
    """The value with something odd in one place."""
    if isinstance(value, dict) and value and rng.random() < 0.85:
        name = rng.choice(list(value))
        act = rng.random()
        if act < 0.15:
            return {other: said for other, said in value.items() if other != name}
        if act < 0.25:
            return {**value, rng.choice(["", "mood", "x" * 300, name.upper()]): rng.choice(ODD)}
        return {**value, name: mutate_tree(rng, value[name])}
    if isinstance(value, list) and value and rng.random() < 0.7:
        return [mutate_tree(rng, value[0]), *value * rng.choice((0, 1, 60))]
    return rng.choice(ODD)


def mutate_bytes(rng: random.Random, value: bytes) -> bytes:
    """Bytes flipped, cut, repeated or put in."""
    place = rng.randrange(len(value) + 1)
    act = rng.randrange(5)
    if act == 0 and value:
        place = min(place, len(value) - 1)
        return value[:place] + bytes([value[place] ^ (1 << rng.randrange(8))]) + value[place + 1 :]
    if act == 1:
        return value[:place]
    if act == 2:
        return value[place:]
    if act == 3:
        return value[:place] + value[rng.randrange(len(value) + 1) :]
    return value[:place] + rng.choice(BYTES) + value[place:]


def mutate_headers(rng: random.Random, message: Message) -> Message:
    """One header lost, twice, without a value, or of other bytes; or the value gone."""
    pairs, value = list(message[0]), message[1]
    place = rng.randrange(len(pairs))
    name, said = pairs[place]
    acts: list[Callable[[], Any]] = [
        lambda: pairs.pop(place),
        lambda: pairs.append((name, rng.choice(BYTES))),
        lambda: pairs.__setitem__(place, (name, None)),
        lambda: pairs.__setitem__(place, (name, mutate_bytes(rng, said or b""))),
        lambda: pairs.__setitem__(place, (name.upper(), said)),
        lambda: pairs.append(("content-type", rng.choice([b"application/json", STRUCTURED.encode(), b"\xff"]))),
    ]
    rng.choice(acts)()
    return pairs, value if rng.random() < 0.95 else rng.choice([None, b""])


def mutated(rng: random.Random, mark: str = "1", schemas: Sequence[int] = (1, 2, 3)) -> Message:
    """A good message with something odd somewhere; ``mark`` tells its event from others."""
    attributes, data = rng.choice(good_messages(mark))
    act = rng.random()
    if act < 0.35:
        return as_message(rng, attributes, mutate_tree(rng, data), schemas)
    if act < 0.5:
        if rng.random() < 0.9:
            attributes = {**attributes, rng.choice(list(attributes)): rng.choice(ODD[:12] + ODD[16:])}
        return as_message(rng, attributes, data, schemas)
    pairs, value = as_message(rng, attributes, data, schemas)
    if act < 0.75:
        return mutate_headers(rng, (pairs, value))
    for _ in range(rng.choice((1, 1, 3))):
        value = mutate_bytes(rng, value or b"")
    return pairs, value
