"""People: recorded by a request, a staff list, or whoever names them."""

from ontology.commands import PersonDetails, RecordPerson
from ontology.events import EventType
from ontology.kinds.kind import Imported, Kind
from ontology.nodes import Person
from ontology.scopes import Scope

PERSON = Kind(
    name="person",
    plural="people",
    entity=Person,
    content=PersonDetails,
    command=RecordPerson,
    field="person",
    agent="PersonWorkflow",
    recorded=EventType.PERSON_RECORDED,
    changed=EventType.PERSON_CHANGED,
    reads=Scope.READ_PERSON,
    writes=Scope.WRITE_PERSON,
    editable=("full_name", "role", "email", "handle", "aliases", "kind", "left_at"),
    imported=Imported(content=PersonDetails, renews=True),
)
