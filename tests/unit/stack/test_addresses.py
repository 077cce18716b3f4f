"""Ports and addresses: distinct, consistent, and a taken one told with the setting that moves it."""

import socket
import stat
from pathlib import Path

import pytest
from pydantic import ValidationError

from runtime.settings import Settings, StackSettings
from stack.addresses import PortTakenError, addresses, check_free, free_addresses, located, ports, write_environment


def test_default_ports_are_distinct() -> None:
    chosen = ports(Settings(_env_file=None))
    assert len(set(chosen.values())) == len(chosen)


def test_free_addresses_are_distinct_and_cover_every_port() -> None:
    chosen = free_addresses()
    assert set(chosen) == set(ports(Settings(_env_file=None)))
    assert len(set(chosen.values())) == len(chosen)


def test_addresses_follow_the_ports_of_the_stack() -> None:
    tree = located(Settings(_env_file=None, stack=StackSettings(neo4j_port=21001, kafka_port=21002, issuer_port=21003)))
    assert tree.graph.uri == "bolt://127.0.0.1:21001"
    assert tree.events.bootstrap_servers == "127.0.0.1:21002"
    assert tree.identity.issuer == "http://127.0.0.1:21003"
    assert addresses(tree)["TRM_GRAPH__URI"] == tree.graph.uri


def test_a_taken_port_is_told_with_its_setting() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        free = int(free_addresses()["TRM_STACK__ZIPKIN_PORT"])
        tree = Settings(_env_file=None, stack=StackSettings(neo4j_port=port, zipkin_port=free))
        with pytest.raises(PortTakenError, match=rf"port {port} of neo4j is taken .* TRM_STACK__NEO4J_PORT"):
            check_free(tree, ["neo4j"])
        check_free(tree, ["zipkin"])


def test_one_port_for_two_servers_is_told_with_both_settings() -> None:
    tree = Settings(_env_file=None, stack=StackSettings(neo4j_port=21001, kafka_port=21001))
    with pytest.raises(PortTakenError, match=r"21001 is given to two .* TRM_STACK__"):
        check_free(tree, ["kafka", "neo4j"])


@pytest.mark.parametrize("port", [0, -1, 65_536, 70_000])
def test_a_number_that_is_no_port_is_refused_by_the_settings(port: int) -> None:
    with pytest.raises(ValidationError, match="kafka_port"):
        StackSettings(kafka_port=port)


def test_a_port_for_root_only_is_told_as_that(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(self: socket.socket, address: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(socket.socket, "bind", refused)
    tree = Settings(_env_file=None, stack=StackSettings(zipkin_port=80))
    with pytest.raises(PortTakenError, match=r"port 80 of zipkin is for root only; .* TRM_STACK__ZIPKIN_PORT"):
        check_free(tree, ["zipkin"])


def test_written_environment_is_read_back_by_the_settings_and_closed_to_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TRM_GRAPH__URI", raising=False)
    path = tmp_path / "stack.env"
    write_environment(path, {"TRM_GRAPH__URI": "bolt://127.0.0.1:21009"})
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert Settings(_env_file=path).graph.uri == "bolt://127.0.0.1:21009"
