"""The real servers: all ready, a killed one comes back with its data, and a killed supervisor leaves nothing."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import asyncpg
import httpx
import psutil
import pytest
from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import ListSearchAttributesRequest
from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest

from events.registry import schemas
from runtime.settings import Settings, settings
from runtime.temporal_client import connect
from stack import passwords
from stack.probes import temporal_settle
from stack.session import SessionError, StackSession
from stack.state import read_state
from tests.clients import until

pytestmark = pytest.mark.servers

SMALL = "postgres,issuer"


async def database(tree: Settings) -> "asyncpg.Connection[asyncpg.Record]":
    place = tree.knowledge
    password = place.password.get_secret_value()
    return await asyncpg.connect(
        host=place.host, port=place.port, user=place.user, password=password, database=place.database
    )


def session_settings(session: StackSession, monkeypatch: pytest.MonkeyPatch) -> Settings:
    for name, value in session.environment.items():
        monkeypatch.setenv(name, value)
    return Settings(_env_file=None)


async def test_every_server_is_ready_and_shown(stack: StackSession) -> None:
    async def ready() -> bool:  # one that a test before has killed may still be on its way
        state = stack.state()
        return state is not None and {server.health for server in state.servers} <= {"ready", "done"}

    await until(ready, limit=120)
    state = stack.state()
    assert state is not None
    shown = subprocess.run(
        [sys.executable, "-m", "cli", "stack", "status"],
        env={**os.environ, **stack.environment, "COLUMNS": "120"},
        capture_output=True,
        text=True,
        check=True,
        encoding="utf-8",
    ).stdout
    assert all(server.name in shown for server in state.servers)
    assert "together" in shown


def test_the_whole_stack_stays_below_its_memory(stack: StackSession) -> None:
    state = stack.state()
    assert state is not None
    held = {server.name: server.memory() >> 20 for server in state.servers}
    assert sum(held.values()) < 3.5 * 2**10, held


async def test_postgres_is_durable_and_has_vectors(stack: StackSession) -> None:
    connection = await database(settings())
    try:
        assert await connection.fetchval("SHOW fsync") == "on"
        assert await connection.fetchval("SELECT 1 FROM pg_available_extensions WHERE name = 'vector'")
    finally:
        await connection.close()


async def test_temporal_keeps_runs_as_long_as_configured_and_knows_the_search_attributes(stack: StackSession) -> None:
    tree = settings()
    client = await connect(tree.temporal)
    described = await client.workflow_service.describe_namespace(
        DescribeNamespaceRequest(namespace=tree.temporal.namespace)
    )
    assert described.config.workflow_execution_retention_ttl.ToTimedelta() == tree.temporal.retention
    listed = await client.operator_service.list_search_attributes(
        ListSearchAttributesRequest(namespace=tree.temporal.namespace)
    )
    assert {"TrmEntityId", "TrmEntityKind", "TrmEventId", "TrmSource", "TrmAskedOf"} <= set(listed.custom_attributes)


@pytest.mark.faults
async def test_a_search_attribute_of_a_later_version_is_added_to_what_exists(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with StackSession(tmp_path / "home", only="temporal") as session:
        tree = session_settings(session, monkeypatch)
        await temporal_settle(tree, {"TrmEntityId": "Keyword", "TrmLater": "Datetime"})()
        client = await connect(tree.temporal)
        listed = await client.operator_service.list_search_attributes(
            ListSearchAttributesRequest(namespace=tree.temporal.namespace)
        )
        assert listed.custom_attributes["TrmLater"] == IndexedValueType.INDEXED_VALUE_TYPE_DATETIME


async def test_the_registry_refuses_incompatible_schemas_of_ours_and_leaves_others_alone(stack: StackSession) -> None:
    tree = settings().events
    async with httpx.AsyncClient(base_url=tree.registry_url) as web:
        for subject in schemas(tree):
            answer = await web.get(f"/config/{subject}")
            assert answer.json()["compatibilityLevel"] == "BACKWARD", subject
        assert (await web.get("/config")).json()["compatibilityLevel"] == "NONE"


@pytest.mark.faults
async def test_a_killed_postgres_comes_back_with_what_was_committed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with StackSession(tmp_path / "home", only=SMALL) as session:
        tree = session_settings(session, monkeypatch)
        connection = await database(tree)
        await connection.execute("CREATE TABLE kept (value int)")
        await connection.execute("INSERT INTO kept VALUES (1)")
        session.wait_restarted("postgres", session.kill("postgres"))
        connection = await database(tree)
        assert await connection.fetchval("SELECT count(*) FROM kept") == 1
        await connection.close()


@pytest.mark.faults
def test_a_killed_supervisor_leaves_no_process(tmp_path: Path) -> None:
    with StackSession(tmp_path / "home", only=SMALL) as session:
        state = session.state()
        assert state is not None
        family = psutil.Process(state.supervisor).children(recursive=True)
        assert len(family) > len(state.servers), "PostgreSQL's own children belong to the family"
        os.kill(state.supervisor, signal.SIGKILL)
        _, alive = psutil.wait_procs(family, timeout=15)
        assert alive == []


@pytest.mark.faults
async def test_a_stop_while_it_still_starts_ends_soon_and_leaves_nothing(tmp_path: Path) -> None:
    home = tmp_path / "home"
    session = StackSession(home, only="neo4j,postgres")
    session.make_home()
    argv = [sys.executable, "-m", "cli", "stack", "up", "--only", "neo4j,postgres"]
    process = await asyncio.create_subprocess_exec(*argv, env={**os.environ, **session.environment})
    async with asyncio.timeout(60):
        while (state := read_state(home / "stack.json")) is None or not any(server.pid for server in state.servers):
            await asyncio.sleep(0.05)
    family = psutil.Process(process.pid).children(recursive=True)
    process.send_signal(signal.SIGTERM)
    assert await asyncio.wait_for(process.wait(), 30) == 0
    _, alive = psutil.wait_procs(family, timeout=5)
    assert alive == []


def test_a_taken_port_is_told_before_anything_starts(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        session = StackSession(tmp_path / "home", SMALL, {"TRM_STACK__ISSUER_PORT": port})
        with pytest.raises(SessionError, match="TRM_STACK__ISSUER_PORT"):
            session.__enter__()


@pytest.mark.faults
@pytest.mark.parametrize(
    ("server", "setting"), [("postgres", "TRM_KNOWLEDGE__PASSWORD"), ("neo4j", "TRM_GRAPH__PASSWORD")]
)
def test_a_changed_password_is_told_at_once_and_where_nothing_is_remembered_by_the_server(
    tmp_path: Path, server: str, setting: str
) -> None:
    home = tmp_path / "home"
    with StackSession(home, server):
        pass
    other = StackSession(home, server, {setting: "another-secret"})
    began = time.monotonic()
    with pytest.raises(SessionError, match=f"{server} has data that were made with another password: .* {setting}"):
        other.__enter__()
    assert time.monotonic() - began < 60
    passwords.path_in(home / "data").unlink()
    with pytest.raises(SessionError, match=f"{server} has data that were made with another password: .* {setting}"):
        other.__enter__()


def test_one_home_holds_one_stack(tmp_path: Path) -> None:
    with StackSession(tmp_path / "home", "issuer"), pytest.raises(SessionError, match="already runs"):
        StackSession(tmp_path / "home", "issuer").__enter__()


async def test_tokens_carry_who_the_person_is(stack: StackSession) -> None:
    import jwt

    identity = settings().identity
    async with httpx.AsyncClient() as web:
        answer = await web.post(
            f"{identity.issuer}/token",
            data={
                "grant_type": "password",
                "username": "alice@trm.test",
                "password": settings().stack.user_password.get_secret_value(),
                "scope": "rw_recognition rw_run",
            },
            auth=("trm-cli", identity.client_secret.get_secret_value()),
        )
    token = answer.json()["access_token"]
    claims = jwt.decode(token, options={"verify_signature": False})
    assert jwt.get_unverified_header(token)["typ"] == "at+jwt"
    assert (claims["email"], claims["email_verified"], claims["name"]) == ("alice@trm.test", True, "Alice Nguyễn")
    assert claims["scope"] == "rw_recognition", "a member is not given an operator's scope"
