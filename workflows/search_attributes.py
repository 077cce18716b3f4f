"""The search attributes of every run, by which the Temporal Web UI and ours find it."""

from datetime import timedelta

from temporalio.api.operatorservice.v1 import ListSearchAttributesRequest
from temporalio.client import Client
from temporalio.common import SearchAttributeKey, SearchAttributePair, TypedSearchAttributes

from ontology.commands import Command

ENTITY_ID = SearchAttributeKey.for_keyword("TrmEntityId")
ENTITY_KIND = SearchAttributeKey.for_keyword("TrmEntityKind")
EVENT_ID = SearchAttributeKey.for_keyword("TrmEventId")
SOURCE = SearchAttributeKey.for_keyword("TrmSource")
ASKED_OF = SearchAttributeKey.for_keyword_list("TrmAskedOf")

ALL = (ENTITY_ID, ENTITY_KIND, EVENT_ID, SOURCE, ASKED_OF)
"""Every one of ours."""

_LIMIT = timedelta(seconds=2)


def search_attributes(command: Command, kind: str) -> TypedSearchAttributes:
    """What a command's run is found by."""
    return TypedSearchAttributes(
        [
            SearchAttributePair(ENTITY_ID, str(command.id)),
            SearchAttributePair(ENTITY_KIND, kind),
            SearchAttributePair(EVENT_ID, str(command.origin.event_id)),
            SearchAttributePair(SOURCE, command.origin.source),
        ]
    )


async def unregistered(client: Client) -> list[str]:
    """Names that the namespace does not know; it refuses every run that carries one.

    Raises
    ------
    RPCError
        The server does not say, or does not tell us.
    """
    request = ListSearchAttributesRequest(namespace=client.namespace)
    known = await client.operator_service.list_search_attributes(request, timeout=_LIMIT)
    return [key.name for key in ALL if key.name not in known.custom_attributes]
