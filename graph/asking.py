"""What is asked for on the terms of its kind, whether a person proposes it or an agent."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from pydantic.alias_generators import to_camel

from graph.database import Row
from ontology.base import LONGEST_TITLE, OntologyModel
from ontology.enums import DecisionKind, Visibility
from ontology.kinds.decision import DecisionAsked
from ontology.kinds.tension import TENSION
from ontology.questions import QUESTIONS, ProjectProposal, WinProposal
from ontology.references import PersonRef
from runtime.clock import now
from runtime.settings import DecisionTerms


def ask(
    kind: DecisionKind, question: str, proposal: OntologyModel, terms: DecisionTerms, **about: Any
) -> DecisionAsked:
    """What is asked, on the terms of its kind, from now on; ``about`` are its subject and the people who are asked."""
    moment = now()

    def after(span: timedelta | None) -> datetime | None:
        return moment + span if span is not None else None

    return DecisionAsked(
        kind=kind,
        question=question,
        form=QUESTIONS[kind].form,
        proposal=proposal.model_dump_json(exclude_none=True),
        authorities=terms.authorities,
        escalation=terms.escalation,
        asked_at=moment,
        remind_at=after(terms.remind_after),
        escalate_at=after(terms.escalate_after) if terms.escalation else None,
        deadline=after(terms.deadline),
        policy=terms.policy,
        **about,
    )


def _privately(terms: DecisionTerms) -> DecisionTerms:
    """Terms on which something private is asked: authorities learn nothing of it."""
    return terms.model_copy(update={"authorities": [], "escalation": []})


def _of_project(
    project: Mapping[str, Any], terms: DecisionTerms, parties: Iterable[str]
) -> tuple[DecisionTerms, list[PersonRef] | None]:
    """On which terms something of a project is asked, and of which of its parties; of none where everyone sees it."""
    if project.get("visibility", Visibility.EVERYONE) == Visibility.EVERYONE:
        return terms, None
    return _privately(terms), [PersonRef(id=UUID(one)) for one in parties]


def in_words(form: str, *names: object) -> str:
    """A question with names in its places; where it would be too long, the longest of them are cut short."""
    said = [str(one) for one in names]
    room = max(map(len, said))
    while len(question := form.format(*(_cut(one, room) for one in said))) > LONGEST_TITLE:
        room -= 1
    return question


def _cut(name: str, room: int) -> str:
    return name if len(name) <= room else name[: room - 1].rstrip() + "…"


def ask_for_project(
    row: Row, proposer: UUID | None, terms: DecisionTerms, claim: Mapping[str, Any] | None = None
) -> DecisionAsked | None:
    """Whether a project is carried out, asked of others than who proposes it.

    Parameters
    ----------
    row
        The ``project``, its ``proposer`` where it has one, and as ``initiated`` who may see it beside them.
    proposer, terms
        Who asks, and the terms on which it is asked; who proposed the project decides as little.
    claim
        What a project of which only the name was known is to become; it is its proposer's then.

    Returns
    -------
    DecisionAsked | None
        None where nobody is left to be asked of a private one.
    """
    project: Mapping[str, Any] = row["project"]
    first = UUID(row["proposer"]) if row.get("proposer") else None
    other = first if first != proposer else None
    parties = [one for one in row["initiated"] if one not in {str(proposer), str(first)}]
    terms, asked = _of_project(project, terms, parties)
    if asked == []:
        return None
    question = in_words("Shall “{}” be carried out?", project["name"])
    said = {"goal": project.get("goal")} if claim is None else {**claim, "claims": True}
    proposal = ProjectProposal(name=project["name"], rev=project["rev"], proposer_id=other, **said)
    own = PersonRef(id=proposer) if proposer else None
    about: dict[str, Any] = {"project_id": UUID(project["id"]), "proposer": own, "asked": asked or []}
    about["managers"] = [PersonRef(id=other)] if other else []
    return ask(DecisionKind.PROJECT_APPROVAL, question, proposal, terms, **about)


def ask_for_win(row: Row, terms: DecisionTerms) -> DecisionAsked | None:
    """Whether a project's score is published, asked of others than those who managed it.

    Parameters
    ----------
    row
        The ``win`` and its ``project``, and the ids of who managed that (``managers``) and may see it (``parties``).
    terms
        On which terms.

    Returns
    -------
    DecisionAsked | None
        None where nobody is left to be asked of a private one.
    """
    win, project = row["win"], row["project"]
    terms, asked = _of_project(project, terms, [one for one in row["parties"] if one not in row["managers"]])
    if asked == []:
        return None
    said = {name: win[to_camel(name)] for name in ("score", "score_low", "score_high", "rev")}
    proposal = WinProposal(win_id=win["id"], **said)
    question = in_words("Was “{}” worth " + f"{win['score']:.0f} of 100?", project["name"])
    about = {"managers": [PersonRef(id=one) for one in row["managers"]], "asked": asked or []}
    return ask(DecisionKind.WIN_APPROVAL, question, proposal, terms, worth_of_id=UUID(project["id"]), **about)


def ask_of_tension(
    kind: DecisionKind,
    question: str,
    proposal: OntologyModel,
    terms: DecisionTerms,
    row: Row,
    proposer: Iterable[UUID] = (),
) -> DecisionAsked | None:
    """What is asked of a tension's people but who proposes it, and of authorities where everyone sees the tension.

    Parameters
    ----------
    kind, question, proposal, terms
        What is asked, and on which terms.
    row
        The ``tension``, and as its ``targets`` whom and what it names.
    proposer
        Every id of who proposes it; nobody where a machine does.

    Returns
    -------
    DecisionAsked | None
        None where nobody is left to be asked.
    """
    tension: dict[str, Any] = row["tension"]
    own = {one["id"]: None for one in row["targets"] if one["relation"] in TENSION.authors}
    people = [PersonRef(id=one) for one in own if UUID(one) not in proposer]
    if tension["visibility"] != Visibility.EVERYONE:
        terms = _privately(terms)
    if not (people or terms.authorities or terms.escalation):
        return None
    return ask(kind, question, proposal, terms, tension_id=UUID(tension["id"]), asked=people)
