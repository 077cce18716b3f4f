"""Comments: what people say about a tension, seen by whoever sees it."""

from uuid import UUID

from ontology.base import Language, OntologyModel, Text, Timestamp
from ontology.events import EventType
from ontology.kinds.kind import Imported, Kind, Reference
from ontology.nodes import Comment
from ontology.references import PersonRef
from ontology.scopes import Scope


class CommentSaid(OntologyModel):
    """What a comment says; its author defaults to the caller."""

    tension_id: UUID
    text: Text
    author: PersonRef | None = None
    language: Language | None = None
    occurred_at: Timestamp | None = None


COMMENT = Kind(
    name="comment",
    plural="comments",
    entity=Comment,
    content=CommentSaid,
    recorded=EventType.COMMENT_RECORDED,
    changed=EventType.COMMENT_CORRECTED,
    withdrawn=EventType.COMMENT_WITHDRAWN,
    reads=Scope.READ_TENSION,
    writes=Scope.WRITE_TENSION,
    references=(
        Reference("tension_id", "COMMENTS_ON", "Tension", alive=True),
        Reference("author", "AUTHORED_BY", "Person", own="You may only comment in your own name."),
    ),
    editable=("text", "language"),
    authors=("AUTHORED_BY",),
    imported=Imported(content=CommentSaid),
)
