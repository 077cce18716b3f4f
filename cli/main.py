"""The ``trm`` command: assembles its groups."""

import typer

from cli import events, facts, ontology, people, stack
from cli.clients import clients
from cli.identity import token
from cli.migrate import migrate
from cli.openapi import openapi
from cli.run import run
from cli.seed.command import seed

app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False, help="TRM-OS on the command line.")
app.add_typer(stack.app, name="stack")
app.add_typer(ontology.app, name="ontology")
app.add_typer(people.app, name="person")
app.add_typer(events.events, name="events")
app.add_typer(events.dead_letters, name="dead-letters")
for command in (run, seed, migrate, token, openapi, clients, facts.audit, facts.rebuild):
    app.command()(command)
