"""Reads one thing of the graph for a caller: the same rule of who sees what right after a write and ever after."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from api.security import Principal
from api.services import Services
from graph.database import Row
from graph.people_reads import viewer_behind
from graph.visibility import Viewer
from ontology.base import OntologyModel

T = TypeVar("T", bound=OntologyModel)
Reader = Callable[[], Awaitable[T | None]]


def reader(
    services: Services,
    principal: Principal,
    get: Callable[[Viewer], Awaitable[Row | None]],
    shown: Callable[[Row], T],
) -> Reader[T]:
    """A read that may be repeated until the thing is there.

    Parameters
    ----------
    get
        Gets the thing's row as far as a viewer may see it.
    shown
        Makes of the row what is sent.
    """
    viewer: Viewer | None = None

    async def read() -> T | None:
        nonlocal viewer
        if viewer is None or viewer.person is None:
            viewer = await viewer_behind(services.graph, principal.caller)
        row = await get(viewer)
        if row is None:  # the very write that is waited for may make the caller known, or let them see
            viewer = None
            return None
        return shown(row)

    return read
