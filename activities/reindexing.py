"""Steps by which every text gets a vector of the model that is set, page by page as the graph has them."""

from uuid import UUID

from temporalio import activity

from activities.failures import failing_typed
from activities.heartbeat import heartbeating
from graph.audit import count_searchable, searchable
from graph.database import GraphDatabase
from graph.provenance import nodes_after
from knowledge.store import KnowledgeStore
from ontology.base import OntologyModel
from ontology.kinds import KINDS
from runtime.errors import RefusedError

LABELS = sorted(label for label, kind in KINDS.items() if kind.document)
"""Kinds of things that have a text."""


class ReindexPlace(OntologyModel):
    """How far a pass over the texts is.

    Attributes
    ----------
    model
        Whose vectors are made.
    label, after
        Texts of which kind come next, and after which id.
    seen, stored, total
        Numbers of texts: looked at, stored now, and of all when it began.
    """

    model: str
    label: str = LABELS[0]
    after: UUID | None = None
    seen: int = 0
    stored: int = 0
    total: int = 0


class ReindexActivities:
    """Makes vectors of what stands in the graph.

    Parameters
    ----------
    graph, store
        Where texts are read, and where their vectors go.
    texts
        How many go into one call.
    """

    def __init__(self, graph: GraphDatabase, store: KnowledgeStore, texts: int) -> None:
        self._graph = graph
        self._store = store
        self._texts = texts

    @activity.defn
    @failing_typed
    async def count_texts(self, model: str) -> int:
        """Number of texts that are to be found.

        Raises
        ------
        RefusedError
            This worker makes vectors of another model.
        """
        if model != self._store.model:
            detail = f"workers make vectors of {self._store.model}, not {model}; set TRM_EMBEDDING__… for them as well"
            raise RefusedError(detail)
        return sum([await count_searchable(self._graph, label) for label in LABELS])

    @activity.defn
    @failing_typed
    async def reindex_page(self, place: ReindexPlace) -> ReindexPlace | None:
        """Store the next texts; those that stand with a vector of the model cost a look. None: there are no more."""
        async with heartbeating():
            nodes = await nodes_after(self._graph, place.label, place.after, self._texts)
            if not nodes:
                left = LABELS[LABELS.index(place.label) + 1 :]
                return place.model_copy(update={"label": left[0], "after": None}) if left else None
            document = KINDS[place.label].document
            assert document is not None
            stored = await self._store.index_many([document(node) for node in nodes])
        reached = {"after": nodes[-1].id, "seen": place.seen + len(nodes), "stored": place.stored + stored}
        return place.model_copy(update=reached)

    @activity.defn
    @failing_typed
    async def use_reindexed(self, model: str) -> int:
        """Have the model searched once every text has a vector of it; gives how many have none yet."""
        held = await self._store.sources()
        missing = 0
        for label in LABELS:
            missing += sum([text not in held async for text in searchable(self._graph, label)])
        if not missing:
            await self._store.search_by_own()
        return missing
