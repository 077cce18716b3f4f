"""How the stack asks its servers whether they are ready, and what it settles once they are."""

import functools
import ssl
from collections.abc import Mapping

import asyncpg
import httpx
from aiokafka.client import AIOKafkaClient
from google.protobuf.duration_pb2 import Duration
from neo4j import AsyncGraphDatabase
from neo4j.exceptions import AuthError, ClientError
from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.namespace.v1 import NamespaceConfig
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest, ListSearchAttributesRequest
from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest, UpdateNamespaceRequest

from runtime.settings import Settings
from runtime.temporal_client import connect
from stack import passwords
from stack.data import data_folder
from stack.processes import PartError
from stack.supervisor import Action, Probe

_SET_PASSWORD = "ALTER CURRENT USER SET PASSWORD FROM $old TO $new"  # noqa: S105 - a statement


def http_ok(url: str) -> Probe:
    """Ready when a GET answers 200."""

    async def ask() -> bool:
        async with httpx.AsyncClient(timeout=4.0, verify=_trusted()) as web:
            return (await web.get(url)).status_code == 200

    return ask


@functools.cache
def _trusted() -> ssl.SSLContext:
    """Whose certificates count; read once: it takes a tenth of a second, and a starting stack asks often."""
    return httpx.create_ssl_context()


def postgres_ready(tree: Settings) -> Probe:
    """Ready when a query is answered."""

    async def ask() -> bool:
        try:
            connection = await _postgres(tree, "postgres")
        except asyncpg.InvalidAuthorizationSpecificationError as error:  # a wrong password is a kind of it
            raise PartError(passwords.refusal("postgres")) from error
        try:
            return bool(await connection.fetchval("SELECT 1"))
        finally:
            await connection.close()

    return ask


def postgres_settle(tree: Settings) -> Action:
    """Make the deployment's database once."""

    async def settle() -> None:
        passwords.remember(data_folder(tree), "postgres", tree.knowledge.password)
        connection = await _postgres(tree, "postgres")
        try:
            name = tree.knowledge.database
            if not await connection.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", name):
                quoted = await connection.fetchval("SELECT quote_ident($1)", name)
                await connection.execute(f"CREATE DATABASE {quoted}")
        finally:
            await connection.close()

    return settle


def kafka_ready(tree: Settings) -> Probe:
    """Ready when the broker answers a metadata request."""

    async def ask() -> bool:
        client = AIOKafkaClient(bootstrap_servers=tree.events.bootstrap_servers, request_timeout_ms=3000)
        try:
            await client.bootstrap()
            return bool(client.cluster.brokers())
        finally:
            await client.close()

    return ask


def neo4j_ready(tree: Settings) -> Probe:
    """Ready when it answers; sets the deployment's password the first time."""

    async def ask() -> bool:
        password = tree.graph.password.get_secret_value()
        try:
            return await _neo4j_answers(tree, password)
        except (AuthError, ClientError):
            uri, initial = tree.graph.uri, "neo4j"
            async with AsyncGraphDatabase.driver(uri, auth=(tree.graph.user, initial), connection_timeout=3) as driver:
                try:
                    await driver.execute_query(_SET_PASSWORD, old=initial, new=password, database_="system")
                except AuthError as error:
                    raise PartError(passwords.refusal("neo4j")) from error
            return await _neo4j_answers(tree, password)

    return ask


def neo4j_settle(tree: Settings) -> Action:
    """Keep what the password is."""

    async def settle() -> None:
        passwords.remember(data_folder(tree), "neo4j", tree.graph.password)

    return settle


def temporal_settle(tree: Settings, attributes: Mapping[str, str]) -> Action:
    """Set the namespace's retention, which the development server leaves at one day, and add new search attributes.

    The server takes search attributes only when it makes the namespace; what a later version declares is added here.
    """

    async def settle() -> None:
        client = await connect(tree.temporal)
        service, namespace = client.workflow_service, tree.temporal.namespace
        known = await client.operator_service.list_search_attributes(ListSearchAttributesRequest(namespace=namespace))
        missing = {
            name: IndexedValueType.Value(f"INDEXED_VALUE_TYPE_{kind.upper()}")
            for name, kind in attributes.items()
            if name not in known.custom_attributes
        }
        if missing:
            wanted = AddSearchAttributesRequest(namespace=namespace, search_attributes=missing)
            await client.operator_service.add_search_attributes(wanted)
        described = await service.describe_namespace(DescribeNamespaceRequest(namespace=namespace))
        retention = Duration()
        retention.FromTimedelta(tree.temporal.retention)
        if described.config.workflow_execution_retention_ttl != retention:
            config = NamespaceConfig(workflow_execution_retention_ttl=retention)
            await service.update_namespace(UpdateNamespaceRequest(namespace=namespace, config=config))

    return settle


async def _neo4j_answers(tree: Settings, password: str) -> bool:
    auth = (tree.graph.user, password)
    async with AsyncGraphDatabase.driver(tree.graph.uri, auth=auth, connection_timeout=3) as driver:
        records, _, _ = await driver.execute_query("RETURN 1 AS one", database_=tree.graph.database)
        return bool(records)


async def _postgres(tree: Settings, database: str) -> "asyncpg.Connection[asyncpg.Record]":
    return await asyncpg.connect(
        host=tree.knowledge.host,
        port=tree.knowledge.port,
        user=tree.knowledge.user,
        password=tree.knowledge.password.get_secret_value(),
        database=database,
        ssl=tree.knowledge.ssl,  # said, or the shell's PGSSLMODE would decide
        timeout=3,
    )
