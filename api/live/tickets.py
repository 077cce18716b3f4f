"""Tickets to listen with: a browser cannot send a header with a WebSocket, and a token in an address would be written
down in logs. A ticket is used once, within seconds, and stands for its holder's token.
"""

import hashlib
import secrets
from datetime import datetime, timedelta

import orjson

from api.security import Principal
from knowledge.pool import Pool, translated
from ontology.base import OntologyModel, Timestamp
from ontology.references import Caller
from runtime.clock import now

_STORE = "INSERT INTO live_tickets (hash, principal, expires_at) VALUES ($1, $2::text::jsonb, $3)"
_TAKE = "DELETE FROM live_tickets WHERE hash = $1 AND expires_at > now() RETURNING principal::text"
_TIDY = "DELETE FROM live_tickets WHERE expires_at <= now()"


class _Kept(OntologyModel):
    """A principal as a ticket keeps it."""

    caller: Caller
    scopes: list[str]
    authorities: list[str]
    expires: Timestamp | None


class Tickets:
    """Makes and takes tickets; they stand in PostgreSQL, so that any gateway takes what another made.

    Parameters
    ----------
    pool
        Where they are kept, as hashes.
    age
        Seconds in which one may be used.
    """

    def __init__(self, pool: Pool, age: float) -> None:
        self._pool = pool
        self._age = timedelta(seconds=age)

    async def make(self, principal: Principal) -> tuple[str, datetime]:
        """A new ticket, and when it ends.

        Raises
        ------
        KnowledgeUnavailableError
            PostgreSQL is away.
        """
        ticket, until = secrets.token_urlsafe(32), now() + self._age
        kept = _Kept(
            caller=principal.caller,
            scopes=sorted(principal.scopes),
            authorities=sorted(principal.authorities),
            expires=principal.expires,
        )
        with translated():
            await self._pool.execute(_TIDY)
            await self._pool.execute(_STORE, _hash(ticket), kept.model_dump_json(), until)
        return ticket, until

    async def take(self, ticket: str) -> Principal | None:
        """Whom a ticket lets in; None when it is unknown, used or too old. It lets nobody in twice.

        Raises
        ------
        KnowledgeUnavailableError
            PostgreSQL is away.
        """
        with translated():
            found = await self._pool.fetchval(_TAKE, _hash(ticket))
        if found is None:
            return None
        kept = _Kept.model_validate(orjson.loads(found))
        return Principal(kept.caller, frozenset(kept.scopes), frozenset(kept.authorities), kept.expires)


def _hash(ticket: str) -> bytes:
    return hashlib.sha256(ticket.encode(errors="replace")).digest()
