"""Every address of a stack, as environment names: written for other shells, or all free for a stack of its own."""

import contextlib
import random
import socket
from collections.abc import Mapping, Sequence
from pathlib import Path

from runtime.settings import Settings
from stack.processes import StackError

_FIRST, _LAST = 20_000, 32_000  # below the range from which the system gives out ports for outgoing connections


class PortTakenError(StackError):
    """A port cannot be had; the message says why, and which setting moves it."""


def ports_of(tree: Settings) -> dict[str, dict[str, int]]:
    """Server → setting name → port, for every port the native stack opens."""
    stack = tree.stack
    return {
        "gateway": {"TRM_API__PORT": tree.api.port, "TRM_API__OPERATIONS_PORT": tree.api.operations_port},
        "dashboard": {"TRM_DASHBOARD__PORT": tree.dashboard.port},
        "agents": {
            "TRM_TELEMETRY__WORKER_PORT": tree.telemetry.worker_port,
            "TRM_TELEMETRY__WORKER_RUNTIME_PORT": tree.telemetry.worker_runtime_port,
        },
        "judgement": {"TRM_TELEMETRY__JUDGEMENT_PORT": tree.telemetry.judgement_port},
        "bridge": {"TRM_TELEMETRY__BRIDGE_PORT": tree.telemetry.bridge_port},
        "postgres": {"TRM_KNOWLEDGE__PORT": tree.knowledge.port},
        "temporal": {
            "TRM_STACK__TEMPORAL_PORT": stack.temporal_port,
            "TRM_STACK__TEMPORAL_UI_PORT": stack.temporal_ui_port,
            "TRM_STACK__TEMPORAL_HTTP_PORT": stack.temporal_http_port,
            "TRM_STACK__TEMPORAL_METRICS_PORT": stack.temporal_metrics_port,
        },
        "kafka": {
            "TRM_STACK__KAFKA_PORT": stack.kafka_port,
            "TRM_STACK__KAFKA_CONTROLLER_PORT": stack.kafka_controller_port,
        },
        "neo4j": {
            "TRM_STACK__NEO4J_PORT": stack.neo4j_port,
            "TRM_STACK__NEO4J_HTTP_PORT": stack.neo4j_http_port,
        },
        "registry": {
            "TRM_STACK__REGISTRY_PORT": stack.registry_port,
            "TRM_STACK__REGISTRY_MANAGEMENT_PORT": stack.registry_management_port,
        },
        "zipkin": {"TRM_STACK__ZIPKIN_PORT": stack.zipkin_port},
        "issuer": {"TRM_STACK__ISSUER_PORT": stack.issuer_port},
    }


def ports(tree: Settings) -> dict[str, int]:
    """Setting name → port of all servers."""
    return {name: port for settings in ports_of(tree).values() for name, port in settings.items()}


def addresses(tree: Settings) -> dict[str, str]:
    """Environment under which every process of ours finds the stack's servers."""
    return {**{name: str(port) for name, port in ports(tree).items()}, **_urls(tree)}


def located(tree: Settings) -> Settings:
    """The same settings with every address following the ports of the stack's own servers."""
    sections: dict[str, dict[str, str]] = {}
    for name, url in _urls(tree).items():
        section, field = name.removeprefix("TRM_").lower().split("__")
        sections.setdefault(section, {})[field] = url
    return tree.model_copy(
        update={name: getattr(tree, name).model_copy(update=fields) for name, fields in sections.items()}
    )


def _urls(tree: Settings) -> dict[str, str]:
    return {
        "TRM_API__PUBLIC_URL": f"http://127.0.0.1:{tree.api.port}",
        "TRM_DASHBOARD__PUBLIC_URL": f"http://127.0.0.1:{tree.dashboard.port}",
        "TRM_TEMPORAL__TARGET": f"127.0.0.1:{tree.stack.temporal_port}",
        "TRM_TEMPORAL__UI_URL": f"http://127.0.0.1:{tree.stack.temporal_ui_port}",
        "TRM_GRAPH__URI": f"bolt://127.0.0.1:{tree.stack.neo4j_port}",
        "TRM_EVENTS__BOOTSTRAP_SERVERS": f"127.0.0.1:{tree.stack.kafka_port}",
        "TRM_EVENTS__REGISTRY_URL": f"http://127.0.0.1:{tree.stack.registry_port}/apis/ccompat/v7",
        "TRM_IDENTITY__ISSUER": f"http://127.0.0.1:{tree.stack.issuer_port}",
        "TRM_TELEMETRY__ZIPKIN_URL": f"http://127.0.0.1:{tree.stack.zipkin_port}/api/v2/spans",
        "TRM_TELEMETRY__TRACE_URL": f"http://127.0.0.1:{tree.stack.zipkin_port}/zipkin/traces/{{traceId}}",
    }


def free_addresses() -> dict[str, str]:
    """The ports of a whole stack, all free now and all different."""
    chooser = random.SystemRandom()
    chosen: dict[str, str] = {}
    with contextlib.ExitStack() as held:
        for name in ports(Settings()):
            chosen[name] = str(_hold_free_port(chooser, held))
    return chosen


def check_free(tree: Settings, servers: Sequence[str]) -> None:
    """Pass when the ports of these servers are all different, and may be opened, and nothing listens on them.

    Raises
    ------
    PortTakenError
        One is not so; the message names the port, its server and its setting.
    """
    wanted = [
        (server, name, port)
        for server, settings in ports_of(tree).items()
        for name, port in settings.items()
        if server in servers
    ]
    given: dict[int, str] = {}
    for _, name, port in wanted:
        if port in given:
            raise PortTakenError(f"port {port} is given to two servers; choose another with {given[port]} or {name}")
        given[port] = name
    for server, name, port in wanted:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except PermissionError as error:
                text = f"port {port} of {server} is for root only; choose one from 1024 on with {name}"
                raise PortTakenError(text) from error
            except OSError as error:
                text = f"port {port} of {server} is taken by another program; choose another with {name}"
                raise PortTakenError(text) from error


def write_environment(path: Path, environment: Mapping[str, str]) -> None:
    """Write ``stack.env``, readable by its owner only."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.write_text("".join(f"{name}={value}\n" for name, value in sorted(environment.items())), encoding="utf-8")


def _hold_free_port(chooser: random.Random, held: contextlib.ExitStack) -> int:
    while True:
        port = chooser.randrange(_FIRST, _LAST)
        probe = held.enter_context(socket.socket())
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            continue
        return port
