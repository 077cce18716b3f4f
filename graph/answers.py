"""An answer looked at before it is sent: one that is refused anyway takes no place in the run of its decision."""

from graph.database import GraphDatabase, Transaction
from graph.decisions import check_decision
from graph.errors import IdConflictError
from graph.ledger import Ledger, Run
from graph.node_states import NodeState
from graph.people_reads import authorities_behind, viewer_behind
from graph.records import repeated
from ontology.commands import Change
from ontology.kinds.decision import DECISION
from runtime.authorities import Authorities

_STANDS = "MATCH (n:Decision {id: $id}) RETURN properties(n) AS properties"

_NO_RUN = Run("", "")
"""Nothing is written here."""


async def check_answer(graph: GraphDatabase, answer: Change, authorities: Authorities) -> None:
    """Pass when an answer would count now, or does already; what the transaction says later holds.

    Raises
    ------
    IdConflictError
        The same key stands for another answer.
    ThingUnknownError, DecidedError, NotAskedError
        As of :func:`graph.decisions.check_decision`.
    """

    async def look(transaction: Transaction) -> None:
        caller = answer.origin.caller
        if known := await repeated(transaction, answer.origin):
            if known.outcome == "conflict":
                raise IdConflictError("this key stands for another answer")
            return
        row = await transaction.row(_STANDS, id=str(answer.id))
        if row is None or caller is None:
            return
        viewer = await viewer_behind(transaction, caller)
        held = await authorities_behind(transaction, viewer, authorities, answer.authorities)
        said = answer.model_copy(update={"authorities": held})
        node = NodeState(DECISION.label, row["properties"], [])
        await check_decision(transaction, Ledger(transaction, answer.origin, _NO_RUN), node, said, authorities)

    await graph.write(look)  # it writes nothing: several statements are to see the same
