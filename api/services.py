"""What a request can reach; made once per process and found through the application's state."""

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fastapi import Request

from api.cursors import Cursors
from graph.database import GraphDatabase
from knowledge.file_imports import FileImports
from knowledge.search import HybridSearch
from knowledge.store import KnowledgeStore
from runtime.runs import Runs
from runtime.settings import Settings

if TYPE_CHECKING:
    from api.live.hub import LiveHub
    from api.live.tickets import Tickets
    from api.security import TokenVerifier


@dataclass(frozen=True)
class Services:
    """The outside worlds of the gateway."""

    settings: Settings
    runs: Runs
    graph: GraphDatabase
    store: KnowledgeStore
    search: HybridSearch
    tokens: "TokenVerifier"
    live: "LiveHub"
    tickets: "Tickets"
    files: FileImports
    previews: asyncio.Semaphore

    @property
    def cursors(self) -> Cursors:
        """Makes and reads the cursors of this deployment."""
        return Cursors(self.settings.api.cursor_secret.get_secret_value())


def services_of(request: Request) -> Services:
    """Services of the application a request came to."""
    services: Services = request.app.state.services
    return services
