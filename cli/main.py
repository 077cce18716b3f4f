"""The ``trm`` command: assembles its groups."""

import typer

from cli import ontology, stack
from cli.migrate import migrate

app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False, help="TRM-OS on the command line.")
app.add_typer(stack.app, name="stack")
app.add_typer(ontology.app, name="ontology")
app.command()(migrate)
