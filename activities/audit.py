"""The audit as an agent makes it: what differs between the stores is a trouble of the system."""

from temporalio import activity

from activities.failures import failing_typed
from activities.heartbeat import heartbeating
from activities.system_watch import AUDIT, RULE, Trouble, Watched, broken_rules, some_of, watched
from auditing.equality import Difference, compare_twice
from graph.database import GraphDatabase
from graph.rebuild import RecordsMissingError
from knowledge.store import KnowledgeStore
from runtime.settings import Settings


class AuditActivities:
    """Compares the stores.

    Parameters
    ----------
    tree, graph, store
        Where they are.
    """

    def __init__(self, tree: Settings, graph: GraphDatabase, store: KnowledgeStore) -> None:
        self._tree = tree
        self._graph = graph
        self._store = store

    @activity.defn
    @failing_typed
    async def find_differences(self) -> Watched:
        """Read every store whole; what differs twice in a row, and every broken rule, is to be reported."""
        async with heartbeating():
            try:
                found = await compare_twice(self._tree, self._graph, self._store)
                troubles = [*map(_trouble, found.differences), *broken_rules(found.broken)]
            except RecordsMissingError as error:
                troubles = [Trouble(cause=f"{AUDIT}records", title="There are no change records", facts=str(error))]
        source = self._tree.events.source
        return await watched(self._graph, troubles, source, lambda cause: cause.startswith((AUDIT, RULE)))


def _trouble(found: Difference) -> Trouble:
    return Trouble(
        cause=f"{AUDIT}{found.what}",
        title=f"The stores differ: {found.what}",
        facts=f"{some_of(found.ids)}. `trm audit` shows it all, and `trm audit --repair` makes again what was lost.",
    )
