"""Whatever server is away, or is another one: every command says one sentence and ends with its documented code."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import orjson
import pytest
from typer.main import get_command

from auditing import equality
from cli import ledger
from cli import migrate as migration
from cli.ending import ending_of
from cli.errors import Exit
from cli.main import app
from runtime.settings import settings

ID, OTHER = "0b6ab1a5-5f0e-4e44-8f0c-000000000000", "0b6ab1a5-5f0e-4e44-8f0c-000000000001"
EVENT = {
    "id": "1",
    "source": "urn:test:hr",
    "type": "RECOGNITION_CREATED",
    "subject": "praise-1",
    "time": "2026-03-01T09:00:00+07:00",
    "data": {"giver": {"name": "An"}, "receivers": [{"email": "mai@x.example"}], "content": "Cảm ơn"},
}
COMMANDS = (
    ["token"],
    ["token", "--user", "an@x.example"],
    ["seed"],
    ["migrate"],
    ["audit"],
    ["audit", "--repair"],
    ["rebuild"],
    ["why", ID],
    ["person", "link", ID, "--subject", "s"],
    ["person", "merge", ID, OTHER],
    ["person", "unmerge", ID],
    ["events", "try", "event.json"],
    ["dead-letters", "list"],
    ["dead-letters", "show", "x"],
    ["dead-letters", "replay", "x"],
    ["dead-letters", "replay", "--all"],
    ["import", "people", "people.csv"],
)
WITHOUT_SERVERS = {"openapi", "ontology compile"}
OF_THE_STACK = {"run", "clients", "containers", "stack up", "stack status", "stack stop", "stack clean"}


def leaves(command: Any, path: str = "") -> Iterator[str]:
    """Every command's words."""
    if not hasattr(command, "commands"):
        yield path.strip()
        return
    for name, inner in command.commands.items():
        yield from leaves(inner, f"{path} {name}")


def test_no_command_is_forgotten_here() -> None:
    tried = {leaf for leaf in leaves(get_command(app)) for given in COMMANDS if " ".join(given).startswith(leaf)}
    assert set(leaves(get_command(app))) - OF_THE_STACK - WITHOUT_SERVERS == tried


