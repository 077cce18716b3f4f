"""The step that makes a text searchable: embed it once, ever, and store it with its words."""

from uuid import UUID

from prometheus_client import Counter
from temporalio import activity

from activities.failures import failing_typed
from activities.heartbeat import heartbeating
from knowledge.store import IndexOutcome, KnowledgeStore
from ontology.documents import SnippetDocument

EMBEDDINGS = Counter("trm_embeddings_total", "Texts indexed, by whether their vector was known before", ["cached"])


class EmbeddingActivities:
    """Indexes texts in the knowledge store."""

    def __init__(self, store: KnowledgeStore) -> None:
        self._store = store

    @activity.defn
    @failing_typed
    async def index(self, document: SnippetDocument) -> IndexOutcome:
        """Embed and store one text; an older revision changes nothing."""
        async with heartbeating():
            outcome = await self._store.index(document)
        EMBEDDINGS.labels(str(outcome.cached).lower()).inc()
        return outcome

    @activity.defn
    @failing_typed
    async def withdraw(self, source_id: UUID) -> None:
        """Take a text out of search for good, also one whose indexing is still on its way."""
        await self._store.withdraw(source_id)
