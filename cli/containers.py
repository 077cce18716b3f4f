"""``trm containers``: the files of the stack in containers, and its secrets."""

import secrets
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from cli.foreign import plain
from runtime.settings import Settings
from stack import containers as compose
from stack import monitoring

console = Console()


def containers(
    check: Annotated[bool, typer.Option("--check", help="write nothing; fail when a file differs")] = False,
    with_secrets: Annotated[bool, typer.Option("--secrets", help="also write secrets, if there are none")] = False,
) -> None:
    """Write docker-compose.yml and what Prometheus and Grafana read, or check the committed files."""
    tree = Settings(_env_file=None)
    generated = {
        "docker-compose.yml": compose.document(tree),
        "deploy/prometheus/prometheus.yml": monitoring.prometheus(tree),
        "deploy/prometheus/rules.yml": monitoring.rules(),
        "deploy/grafana/dashboards/trm.json": monitoring.dashboard(),
    }
    differing = [name for name, text in generated.items() if not _same(compose.CHECKOUT / name, text)]
    if check:
        for name in differing:
            console.print(
                plain("differs from the native stack:", style="red").append(f" {name} (run `trm containers`)")
            )
        raise typer.Exit(1 if differing else 0)
    for name in differing:
        (compose.CHECKOUT / name).write_text(generated[name], encoding="utf-8")
        console.print(f"wrote {name}")
    if with_secrets:
        _write_secrets(compose.CHECKOUT / compose.SECRETS_FILE)


def _same(path: Path, text: str) -> bool:
    return path.exists() and path.read_text(encoding="utf-8") == text


def _write_secrets(path: Path) -> None:
    if path.exists():
        return
    lines = [f"{name}={secrets.token_urlsafe(24)}" for name in compose.SECRETS]
    lines.append('TRM_EVENTS__ALLOWED_SOURCES={"RECOGNITION_CREATED": ["urn:example:hr"]}')
    lines.append('TRM_IDENTITY__AUTHORITIES={"moderator": [], "operator": []}')
    path.touch(mode=0o600)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    console.print(plain(f"wrote {path}: secrets of this machine's containers; keep it out of the repository"))
