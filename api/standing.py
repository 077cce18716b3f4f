"""What the caller of a request has a say in."""

from api.security import Principal
from api.services import Services
from graph.people_reads import authorities_behind, authorities_of, viewer_behind
from graph.standing import Standing, standing_behind
from graph.visibility import Viewer
from runtime.authorities import Authorities
from runtime.clock import now


async def lasting_authorities(services: Services, principal: Principal, viewer: Viewer) -> frozenset[str]:
    """The authorities that a caller has by address or handle: whether they still have them can be told later too.

    Raises
    ------
    GraphUnavailableError
        It cannot be told now.
    """
    authorities = Authorities(services.settings.identity.authorities)
    if viewer.person is None:  # with what they write their address is known
        return authorities.of_known([principal.caller.email] if principal.caller.email else [], [])
    [held] = await authorities_of(services.graph, [[str(one) for one in viewer.people]], authorities)
    return held


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
    return await standing_behind(services.graph, viewer, held, now(), authorities)
