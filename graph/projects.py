"""Projects as other writes see them: found by id or name, created as provisional proposals when new."""

from uuid import UUID

from graph.database import Transaction
from graph.errors import Candidate, NameRefusedError, ReferenceUnknownError
from graph.ledger import Ledger
from ontology import ids
from ontology.lifecycles import LIFECYCLES
from ontology.nodes import Project
from ontology.references import ProjectRef
from runtime.text import fold

_FIND = """
MATCH (p:Project) WHERE p.id = $id OR p.foldedName = $foldedName
RETURN p.id AS id, p.name AS name ORDER BY p.id LIMIT 10
"""


async def find_or_create(transaction: Transaction, ledger: Ledger, ref: ProjectRef) -> UUID:
    """Id of the project a reference means; a name nobody used yet makes a provisional proposal.

    Raises
    ------
    ReferenceUnknownError
        There is no project with the id, as yet.
    NameRefusedError
        Several projects have the name.
    """
    folded = fold(ref.name) if ref.name else None
    rows = await transaction.rows(_FIND, id=str(ref.id) if ref.id else None, foldedName=folded)
    if len(rows) > 1:
        candidates = tuple(Candidate(UUID(row["id"]), row["name"]) for row in rows)
        raise NameRefusedError(ref.name or str(ref.id), candidates, pointer="/project/name")
    if rows:
        return UUID(rows[0]["id"])
    if ref.name is None or folded is None:
        raise ReferenceUnknownError(f"there is no project {ref.id}", pointer="/project/id")
    project = Project(
        id=ids.project_by_name(folded),
        rev=1,
        created_at=ledger.moment,
        updated_at=ledger.moment,
        name=ref.name,
        folded_name=folded,
        status=LIFECYCLES["Project"].initial,
        provisional=True,
    )
    ledger.create(project)
    return project.id
