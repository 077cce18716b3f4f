"""Operations ports: at an address of their own, which is this machine's unless a deployment says otherwise."""

import ast
import socket
from pathlib import Path

import httpx
import pytest
import yaml

from runtime.operations import Readiness, operations
from runtime.settings import Settings, TelemetrySettings

ROOT = Path(__file__).parents[2]


async def ready() -> Readiness:
    return Readiness(True)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as one:
        return int(one.getsockname()[1])


def test_a_public_api_publishes_no_operations_port(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRM_API__HOST", "0.0.0.0")
    assert Settings(_env_file=None).telemetry.operations_host == "127.0.0.1"


@pytest.mark.parametrize(
    "module", ["api/__main__.py", "workers/agents.py", "workers/judgement.py", "workers/bridge.py"]
)
def test_every_process_serves_its_operations_port_there(module: str) -> None:
    calls = [
        node for node in ast.walk(ast.parse((ROOT / module).read_text(encoding="utf-8"))) if isinstance(node, ast.Call)
    ]
    [call] = [node for node in calls if ast.unparse(node.func) == "operations"]
    assert ast.unparse(call.args[0]) == "tree.telemetry.operations_host"


def test_in_containers_prometheus_reaches_them_and_nobody_else() -> None:
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))["services"]
    for name, port in (("gateway", 9464), ("agents", 9465), ("judgement", 9468), ("bridge", 9466)):
        assert services[name]["environment"]["TRM_TELEMETRY__OPERATIONS_HOST"] == "0.0.0.0"
        assert not any(str(port) in mapping for mapping in services[name].get("ports", []))


@pytest.mark.parametrize(
    ("host", "reached"),
    [("127.0.0.1", "127.0.0.1"), ("0.0.0.0", "127.0.0.1"), ("::", "[::1]"), ("::1", "[::1]"), ("10.0.0.5", "10.0.0.5")],
)
def test_probes_ask_where_it_is_bound(host: str, reached: str) -> None:
    tree = TelemetrySettings(operations_host=host)
    assert tree.operations_url(9464, "/readyz") == f"http://{reached}:9464/readyz"


async def test_it_answers_at_its_address_alone() -> None:
    port = free_port()
    async with operations("127.0.0.1", port, ready), httpx.AsyncClient() as client:
        assert (await client.get(f"http://127.0.0.1:{port}/readyz")).json()["status"] == "ready"
        with pytest.raises(httpx.ConnectError):
            await client.get(f"http://127.0.0.2:{port}/readyz")


async def test_a_taken_port_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(OSError, match="in use"):
        async with operations("127.0.0.1", taken.getsockname()[1], ready):
            pass
