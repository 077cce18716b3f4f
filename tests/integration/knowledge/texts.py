"""Texts to store, for the tests of the knowledge store."""

from datetime import UTC, datetime
from uuid import uuid4

from ontology.documents import SnippetDocument


def document(text: str, **changes: object) -> SnippetDocument:
    standing = {
        "source_id": uuid4(),
        "kind": "recognition",
        "text": text,
        "revision": 1,
        "visibility": "everyone",
        "occurred_at": datetime(2026, 3, 1, tzinfo=UTC),
    }
    return SnippetDocument.model_validate(standing | changes)
