"""Projects as other writes see them: found by id or name, created as provisional proposals when new."""

from collections.abc import Sequence
from uuid import UUID

from graph.database import Row, Transaction
from graph.errors import Candidate, NameRefusedError, ProjectExistsError, ReferenceUnknownError
from graph.ledger import Ledger
from graph.visibility import Viewer, shows
from ontology import ids
from ontology.lifecycles import LIFECYCLES
from ontology.nodes import Project
from ontology.references import ProjectRef
from runtime.text import exact, fold

_FIND = (
    """
RETURN COLLECT {
  MATCH (p:Project) WHERE p.id IN $ids AND (NOT $asViewer OR p.id IN $named OR """
    + shows("p")
    + """)
  RETURN {id: p.id, name: p.name}
} AS byId, COLLECT {
  MATCH (p:Project) WHERE p.foldedName IN $names RETURN {id: p.id, name: p.name} ORDER BY p.id
} AS byName
"""
)


def named(name: str) -> dict[str, str]:
    """What a project has of its name besides, for look-ups, by field."""
    return {"folded_name": fold(name), "name_key": exact(name)}


class ProjectFinder:
    """Finds the projects of one change set in one query and creates the ones that are new."""

    def __init__(self, transaction: Transaction, ledger: Ledger) -> None:
        self._transaction = transaction
        self._ledger = ledger
        self._ids: dict[str, str] = {}
        self._named: dict[str, list[Row]] = {}

    async def look(self, refs: Sequence[ProjectRef], viewer: Viewer | None = None) -> None:
        """Read every project ``refs`` may mean; without any the graph is not asked.

        By its id a viewer names only what they may see, and an agent, which is none, whatever there is; a name is
        whoever's it is.
        """
        if not refs:
            return
        named = {str(ids.project_by_name(exact(ref.name))) for ref in refs if ref.name}
        row = await self._transaction.row(
            _FIND,
            ids=sorted({*named, *(str(ref.id) for ref in refs if ref.id)}),
            named=sorted(named),
            asViewer=viewer is not None,
            projects=[str(one) for one in viewer.projects] if viewer else [],
            names=sorted({fold(ref.name) for ref in refs if ref.name}),
        )
        self._ids |= {hit["id"]: hit["name"] for hit in (row or {}).get("byId", [])}
        for hit in (row or {}).get("byName", []):
            self._named.setdefault(exact(hit["name"]), []).append(hit)

    def project(self, ref: ProjectRef) -> tuple[UUID, str]:
        """Id and name of the project a reference means.

        A name nobody used yet, accents counted, makes a provisional proposal.

        Raises
        ------
        ReferenceUnknownError
            There is no project with the id, as yet.
        NameRefusedError
            Several projects have the name.
        """
        if ref.name is None:
            if str(ref.id) not in self._ids:
                raise ReferenceUnknownError(f"there is no project {ref.id}", pointer="/project/id")
            return UUID(str(ref.id)), self._ids[str(ref.id)]
        rows = self._named.get(exact(ref.name), [])
        if len(rows) > 1:
            candidates = tuple(Candidate(UUID(row["id"]), row["name"]) for row in rows)
            raise NameRefusedError(ref.name, candidates, pointer="/project/name")
        if rows:
            return UUID(rows[0]["id"]), rows[0]["name"]
        renamed = ids.project_by_name(exact(ref.name))  # one that was first known by this name, and has another now
        return (renamed, self._ids[str(renamed)]) if str(renamed) in self._ids else (self._proposed(ref.name), ref.name)

    def check_free(self, name: str, own: UUID) -> None:
        """Pass when no project but the given one has a name, accents counted.

        Raises
        ------
        ProjectExistsError
            Another has it.
        """
        for row in self._named.get(exact(name), []):
            if row["id"] != str(own):
                said = f"the project {row['id']} has this name already: choose another, so that each can be named"
                raise ProjectExistsError(said, pointer="/name")

    def _proposed(self, name: str) -> UUID:
        project_id = ids.project_by_name(exact(name))
        if self._ledger.node(project_id) is None:
            project = Project(
                id=project_id,
                rev=1,
                created_at=self._ledger.moment,
                updated_at=self._ledger.moment,
                name=name,
                **named(name),
                status=LIFECYCLES["Project"].initial,
                provisional=True,
            )
            self._ledger.create(project)
        return project_id
