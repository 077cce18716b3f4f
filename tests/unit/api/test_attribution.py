"""In whose name somebody may write: the same rule for what is given and for what is known."""

from typing import Any
from uuid import uuid4

import httpx
import pytest

from ontology.commands import IndexKnowledge, RecordRecognition
from tests.unit.api.worlds import World, post

OWN = "rw_recognition rw_knowledge"
OTHERS = [{"email": "carol@trm.test"}, {"handle": "carol"}, {"id": str(uuid4())}]


def body(path: str, who: dict[str, Any] | None) -> dict[str, Any]:
    named = {"author" if path.endswith("Snippets") else "giver": who} if who else {}
    said = {"content": "How to bleed a radiator"}
    return {**said, **named} if path.endswith("Snippets") else {**said, **named, "receivers": [{"handle": "bob"}]}


async def send(world: World, scope: str, path: str, who: dict[str, Any] | None) -> httpx.Response:
    claims: dict[str, Any] = {"email": "alice@trm.test", "email_verified": True}
    async with world.client(world.issuer.token(scope=scope, **claims)) as client:
        return await post(client, path, body(path, who))


@pytest.mark.parametrize("path", ["/v1/knowledgeSnippets", "/v1/recognitions"])
@pytest.mark.parametrize("who", OTHERS)
async def test_another_may_only_be_named_with_the_scope(
    monkeypatch: pytest.MonkeyPatch, world: World, path: str, who: dict[str, Any]
) -> None:
    world.graph.behind = str(uuid4())
    if "id" not in who:
        answers = {  # somebody else has this address and handle
            query: (said if "$handle" not in query else lambda _: [{"id": str(uuid4())}])
            for query, said in world.graph._answers().items()
        }
        monkeypatch.setattr(world.graph, "_answers", lambda: answers)
    refused = await send(world, OWN, path, who)
    assert (refused.status_code, refused.json()["code"]) == (403, "onBehalfForbidden")
    assert 'scope="rw_recognition_onbehalf"' in refused.headers["www-authenticate"]
    assert refused.json()["errors"][0]["pointer"] == ("/author" if path.endswith("Snippets") else "/giver")
    assert world.runs.commands == []
    assert (await send(world, f"{OWN} rw_recognition_onbehalf", path, who)).status_code == 202


@pytest.mark.parametrize("path", ["/v1/knowledgeSnippets", "/v1/recognitions"])
async def test_one_may_always_name_oneself(world: World, path: str) -> None:
    me = world.graph.behind = str(uuid4())
    for who in (None, {"email": "ALICE@trm.test"}, {"id": me}, {"handle": "alice"}):
        answer = await send(world, OWN, path, who)
        assert answer.status_code == 202, answer.text
        command = world.runs.commands[-1]
        if path.endswith("Snippets"):
            assert isinstance(command, IndexKnowledge)
            assert command.snippet.author is None
        else:
            assert isinstance(command, RecordRecognition)
            assert command.recognition.giver is None
