"""Texts that are to be found, compared with those that have a vector."""

from dataclasses import dataclass

from graph.audit import searchable
from graph.database import GraphDatabase
from knowledge.store import KnowledgeStore
from ontology.kinds import KINDS
from runtime.batches import streamed
from runtime.spool import KeySpool

_AT_ONCE = 500


@dataclass(frozen=True)
class Vectors:
    """Where graph and search differ.

    Parameters
    ----------
    lacking
        Name of a kind → ids of its things whose text has no vector of the model.
    astray
        Sources with a vector that stand nowhere, or are archived.
    """

    lacking: dict[str, list[str]]
    astray: list[str]


async def compare_vectors(graph: GraphDatabase, store: KnowledgeStore) -> Vectors:
    """Read both whole and compare."""
    lacking: dict[str, list[str]] = {}
    with KeySpool() as spool:
        async for some in streamed(store.source_ids(), _AT_ONCE):
            spool.put((str(source), "") for source in some)
        for kind in KINDS.values():
            if kind.document:
                lacking[kind.name] = []
                async for ids in streamed(searchable(graph, kind.label), _AT_ONCE):
                    lacking[kind.name] += sorted(set(ids) - spool.take(ids))
        return Vectors(lacking, [source for source, _ in spool.left()])
