"""The one way to Neo4j: managed transactions with a deadline, and driver errors turned into ours."""

import asyncio
import contextlib
import functools
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime
from types import TracebackType
from typing import Any, LiteralString, Self, TypeVar

from neo4j import AsyncDriver, AsyncGraphDatabase, AsyncManagedTransaction, unit_of_work
from neo4j.exceptions import ClientError, ConstraintError, DriverError, Neo4jError
from neo4j.time import DateTime

from graph.errors import ConcurrentWriteError, ConstraintRefusedError, GraphUnavailableError
from graph.moments import convert_once
from runtime.migrations import SchemaRefusedError
from runtime.settings import GraphSettings
from runtime.telemetry import calling

T = TypeVar("T")
Row = dict[str, Any]

_RACES = 10
"""Tries of a write that meets others which make the same people or projects at the same moment, each time another."""

_PARAMETER = re.compile(r"\$([A-Za-z]\w*)")
_PARAMETERS = "p"
"""The one parameter of every query: a map of all that it takes."""

_NODE = re.compile(r"^Node\(\d+\) ")

_ALREADY_THERE = frozenset(
    f"Neo.ClientError.Schema.{name}"
    for name in ("EquivalentSchemaRuleAlreadyExists", "ConstraintAlreadyExists", "IndexAlreadyExists")
)


class Transaction:
    """An open transaction: literal Cypher, parameters only, rows as plain Python values."""

    def __init__(self, transaction: AsyncManagedTransaction) -> None:
        self._transaction = transaction

    async def rows(self, query: LiteralString, **parameters: Any) -> list[Row]:
        """Run a query; moments come back as ``datetime``."""
        result = await self._transaction.run(_of_one_map(query), {_PARAMETERS: parameters})
        return [{key: _native(record[key]) for key in record.keys()} async for record in result]  # noqa: SIM118

    async def row(self, query: LiteralString, **parameters: Any) -> Row | None:
        """First row of a query, if there is one."""
        rows = await self.rows(query, **parameters)
        return rows[0] if rows else None


class GraphDatabase:
    """A pool of connections to one database, and so many transactions at once."""

    def __init__(self, settings: GraphSettings) -> None:
        convert_once()
        self._settings = settings
        # A server that has just started plans every query anew: many at once would none be done in time.
        self._free = asyncio.Semaphore(settings.at_once)
        self._driver: AsyncDriver = AsyncGraphDatabase.driver(
            settings.uri,
            auth=(settings.user, settings.password.get_secret_value()),
            max_connection_pool_size=settings.pool_size,
            connection_timeout=settings.connect_timeout,
            connection_acquisition_timeout=settings.connect_timeout,
            max_transaction_retry_time=settings.transaction_timeout,
            liveness_check_timeout=30.0,
            notifications_min_severity="OFF",
            telemetry_disabled=True,
        )

    async def __aenter__(self) -> Self:
        """Open; connections are made when they are needed."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        """Close all connections."""
        await self._driver.close()

    async def write(self, work: Callable[[Transaction], Awaitable[T]]) -> T:
        """Run ``work`` in one write transaction; it is repeated after deadlocks and lost races.

        A lost race is over once the winner has committed: the next try finds what the winner wrote. So a constraint
        that stops two tries for one and the same node was not hurt by a race.

        Raises
        ------
        GraphUnavailableError
            Neo4j cannot be reached or took too long.
        ConcurrentWriteError
            Others were faster again and again; try again.
        ConstraintRefusedError
            A uniqueness constraint stands against the write; the message names it.
        """
        met: set[str] = set()
        for attempt in range(1, _RACES + 1):
            try:
                with _translated(), calling("neo4j write", db_system_name="neo4j"):
                    async with self._free, self._driver.session(database=self._settings.database) as session:
                        return await session.execute_write(self._timed(work))
            except ConcurrentWriteError as error:
                if str(error) in met:
                    raise ConstraintRefusedError(_NODE.sub("another node ", str(error))) from error
                if attempt == _RACES:
                    raise
                met.add(str(error))
        raise AssertionError("unreachable")

    async def read(self, query: LiteralString, **parameters: Any) -> list[Row]:
        """Run one reading query.

        Raises
        ------
        GraphUnavailableError
            Neo4j cannot be reached or took too long.
        """

        async def work(transaction: Transaction) -> list[Row]:
            return await transaction.rows(query, **parameters)

        with _translated(), calling("neo4j read", db_system_name="neo4j"):
            async with self._free, self._driver.session(database=self._settings.database) as session:
                return await session.execute_read(self._timed(work))

    async def stream(self, query: LiteralString, **parameters: Any) -> AsyncIterator[Row]:
        """Rows of a long read, one by one, without a deadline."""
        with _translated():
            async with self._driver.session(database=self._settings.database) as session:
                result = await session.run(_of_one_map(query), {_PARAMETERS: parameters})
                async for record in result:
                    yield {key: _native(record[key]) for key in record.keys()}  # noqa: SIM118

    async def execute_schema(self, statement: str) -> None:
        """Run one statement of a migration or schema file in a transaction of its own.

        ``IF NOT EXISTS`` does not cover two runs at the same moment: what the other one made is as good.

        Raises
        ------
        SchemaRefusedError
            The data, or something that stands in its place, are against it.
        """
        with _translated():
            async with self._driver.session(database=self._settings.database) as session:
                try:
                    await (await session.run(statement)).consume()
                except Neo4jError as error:
                    if error.code in _ALREADY_THERE:
                        return
                    if ".Schema." in (error.code or ""):
                        raise SchemaRefusedError(f"{statement}: {error.message}") from error
                    raise

    async def ping(self) -> None:
        """Ask for a sign of life.

        Raises
        ------
        GraphUnavailableError
            There is none.
        """
        await self.read("RETURN 1 AS one")

    def _timed(self, work: Callable[[Transaction], Awaitable[T]]) -> Callable[[AsyncManagedTransaction], Awaitable[T]]:
        @unit_of_work(timeout=self._settings.transaction_timeout)
        async def run(transaction: AsyncManagedTransaction) -> T:
            return await work(Transaction(transaction))

        return run


def asking(source: GraphDatabase | Transaction) -> Callable[..., Awaitable[list[Row]]]:
    """What answers a reading query: a transaction that is open, or one of its own."""
    return source.rows if isinstance(source, Transaction) else source.read


@contextlib.contextmanager
def _translated() -> Any:
    """Turn the driver's errors into ours; a wrong query stays a bug."""
    try:
        yield
    except ConstraintError as error:
        raise ConcurrentWriteError(str(error.message)) from error
    except ClientError as error:
        if error.code and (".Transaction." in error.code or ".Security." in error.code):
            raise GraphUnavailableError(str(error.message)) from error
        raise
    except (DriverError, Neo4jError, OSError) as error:
        raise GraphUnavailableError(str(error)) from error


@functools.lru_cache(maxsize=4_096)
def _of_one_map(query: str) -> str:
    """A query that takes its parameters from one map.

    Neo4j plans a query anew for each combination of its parameters' types, absences, and lengths of texts and lists:
    a second or so for a longer one. A map is a map, whatever it holds, so that each query is planned once.
    """
    return _PARAMETER.sub(rf"${_PARAMETERS}.\1", query)


def _native(value: Any) -> Any:
    if isinstance(value, DateTime):
        moment: datetime = value.to_native()
        return moment
    if isinstance(value, list):
        return [_native(item) for item in value]
    if isinstance(value, dict):
        return {key: _native(item) for key, item in value.items()}
    return value
