"""What the caller of a request has a say in."""

from api.security import Principal
from api.services import Services
from graph.people_reads import authorities_behind, viewer_behind
from graph.standing import Standing, standing_behind
from runtime.authorities import Authorities
from runtime.clock import now


async def standing_of(services: Services, principal: Principal) -> Standing:
    """Who a caller is, with the authorities of their token and of their handle, and in whose place they decide.

    Raises
    ------
    GraphUnavailableError
        It cannot be told now.
    """
    viewer = await viewer_behind(services.graph, principal.caller)
    authorities = Authorities(services.settings.identity.authorities)
    held = await authorities_behind(services.graph, viewer, authorities, principal.authorities)
    return await standing_behind(services.graph, viewer, held, now())
