"""The step that keeps what a run refused for good, so that it is tried again once the cause is mended."""

from prometheus_client import Counter
from temporalio import activity

from activities.failures import failing_typed
from events.dead_letters import bury
from ontology.base import OntologyModel
from ontology.commands import Position
from runtime.settings import EventSettings

REFUSED = Counter("trm_refused_events_total", "Other systems' events that a run refused for good", ["code"])


class RefusedEvent(OntologyModel):
    """An event that a run refused.

    Attributes
    ----------
    position
        Where its message stands.
    code, reason, pointer
        Why.
    """

    position: Position
    code: str
    reason: str
    pointer: str | None = None


class DeadLetterActivities:
    """Writes dead letters as the bridge does."""

    def __init__(self, events: EventSettings) -> None:
        self._events = events

    @activity.defn
    @failing_typed
    async def bury(self, refused: RefusedEvent) -> None:
        """Write the letter; a repetition writes the same one, since its id is the position."""
        info = activity.info()
        reason = f"{refused.pointer}: {refused.reason}" if refused.pointer else refused.reason
        await bury(self._events, refused.position, refused.code, reason, f"{info.workflow_id}/{info.workflow_run_id}")
        REFUSED.labels(refused.code).inc()
