"""Five thousand broken requests through the whole gateway: none is a bug of ours, every refusal says what it is."""

from collections import Counter
from typing import Any
from urllib.parse import unquote

import orjson
import pytest

from api.problem_codes import STATUS
from tests.mutations import Mutant, Mutations
from tests.unit.api.worlds import EVERYTHING, World

REQUESTS = 5_000
SEED = 23


async def answer_of(app: Any, mutant: Mutant) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body, as the server would hand the request to the application."""
    path, _, query = mutant.target.partition("?")
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": mutant.method,
        "scheme": "http",
        "path": unquote(path),
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [(name.lower().encode(), value.encode("utf-8", "surrogatepass")) for name, value in mutant.headers],
        "server": ("127.0.0.1", 8000),
        "client": ("127.0.0.1", 1),
    }
    sent: list[dict[str, Any]] = []
    arriving = iter([{"type": "http.request", "body": mutant.body, "more_body": False}])

    async def receive() -> dict[str, Any]:
        return next(arriving, {"type": "http.disconnect"})

    async def send(message: Any) -> None:
        sent.append(message)

    await app(scope, receive, send)
    headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in sent[0]["headers"]}
    return sent[0]["status"], headers, b"".join(message.get("body", b"") for message in sent[1:])


async def test_no_request_is_a_bug_and_every_refusal_is_a_problem(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    graph = world.graph
    known = [add() for add in (graph.add_person, graph.add_recognition, graph.add_snippet) for _ in range(3)]
    mutations = Mutations(SEED, known, world.issuer.token(scope=EVERYTHING))
    statuses: Counter[int] = Counter()
    codes: Counter[str] = Counter()
    for number in range(REQUESTS):
        mutant = mutations.next(number)
        status, headers, body = await answer_of(world.app, mutant)
        statuses[status] += 1
        assert status < 500, (number, mutant, body)
        assert headers["x-content-type-options"] == "nosniff", (number, mutant)
        assert headers["x-request-id"], (number, mutant)
        if status >= 400 and mutant.method != "HEAD":
            problem = orjson.loads(body)
            assert headers["content-type"] == "application/problem+json", (number, mutant)
            assert STATUS[problem["code"]] == status == problem["status"], (number, mutant, problem)
            codes[problem["code"]] += 1
    with capsys.disabled():
        print(f"\n{REQUESTS} mutants: {dict(sorted(statuses.items()))}, {dict(codes.most_common())}")
    assert {200, 202, 400, 401, 404, 405, 413, 415, 422} <= set(statuses)
