"""``trm events try`` looks at a file as the bridge looks at a message, and says what it would say."""

from pathlib import Path
from typing import Any

import orjson
import pytest

from cli import events as module
from cli.ending import ending_of
from cli.errors import Exit
from cli.main import app
from events.errors import SourceRefusedError
from runtime.errors import RefusedError
from runtime.settings import Settings
from workers.intake import Intake, Message

EVENT = {
    "specversion": "1.0",
    "id": "1",
    "source": "urn:test:hr",
    "type": "RECOGNITION_CREATED",
    "subject": "praise-1",
    "time": "2026-03-01T09:00:00+07:00",
    "data": {"giver": {"email": "an@x.example"}, "receivers": [{"email": "mai@x.example"}], "content": "Cảm ơn"},
}


class NoGraph:
    """Stands for the graph where nobody is asked for by name."""

    def __init__(self, *_: object) -> None:
        """Nothing to open."""

    async def __aenter__(self) -> "NoGraph":
        return self

    async def __aexit__(self, *_: object) -> None:
        """Nothing to close."""


@pytest.fixture(autouse=True)
def _without_servers(monkeypatch: pytest.MonkeyPatch) -> None:
    async def connected(*_: object, **__: object) -> None:
        return None

    monkeypatch.setattr(module, "GraphDatabase", NoGraph)
    monkeypatch.setattr(module, "connect", connected)
    tree = Settings()
    allowed = tree.events.model_copy(update={"allowed_sources": {"*": ["urn:test:hr"]}})
    monkeypatch.setattr(module, "settings", lambda: tree.model_copy(update={"events": allowed}))


def tried(folder: Path, event: Any, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    path = folder / "event.json"
    path.write_bytes(event if isinstance(event, bytes) else orjson.dumps(event))
    code = ending_of(lambda: app(["events", "try", str(path)]))
    return code, " ".join("".join(capsys.readouterr()).split())


@pytest.mark.parametrize("change", [{}, {"datacontenttype": '"Application/JSON"; charset=utf-8'}, {"extension": 7}])
def test_a_good_event_is_accepted(tmp_path: Path, change: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    code, said = tried(tmp_path, EVENT | change, capsys)
    assert (code, said.startswith("accepted: it would start a run")) == (0, True), said
    code, said = tried(tmp_path, b"\xef\xbb\xbf" + orjson.dumps(EVENT), capsys)
    assert code == 0, said


@pytest.mark.parametrize(
    ("event", "said"),
    [
        (EVENT | {"specversion": "0.3"}, "refused, undecodable at /specversion:"),
        (EVENT | {"specversion": 1.0}, "refused, undecodable at /specversion:"),
        (EVENT | {"datacontenttype": "application/xml"}, "refused, undecodable at /datacontenttype:"),
        (EVENT | {"datacontenttype": 7}, "refused, undecodable at /datacontenttype:"),
        (EVENT | {"data_base64": "e30="}, "refused, undecodable at /data_base64:"),
        (EVENT | {"data": None}, "refused, undecodable at /data:"),
        (EVENT | {"id": 7}, "refused, headerMissing at /id:"),
        (EVENT | {"time": "0001-01-01T00:00:00Z"}, "refused, headerMissing at /time:"),
        (EVENT | {"source": "urn:test:other"}, "refused, sourceRefused at /source:"),
        ([EVENT], "refused, undecodable:"),
        (b"{", "refused, undecodable:"),
        (b"", "refused, undecodable:"),
        (b"\xff\xfe{\0}\0", "refused, undecodable:"),
    ],
)
def test_what_the_bridge_would_refuse_is_refused_with_code_and_place(
    tmp_path: Path, event: Any, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, printed = tried(tmp_path, event, capsys)
    assert code == Exit.REFUSED
    assert printed.startswith(said), printed


def test_an_event_of_our_own_source_is_said_to_be_skipped(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, said = tried(tmp_path, EVENT | {"source": Settings().events.source, "type": "ANYTHING", "data": 7}, capsys)
    assert (code, "would be skipped" in said) == (0, True), said


def test_a_refusal_without_a_code_of_its_own_says_refused_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for error, said in (
        (RefusedError("no"), "refused: no"),
        (SourceRefusedError("no", pointer="/source"), "refused, sourceRefused at /source: no"),
    ):

        async def refuse(self: Intake, message: Message, error: RefusedError = error) -> None:
            raise error

        monkeypatch.setattr(Intake, "command_of", refuse)
        assert tried(tmp_path, EVENT, capsys) == (Exit.REFUSED, said)
