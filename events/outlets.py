"""Whether what is written can be told: our schemas in the registry, our topics at the broker, their settings too."""

import asyncio
import logging

from events.registry import SchemaRegistry
from events.topics import troubles
from runtime.errors import UnavailableError
from runtime.settings import EventSettings

log = logging.getLogger(__name__)

_LOOK_EVERY = 30.0


class Outlets:
    """Looks at a start and then now and again; what it finds is in the log and in readiness.

    Nothing is refused because of it: a run waits where it cannot send, and goes on when the cause is mended.
    """

    def __init__(self, settings: EventSettings, registry: SchemaRegistry | None = None) -> None:
        self._settings = settings
        self._registry = registry or SchemaRegistry(settings)
        self.found: dict[str, str] = {}

    async def watch(self) -> None:
        """Look every half a minute, apart from whoever asks for readiness: a broker that is away answers late."""
        while True:
            await self.check()
            await asyncio.sleep(_LOOK_EVERY)

    async def check(self) -> dict[str, str]:
        """Part → ``ok`` or what is wrong with it, as it is now."""
        found = {"topics": await self._topics(), "schemas": await self._schemas()}
        for part, said in found.items():
            if said not in {"ok", self.found.get(part)}:
                log.error("what is written cannot be told", extra={"part": part, "cause": said})
        self.found = found
        return found

    async def _topics(self) -> str:
        try:
            found = await troubles(self._settings)
        except UnavailableError as error:
            return f"away: {error.code}"
        return "; ".join(f"{name}: {trouble}" for name, trouble in found.items()) or "ok"

    async def _schemas(self) -> str:
        try:
            found = await self._registry.unregistered()
        except UnavailableError as error:
            return f"away: {error.code}"
        return f"not registered, `trm migrate` does: {', '.join(found)}" if found else "ok"
