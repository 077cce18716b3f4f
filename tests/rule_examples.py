"""Things that keep a rule or break it: pure code and Cypher must decide alike on each."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Example:
    """A node as it is now, and as it was.

    Parameters
    ----------
    breaks
        Codes of the rules it breaks; empty when it breaks none.
    says
        What is tried.
    label, properties
        The node; ``statuses`` are the states that it went through.
    targets
        Relation, label and key of what it points to; one key is one node.
    """

    breaks: str
    says: str
    label: str
    properties: dict[str, Any] = field(default_factory=dict)
    targets: tuple[tuple[str, str, str], ...] = ()
    statuses: tuple[str, ...] = ()


GIVEN = (("RECOGNIZED_BY", "Person", "an"), ("RECEIVED_BY", "Person", "binh"))

EXAMPLES = (
    Example("", "one gives, another receives", "Recognition", targets=GIVEN),
    Example("selfRecognition", "to oneself", "Recognition", targets=(GIVEN[0], ("RECEIVED_BY", "Person", "an"))),
    Example(
        "selfRecognition", "to others and oneself", "Recognition", targets=(*GIVEN, ("RECEIVED_BY", "Person", "an"))
    ),
    Example("cardinality", "by nobody", "Recognition", targets=GIVEN[1:]),
    Example("cardinality", "by two", "Recognition", targets=(*GIVEN, ("RECOGNIZED_BY", "Person", "chi"))),
    Example("cardinality", "to nobody", "Recognition", targets=GIVEN[:1]),
    Example("", "withdrawn", "Recognition", targets=GIVEN, statuses=("Granted", "Archived")),
    Example("archived illegalTransition", "back again", "Recognition", targets=GIVEN, statuses=("Archived", "Granted")),
    Example("archived", "touched after all", "Recognition", targets=GIVEN, statuses=("Archived", "Archived")),
    Example("", "an author", "KnowledgeSnippet", targets=(("AUTHORED_BY", "Person", "an"),)),
    Example("", "no author", "KnowledgeSnippet"),
    Example(
        "cardinality",
        "two authors",
        "KnowledgeSnippet",
        targets=(("AUTHORED_BY", "Person", "an"), ("AUTHORED_BY", "Person", "binh")),
    ),
    Example("archived illegalTransition", "recorded anew", "KnowledgeSnippet", statuses=("Archived", "Recorded")),
    Example(
        "",
        "followed to its end",
        "Tension",
        targets=(("DETECTED_BY", "Person", "an"),),
        statuses=("InProgress", "Resolved"),
    ),
    Example(
        "illegalTransition",
        "closed at once",
        "Tension",
        targets=(("DETECTED_BY", "Person", "an"),),
        statuses=("Open", "Closed"),
    ),
    Example("cardinality", "felt by nobody", "Tension"),
    Example(
        "", "to another", "Delegation", targets=(("DELEGATED_BY", "Person", "an"), ("DELEGATED_TO", "Person", "hà"))
    ),
    Example("", "to an authority", "Delegation", targets=(("DELEGATED_BY", "Person", "an"),)),
    Example(
        "selfDelegation",
        "to the same",
        "Delegation",
        targets=(("DELEGATED_BY", "Person", "an"), ("DELEGATED_TO", "Person", "an")),
    ),
    Example(
        "endBeforeStart",
        "for no time",
        "Delegation",
        {"startAt": "2026-03-01T00:00:00Z", "endAt": "2026-03-01T00:00:00Z"},
        targets=(("DELEGATED_BY", "Person", "an"),),
    ),
    Example("", "as planned", "Project", {"startAt": "2026-03-01T00:00:00Z", "endAt": "2026-04-01T00:00:00Z"}),
    Example("", "at one moment", "Project", {"startAt": "2026-03-01T00:00:00Z", "endAt": "2026-03-01T07:00:00+07:00"}),
    Example("", "under way", "Project", {"startAt": "2026-03-01T00:00:00Z"}),
    Example(
        "endBeforeStart", "backwards", "Project", {"startAt": "2026-03-01T00:00:00Z", "endAt": "2026-02-01T00:00:00Z"}
    ),
    Example("", "on its way", "Project", statuses=("Planning", "Active")),
    Example("illegalTransition", "without a plan", "Project", statuses=("Proposal", "Active")),
    Example("", "in a project", "Task", targets=(("PART_OF", "Project", "calm"),), statuses=("InProgress", "Done")),
    Example("cardinality", "in no project", "Task"),
    Example(
        "illegalTransition",
        "done at once",
        "Task",
        targets=(("PART_OF", "Project", "calm"),),
        statuses=("Open", "Done"),
    ),
)
