"""Requests as no client of ours would send them: valid ones with a few things broken, the same from one seed."""

import json
import random
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote
from uuid import UUID

TEXTS = [
    "", " ", "\0", "null", "é", "e\u0301", "😀" * 20, "\u202e", "\ud800", "x" * 70_000, "x" * 10_001, "../..", "%00",
    "%2B", "' OR 1=1 --", "{{7*7}}", "$(id)", "<script>", "\r\nX-Evil: 1", "9" * 400, "-1", "1e400", "NaN", "true",
    "2026-03-01T00:00:00+07:00", "2026-03-01T00:00:00 07:00", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00",
    "2026-02-30T00:00:00Z", "00000000-0000-0000-0000-000000000000", "a@b.c", "A@B.C " * 50, "*", '"', "W/", '"x", ,,"y',
]  # fmt: skip
"""What is put wherever a text stands."""

_VALUES: list[Any] = [
    None, True, 0, -1, 2**63, 10**30, 0.5, float("nan"), float("inf"), [], {}, [[]], {"": ""}, [None] * 300, *TEXTS,
]  # fmt: skip
_BODIES: dict[str, dict[str, Any]] = {
    "/v1/recognitions": {
        "receivers": [{"email": "bob@trm.test"}, {"handle": "mutant"}],
        "giver": {"email": "alice@trm.test"},
        "content": "Thank you",
        "values": ["care"],
        "type": "Effort",
        "visibility": "parties",
        "language": "en",
        "project": {"name": "Mutants"},
        "occurredAt": "2026-03-01T00:00:00+07:00",
    },
    "/v1/people": {"fullName": "Mai", "email": "mai@mutants.test", "handle": "mai-mutant", "aliases": ["M"]},
    "/v1/knowledgeSnippets": {
        "content": "How to",
        "kind": "note",
        "tags": ["a"],
        "author": {"name": "Mai"},
        "revision": 1,
    },
}
_QUERIES = (
    "q",
    "kind",
    "personId",
    "giverId",
    "receiverId",
    "projectId",
    "language",
    "since",
    "until",
    "limit",
    "cursor",
    "name",
)
_HEADERS = (
    "Authorization", "Prefer", "If-None-Match", "Content-Type", "Content-Encoding", "Host", "X-Request-Id", "Accept",
    "traceparent", "tracestate", "baggage", "Range", "Origin", "Access-Control-Request-Method", "Idempotency-Key",
    "Expect", "X-HTTP-Method-Override", "Transfer-Encoding",
)  # fmt: skip
_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW", "get")


@dataclass
class Mutant:
    """A request, as its bytes go over the wire."""

    method: str
    path: str
    query: list[tuple[str, str]] = field(default_factory=list)
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes = b""

    @property
    def target(self) -> str:
        """Path and query, with every byte escaped that is not allowed there."""
        pairs = "&".join(f"{_escaped(name)}={_escaped(value)}" for name, value in self.query)
        return quote(self.path.encode("utf-8", "surrogatepass"), safe="/%") + (f"?{pairs}" if pairs else "")


class Mutations:
    """Breaks requests.

    Parameters
    ----------
    seed
        Of everything that follows.
    known
        Ids of things that are there.
    token
        A token that may do everything.
    """

    def __init__(self, seed: int, known: list[str], token: str) -> None:
        self._random = random.Random(seed)
        self._known = known
        self._token = token

    def next(self, number: int) -> Mutant:
        """A request with nothing to three things broken."""
        mutant = self._valid(number)
        for _ in range(self._random.choice((0, 1, 1, 1, 2, 3))):
            self._random.choice((self._method, self._path, self._query, self._header, self._header, self._body))(mutant)
        return mutant

    def _valid(self, number: int) -> Mutant:
        paths = [*_BODIES, "/v1/search", "/v1/why", "/v1/people", "/v1/recognitions"]
        path = self._random.choice(paths)
        headers = [("Authorization", f"Bearer {self._token}"), ("Host", "gateway.test")]
        if path in _BODIES and self._random.random() < 0.6:
            headers += [("Content-Type", "application/json"), ("Idempotency-Key", f"mutant-{number}")]
            said = json.loads(json.dumps(_BODIES[path]))
            for _ in range(self._random.choice((0, 1, 1, 2))):
                self._break(said)
            return Mutant("POST", path, headers=headers, body=_json(said))
        if path == "/v1/search":
            return Mutant("GET", path, [("q", "valves")], headers)
        if path in {"/v1/why", "/v1/knowledgeSnippets"} or self._random.random() < 0.5:
            path = f"{path}/{self._id()}"
        return Mutant("GET", path, headers=headers)

    def _id(self) -> str:
        return self._random.choice([*self._known, str(UUID(int=self._random.getrandbits(128))), *self._known])

    def _text(self) -> str:
        text = self._random.choice([*TEXTS, *self._known])
        if self._random.random() < 0.3 and text:
            at = self._random.randrange(len(text))
            text = text[:at] + chr(self._random.choice((0, 9, 34, 44, 59, 61, 92, 127, 233, 0x1F600))) + text[at + 1 :]
        return text

    def _break(self, value: Any) -> None:
        """Put something else somewhere into a JSON value."""
        if isinstance(value, dict):
            name = self._random.choice([*value, "unknown", "id"])
            if name in value and isinstance(value[name], dict | list) and value[name] and self._random.random() < 0.6:
                self._break(value[name])
            elif self._random.random() < 0.2:
                value.pop(name, None)
            else:
                value[name] = self._random.choice(_VALUES)
        else:
            at = self._random.randrange(len(value))
            if isinstance(value[at], dict) and self._random.random() < 0.6:
                self._break(value[at])
            else:
                value[at] = self._random.choice(_VALUES)

    def _method(self, mutant: Mutant) -> None:
        mutant.method = self._random.choice(_METHODS)

    def _path(self, mutant: Mutant) -> None:
        parts = mutant.path.split("/")
        at = self._random.randrange(1, len(parts))
        parts[at] = self._random.choice((self._text()[:300], parts[at].upper(), "", self._id()))
        mutant.path = "/".join(parts) or "/"

    def _query(self, mutant: Mutant) -> None:
        mutant.query.append((self._random.choice((*_QUERIES, self._text()[:50])), self._text()[:2_000]))

    def _header(self, mutant: Mutant) -> None:
        name, value = self._random.choice(_HEADERS), self._text()[:2_000]
        if self._random.random() < 0.3:
            mutant.headers = [pair for pair in mutant.headers if pair[0] != name]
        if self._random.random() < 0.8:
            value = self._random.choice(
                (value, f"Bearer {value}", f"wait={value}", f'"{value}"', "application/json; a=" + value)
            )
            mutant.headers.append((name, value))

    def _body(self, mutant: Mutant) -> None:
        body = bytearray(mutant.body or b"{}")
        for _ in range(self._random.choice((1, 1, 3, 20))):
            body[self._random.randrange(len(body))] = self._random.randrange(256)
        deep = b"[" * self._random.choice((5, 60_000))
        mutant.body = self._random.choice((bytes(body), bytes(body)[: len(body) // 2], deep, b"", mutant.body * 40))


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")


def _escaped(text: str) -> str:
    return quote(text.encode("utf-8", "surrogatepass"), safe="")
