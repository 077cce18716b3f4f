"""Bare names: resolved before a write is accepted, so that nobody is taken for someone else."""

from collections.abc import Sequence
from uuid import UUID

from graph.database import GraphDatabase
from graph.errors import Candidate, NameRefusedError
from ontology.references import PersonRef
from runtime.text import fold

_NAMED = """
MATCH (p:Person) WHERE p.foldedName IN $names AND p.mergedInto IS NULL
RETURN p.foldedName AS name, p.id AS id, p.fullName AS fullName, p.email AS email, p.handle AS handle
ORDER BY p.fullName, p.id
"""


async def resolve_names(graph: GraphDatabase, refs: Sequence[tuple[str, PersonRef]]) -> list[PersonRef]:
    """Replace bare names by ids; other references pass as they are, and without any the graph is not asked.

    Parameters
    ----------
    graph
        Where the names are looked up.
    refs
        JSON pointer of each reference in its message, and the reference.

    Raises
    ------
    NameRefusedError
        A name fits nobody, or several; it carries the candidates and the pointer.
    GraphUnavailableError
        There is a name to resolve and the graph is away.
    """
    names = sorted({fold(ref.name) for _, ref in refs if ref.name})
    if not names:
        return [ref for _, ref in refs]
    found: dict[str, list[Candidate]] = {name: [] for name in names}
    for row in await graph.read(_NAMED, names=names):
        found[row["name"]].append(Candidate(UUID(row["id"]), row["fullName"], row["email"], row["handle"]))
    return [_one(pointer, ref, found) for pointer, ref in refs]


def _one(pointer: str, ref: PersonRef, found: dict[str, list[Candidate]]) -> PersonRef:
    if ref.name is None:
        return ref
    candidates = found[fold(ref.name)]
    if len(candidates) != 1:
        raise NameRefusedError(ref.name, tuple(candidates), pointer=f"{pointer}/name")
    return PersonRef(id=candidates[0].id, full_name=candidates[0].name)