def closed() -> int:
    """A port where nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def talking(answer: bytes) -> Iterator[int]:
    """A port where a server of another kind listens; one without an answer closes at once."""
    server = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = server.accept()
                with connection, contextlib.suppress(OSError):
                    if answer:
                        connection.recv(4096)
                        connection.sendall(answer)

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield int(server.getsockname()[1])
    finally:
        server.close()


@pytest.fixture(params=["refuses", "closes", "speaks HTTP"])
def port(request: pytest.FixtureRequest) -> Iterator[int]:
    if request.param == "refuses":
        yield closed()
        return
    http = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n[]"
    with talking(http if request.param == "speaks HTTP" else b"") as number:
        yield number


def addressed(monkeypatch: pytest.MonkeyPatch, folder: Path, port: int, **others: str) -> None:
    """Point every setting to the port, and the shell into a folder with files."""
    address = f"127.0.0.1:{port}"
    for name, value in {
        "GRAPH__URI": f"bolt://{address}",
        "EVENTS__BOOTSTRAP_SERVERS": address,
        "EVENTS__REGISTRY_URL": f"http://{address}",
        "EVENTS__ALLOWED_SOURCES": '{"*": ["*"]}',
        "KNOWLEDGE__PORT": str(port),
        "TEMPORAL__TARGET": address,
        "API__PUBLIC_URL": f"http://{address}",
        "IDENTITY__ISSUER": f"http://{address}",
        "GRAPH__TRANSACTION_TIMEOUT": "1",
        **others,
    }.items():
        monkeypatch.setenv(f"TRM_{name}", value)
    monkeypatch.setenv("TRM_HOME", str(folder))
    monkeypatch.chdir(folder)
    settings.cache_clear()
    Path("event.json").write_bytes(orjson.dumps(EVENT))
    Path("people.csv").write_text("Name,Email\nVo An,an@x.example\n", encoding="utf-8")


@pytest.fixture(autouse=True)
def _settings_afresh() -> Iterator[None]:
    yield
    settings.cache_clear()


def ended(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    """The sentence with which a command is refused."""
    code = ending_of(lambda: app(arguments))
    said = capsys.readouterr().err
    assert code == Exit.REFUSED, said
    assert said.count("\n") == 1, said
    assert "Traceback" not in said
    return said


@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_a_server_that_is_away_is_one_sentence(
    arguments: list[str],
    port: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    addressed(monkeypatch, tmp_path, port)
    ended(arguments, capsys)


class Issuer(BaseHTTPRequestHandler):
    """Gives everybody a token."""

    server: HTTPServer

    def do_GET(self) -> None:
        self._answer({"token_endpoint": f"http://127.0.0.1:{self.server.server_port}/token"})

    def do_POST(self) -> None:
        self._answer({"access_token": "x"})

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def _answer(self, body: dict[str, str]) -> None:
        said = orjson.dumps(body)
        self.send_response(200)
        self.send_header("content-length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)


@pytest.mark.parametrize("arguments", [["why", ID], ["seed"]], ids=" ".join)
def test_a_gateway_that_is_away_is_one_sentence(
    arguments: list[str],
    port: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("cli.seed.posting._TRIES", 1)
    issuer = HTTPServer(("127.0.0.1", 0), Issuer)
    threading.Thread(target=issuer.serve_forever, daemon=True).start()
    addressed(monkeypatch, tmp_path, port, IDENTITY__ISSUER=f"http://127.0.0.1:{issuer.server_port}")
    try:
        assert "issuer" not in ended(arguments, capsys)
    finally:
        issuer.shutdown()


async def none(*_: object) -> list[str]:
    return []


async def true(*_: object) -> bool:
    return True


async def false(*_: object) -> bool:
    return False


async def none_there(*_: object) -> AsyncIterator[Any]:
    for one in list[Any]():
        yield one


GRAPH = {"is_empty": true, "all_records": none_there, "standing_elements": none_there}
STEPS = (
    (["audit"], {equality: GRAPH}, "brokerUnavailable"),
    (["audit"], {equality: GRAPH | {"record_messages": none_there}}, "knowledgeUnavailable"),
    (["rebuild"], {ledger: {"is_empty": false}}, "graphUnavailable"),
)


@pytest.mark.parametrize(("arguments", "answering", "code"), STEPS, ids=["Kafka", "PostgreSQL", "Neo4j"])
def test_each_server_of_an_audit_that_is_away_is_one_sentence(
    arguments: list[str],
    answering: dict[Any, dict[str, Any]],
    code: str,
    port: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for module, names in answering.items():
        for name, function in names.items():
            monkeypatch.setattr(module, name, function)
    addressed(monkeypatch, tmp_path, port)
    assert ended(arguments, capsys).startswith(code)


@pytest.mark.parametrize(
    ("answering", "code"),
    [
        (["knowledge_migrations.migrate"], "graphUnavailable"),
        (["knowledge_migrations.migrate", "graph_migrations.migrate"], "brokerUnavailable"),
        (["knowledge_migrations.migrate", "graph_migrations.migrate", "create_topics"], "registryUnavailable"),
    ],
    ids=["Neo4j", "Kafka", "registry"],
)
def test_each_server_of_a_migration_that_is_away_is_one_sentence(
    answering: list[str],
    code: str,
    port: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name in answering:
        owner, _, last = name.rpartition(".")
        monkeypatch.setattr(getattr(migration, owner) if owner else migration, last, none)
    addressed(monkeypatch, tmp_path, port)
    assert ended(["migrate"], capsys).startswith((code, "schemaNotAccepted"))


BEGUN = "print(flush=True); import runpy; runpy.run_module('cli', run_name='__main__', alter_sys=True)"
"""``python -m cli``, which says when Python itself is up: until then no code of ours could answer an interrupt."""


@pytest.mark.parametrize("seconds", [0.0, 0.3, 1.5, 4.0])
def test_an_interrupt_ends_a_command_with_its_code(seconds: float, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"127.0.0.1:{silent.getsockname()[1]}"
        environment = {**os.environ, "TRM_HOME": str(tmp_path), "TRM_GRAPH__URI": f"bolt://{address}"}
        environment |= {"TRM_IDENTITY__ISSUER": f"http://{address}", "TRM_EVENTS__BOOTSTRAP_SERVERS": address}
        with contextlib.ExitStack() as open_ones:
            runs = [
                open_ones.enter_context(
                    subprocess.Popen(
                        [sys.executable, "-c", BEGUN, *arguments],
                        env=environment,
                        stderr=subprocess.PIPE,
                        stdout=subprocess.PIPE,
                    )
                )
                for arguments in (["dead-letters", "list"], ["token"])
            ]
            for run in runs:
                assert run.stdout is not None
                run.stdout.readline()
            time.sleep(0.2 + seconds)
            for run in runs:
                ran = run.poll() is None
                run.send_signal(signal.SIGINT)
                _, said = run.communicate(timeout=30)
                assert run.returncode == 130 or not ran, said
                assert b"Traceback" not in said
