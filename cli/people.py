"""``trm person``: who stands behind a token, and people who turned out to be one."""

import asyncio
from collections.abc import Callable
from typing import Annotated
from uuid import UUID, uuid4

import typer
from rich.console import Console
from rich.table import Table

from cli.errors import Exit, plain_errors, say
from cli.foreign import plain
from cli.operator import operator
from cli.temporal import connected
from graph.database import GraphDatabase
from graph.people_preview import MergePreview, Standing, merge_preview
from graph.people_reads import taken_keys
from ontology import ids
from ontology.base import OntologyModel
from ontology.commands import Command, LinkIdentity, MergePeople, Origin, UnmergePeople
from ontology.events import EventType
from runtime.clock import now
from runtime.errors import RefusedError, UsageRefusedError
from runtime.hashing import request_hash
from runtime.settings import settings
from workflows.starts import Accepted, finish, start

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
    yes: Annotated[bool, typer.Option("--yes", "-y", help="merge without asking")] = False,
) -> None:
    """Show who two people are and, once confirmed, say that they are one; what was written about either stays written.

    `trm person unmerge` undoes it.
    """
    with plain_errors():
        preview = asyncio.run(_look(duplicate, survivor))
        console.print(plain(f"{duplicate} would lead to {survivor}:"))
        console.print(preview_table(preview))
        if preview.refusal:
            raise preview.refusal
        if not yes and not _confirmed("Are they one? The first leads to the second then"):
            console.print("Nothing was changed.")
            raise typer.Exit(Exit.REFUSED)
    origin = _origin(EventType.PERSON_MERGED, [str(duplicate), str(survivor)])
    command = MergePeople(id=survivor, origin=origin, duplicate=duplicate, survivor=survivor)
    _carry_out(command, f"{duplicate} now leads to {survivor}")


@app.command()
def unmerge(
    person: Annotated[UUID, typer.Argument(help="the person who leads to another")],
) -> None:
    """Undo a merge: who led to another stands alone again; what was written meanwhile stays with whom it named."""
    origin = _origin(EventType.PERSON_UNMERGED, [str(person)])
    _carry_out(UnmergePeople(id=person, origin=origin), f"{person} stands alone again")
    with plain_errors():
        for key, holder in asyncio.run(_taken(person)):
            console.print(plain(f"{key} is {holder}'s by now, and stays there"))


def preview_table(preview: MergePreview) -> Table:
    """Who would lead to whom, side by side."""
    table = Table(box=None, header_style="bold")
    for column in ("", "leads", "stays"):
        table.add_column(column, overflow="fold")
    for name, tell in _SHOWN.items():
        table.add_row(name, *(plain(tell(one) if one else "–") for one in (preview.duplicate, preview.survivor)))
    return table


_SHOWN: dict[str, Callable[[Standing], str]] = {
    "name": lambda one: one.full_name,
    "e-mail": lambda one: one.email or "",
    "handle": lambda one: one.handle or "",
    "role": lambda one: one.role,
    "known": lambda one: "by mention only" if one.provisional else "recorded",
    "recognitions given": lambda one: str(one.given),
    "received": lambda one: str(one.received),
    "snippets": lambda one: str(one.authored),
    "tensions detected": lambda one: str(one.detected),
    "owned": lambda one: str(one.owned),
    "comments": lambda one: str(one.commented),
    "tokens": lambda one: "\n".join(f"{token.subject} of {token.issuer}" for token in one.identities),
    "other ids": lambda one: str(one.led),
}


def _confirmed(question: str) -> bool:
    try:
        return console.input(f"{question} (y/N) ").strip().lower() in {"y", "yes"}
    except EOFError as error:
        raise UsageRefusedError("nobody answers here; --yes merges without asking") from error


async def _look(duplicate: UUID, survivor: UUID) -> MergePreview:
    async with GraphDatabase(settings().graph) as graph:
        return await merge_preview(graph, duplicate, survivor)


async def _taken(person: UUID) -> list[tuple[str, UUID]]:
    async with GraphDatabase(settings().graph) as graph:
        return await taken_keys(graph, person)


def _carry_out(command: Command, done: str) -> None:
    with plain_errors():
        accepted = asyncio.run(_run(command))
        if accepted.failed:
            say(f"{accepted.reason_code or 'failed'}:", RefusedError(accepted.reason or "the run failed"))
            raise typer.Exit(Exit.REFUSED)
        console.print(plain(done))


async def _run(command: Command) -> Accepted:
    tree = settings()
    client = await connected(tree.temporal)
    return await finish(client, await start(client, command, tree.temporal.task_queue))


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
