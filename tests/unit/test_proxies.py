"""Own servers are never reached through a proxy."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest

from runtime.proxies import spare_own_servers
from runtime.settings import Settings

DEAD = "http://127.0.0.1:9"


@pytest.fixture
def server() -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(204)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            pass

    web = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=web.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{web.server_port}"
    web.shutdown()
    thread.join()
    web.server_close()


@pytest.fixture
def tree(monkeypatch: pytest.MonkeyPatch) -> Settings:
    for name in ("no_proxy", "NO_PROXY", "http_proxy", "HTTP_PROXY", "https_proxy", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    return Settings(_env_file=None)


@pytest.mark.parametrize("proxy", [DEAD, "socks5://127.0.0.1:9", "socks5h://127.0.0.1:9", "socks4://127.0.0.1:9"])
@pytest.mark.parametrize("variable", ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"])
def test_a_local_server_is_asked_itself(
    tree: Settings, server: str, monkeypatch: pytest.MonkeyPatch, variable: str, proxy: str
) -> None:
    monkeypatch.setenv(variable, proxy)
    monkeypatch.setenv("no_proxy", "")
    monkeypatch.setenv("NO_PROXY", "")
    if not proxy.startswith("socks4"):
        with pytest.raises(httpx.TransportError):
            httpx.get(server)
    spare_own_servers(tree)
    assert httpx.get(server).status_code == 204


def test_what_the_machine_says_stays_and_configured_hosts_join_it() -> None:
    tree = Settings(
        _env_file=None,
        graph={"uri": "neo4j+s://graph.internal:7687"},
        events={"bootstrap_servers": "k1.internal:9092, k2.internal:9092", "registry_url": "http://registry:8081/x"},
        temporal={"target": "temporal.internal:7233"},
        identity={"issuer": "https://login.example.com"},
    )
    environment = {"NO_PROXY": "intranet.example, .corp", "https_proxy": "http://proxy:3128"}
    spare_own_servers(tree, environment)
    hosts = environment["no_proxy"].split(",")
    assert environment["NO_PROXY"] == environment["no_proxy"]
    assert hosts[:2] == ["intranet.example", ".corp"]
    assert {"127.0.0.1", "localhost", "::1", "graph.internal", "k1.internal", "k2.internal", "registry"} <= set(hosts)
    assert "temporal.internal" in hosts
    assert "login.example.com" not in hosts, "a provider outside may be behind the proxy"
    assert environment["https_proxy"] == "http://proxy:3128"


def test_no_proxy_for_anything_stays_so() -> None:
    environment = {"no_proxy": "*"}
    spare_own_servers(Settings(_env_file=None), environment)
    assert environment["no_proxy"] == "*"
