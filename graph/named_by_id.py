"""Things that are named by their ids: those that stand, as far as whoever names them may see them."""

from collections.abc import Collection

from graph.database import Transaction
from graph.visibility import Viewer, sees_node
from ontology.lifecycles import ARCHIVED

_THERE = (
    "UNWIND $wanted AS one MATCH (n:$(one.label) {id: one.id}) WHERE NOT $asViewer OR "
    + sees_node("n")
    + " RETURN one.label AS label, n.id AS id, n.status = $archived AS archived"
)

Named = tuple[str, str]
"""A label, and an id."""


async def those_there(transaction: Transaction, named: Collection[Named], viewer: Viewer | None) -> dict[Named, bool]:
    """Those of some things that stand, each with whether it was archived; without any the graph is not asked.

    What a viewer may not see is to them as if it were not there; an agent, which is none, names whatever there is.
    """
    if not named:
        return {}
    rows = await transaction.rows(
        _THERE,
        wanted=[{"label": label, "id": one} for label, one in sorted(set(named))],
        asViewer=viewer is not None,
        archived=ARCHIVED,
        **(viewer or Viewer(None, None)).parameters(),
    )
    return {(row["label"], row["id"]): bool(row["archived"]) for row in rows}
