"""What speaks to our own servers never asks a proxy, whatever the machine's proxy variables say.

Set once per process, in the environment, since that is the only place that every client library reads: httpx, requests,
urllib, Node and Go alike, also inside libraries that make their clients themselves.
"""

import logging
import os
from collections.abc import MutableMapping
from urllib.parse import urlsplit

from runtime.settings import Settings

log = logging.getLogger(__name__)

_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_PROXIES = ("http_proxy", "https_proxy", "all_proxy")
_USABLE = {"http", "https", "socks5", "socks5h"}


def spare_own_servers(tree: Settings, environment: MutableMapping[str, str] = os.environ) -> None:
    """Name the hosts of our own servers in ``no_proxy``, beside what stands there.

    A proxy of a scheme that no client of ours speaks is left out; they would refuse to be made, even where no proxy
    is asked. The issuer, the embedding provider and package registries may be behind a proxy and are not named.

    Parameters
    ----------
    tree
        Settings with the servers' addresses.
    environment
        Is changed in place.
    """
    said = environment.get("no_proxy") or environment.get("NO_PROXY") or ""
    hosts = [host.strip() for host in said.split(",") if host.strip()]
    if "*" not in hosts:
        hosts += [host for host in (*_LOOPBACK, *_own_hosts(tree)) if host not in hosts]
    environment["no_proxy"] = environment["NO_PROXY"] = ",".join(hosts)
    for name in (*_PROXIES, *map(str.upper, _PROXIES)):
        scheme, separator, _ = environment.get(name, "").partition("://")
        if separator and scheme.lower() not in _USABLE:
            log.warning("proxy is not used: no client speaks its scheme", extra={"variable": name, "scheme": scheme})
            del environment[name]


def _own_hosts(tree: Settings) -> list[str]:
    addresses = [
        tree.api.public_url,
        tree.events.registry_url,
        tree.graph.uri,
        tree.telemetry.otlp_url,
        tree.telemetry.zipkin_url,
        tree.temporal.ui_url,
        f"//{tree.temporal.target}",
        f"//{tree.knowledge.host}",
        *(f"//{server.strip()}" for server in tree.events.bootstrap_servers.split(",")),
    ]
    found = {urlsplit(address).hostname for address in addresses}
    return sorted(host for host in found if host)
