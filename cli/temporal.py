"""A connected Temporal client for a command, or one sentence."""

from temporalio.client import Client

from runtime.settings import TemporalSettings
from runtime.temporal_client import connect
from workflows.outcomes import TemporalAwayError


async def connected(tree: TemporalSettings) -> Client:
    """Connect.

    Raises
    ------
    TemporalAwayError
        There is none at this address, or it does not let us in.
    """
    try:
        return await connect(tree)
    except RuntimeError as error:  # the SDK has no class of its own for it
        raise TemporalAwayError(f"there is no Temporal at {tree.target}; is the stack up?") from error
