"""``trm person``: who stands behind a token, and people who turned out to be one."""

import asyncio
from typing import Annotated
from uuid import UUID, uuid4

import typer
from rich.console import Console

from cli.errors import UsageRefusedError, plain_errors
from cli.foreign import plain
from cli.operator import operator
from cli.temporal import connected
from ontology import ids
from ontology.base import OntologyModel
from ontology.commands import Command, LinkIdentity, MergePeople, Origin
from ontology.events import EventType
from runtime.clock import now
from runtime.errors import RefusedError
from runtime.hashing import request_hash
from runtime.settings import settings
from workflows.starts import finish, start

app = typer.Typer(no_args_is_help=True, help="People and the tokens that stand for them.")
console = Console()


class _Request(OntologyModel):
    """What the operator asked for; its hash tells one request from another."""

    what: EventType
    ids: list[str]


@app.command()
def link(
    person: Annotated[UUID, typer.Argument(help="id of the person")],
    subject: Annotated[str, typer.Option(help="the token's subject")],
    issuer: Annotated[str, typer.Option(help="the token's issuer; default: the deployment's")] = "",
) -> None:
    """Bind a token's subject to a person; an earlier binding ends and stays as history."""
    with plain_errors():
        if not subject.strip():
            raise UsageRefusedError("--subject is empty; say the sub of the token")
    chosen = issuer or settings().identity.issuer
    origin = _origin(EventType.PERSON_LINKED, [chosen, subject, str(person)])
    command = LinkIdentity(
        id=ids.identity(chosen, subject), origin=origin, issuer=chosen, subject=subject, person_id=person
    )
    _carry_out(command, f"{subject} now stands for {person}")


@app.command()
def merge(
    duplicate: Annotated[UUID, typer.Argument(help="the person who leads to the other from now on")],
    survivor: Annotated[UUID, typer.Argument(help="the person who stays")],
) -> None:
    """Say that two people are one; what was written about either stays written."""
    origin = _origin(EventType.PERSON_MERGED, [str(duplicate), str(survivor)])
    command = MergePeople(id=survivor, origin=origin, duplicate=duplicate, survivor=survivor)
    _carry_out(command, f"{duplicate} now leads to {survivor}")


def _carry_out(command: Command, done: str) -> None:
    with plain_errors():
        asyncio.run(_run(command))
        console.print(plain(done))


async def _run(command: Command) -> None:
    tree = settings()
    client = await connected(tree.temporal)
    started = await start(client, command, tree.temporal.task_queue)
    accepted = await finish(client, started)
    if accepted.failed:
        raise RefusedError(accepted.reason or "the run failed", pointer=accepted.pointer)


def _origin(what: EventType, about: list[str]) -> Origin:
    moment = now()
    return Origin(
        event_id=uuid4(),
        event_type=what,
        source=settings().events.source,
        occurred_at=moment,
        sent_at=moment,
        request_hash=request_hash(_Request(what=what, ids=about)),
        caller=operator(),
    )
