"""The OpenAPI document: what it promises, and that the gateway serves this very one."""

import json
from pathlib import Path

from fastapi.testclient import TestClient

from api.app import create_app, openapi
from runtime.settings import Settings

ROOT = Path(__file__).parents[3]


def test_committed_document_is_current() -> None:
    assert json.loads((ROOT / "openapi.json").read_text(encoding="utf-8")) == openapi()


def test_served_document_is_the_committed_one() -> None:
    with TestClient(create_app(Settings(_env_file=None))) as client:
        assert client.get("/openapi.json").json() == openapi()


def test_every_creating_route_requires_a_key() -> None:
    paths = openapi()["paths"].items()
    posts = [path["post"] for name, path in paths if "post" in path and name != "/v1/liveTickets"]  # no fact
    assert posts
    for post in posts:
        [key] = [each for each in post["parameters"] if each["name"] == "Idempotency-Key"]
        assert key["required"] is True


def test_problems_have_their_own_media_type() -> None:
    for path in openapi()["paths"].values():
        for operation in path.values():
            for status, response in operation["responses"].items():
                assert int(status) < 400 or list(response["content"]) == ["application/problem+json"]


def test_wrong_method_names_every_right_one() -> None:
    with TestClient(create_app(Settings(_env_file=None))) as client:
        answer = client.delete("/v1/people")
        assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD, POST")
        assert client.delete("/v1/search").headers["allow"] == "GET, HEAD"
