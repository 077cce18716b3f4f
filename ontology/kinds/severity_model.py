"""Models of severity: recorded and promoted by agents, of which humans decide."""

from ontology.base import Digest, Name, OntologyModel, Timestamp
from ontology.events import EventType
from ontology.kinds.kind import Kind
from ontology.nodes import SeverityModel
from ontology.scopes import Scope


class SeverityModelTrained(OntologyModel):
    """What is known of a model that was learnt, as its node has it."""

    name: Name
    digest: Digest
    learnt: Digest
    labels: int
    against: Name
    texts: int
    kappa: float
    macro_f1: float
    calibration_error: float
    trained_at: Timestamp


SEVERITY_MODEL = Kind(
    name="severityModel",
    plural="severityModels",
    entity=SeverityModel,
    content=SeverityModelTrained,
    recorded=EventType.SEVERITY_MODEL_TRAINED,
    changed=EventType.SEVERITY_MODEL_PROMOTED,
    reads=Scope.READ_DECISION,
    writes=Scope.WRITE_DECISION,
    by_agents=True,
)
