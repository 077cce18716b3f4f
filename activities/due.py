"""What is due: reminders before, escalations after, and tensions about critical tasks that will not be done in time."""

from collections.abc import Mapping
from datetime import datetime

from activities.origins import own_origin, own_record
from graph.asking import in_words
from graph.database import GraphDatabase
from graph.due import AtRisk, Due, due_soon, tasks_at_risk
from graph.things import labels_of
from ontology import ids
from ontology.base import OntologyModel, Timestamp
from ontology.commands import Change, Record
from ontology.enums import Visibility
from ontology.events import EventType, TensionReported
from ontology.kinds import KINDS
from ontology.kinds.tension import TENSION
from ontology.references import WATCHER, PersonRef, ProjectRef
from runtime.settings import ProjectSettings

_TOLD = {
    "Task": (EventType.TASK_REMINDED, EventType.TASK_OVERDUE),
    "Project": (EventType.PROJECT_REMINDED, EventType.PROJECT_OVERDUE),
}
"""Label → events of a reminder, and of an escalation."""

_MOST = 50
"""As many as may be named of who may see a tension."""


_ENGLISH = "en"

_WORDS: Mapping[str, tuple[str, str]] = {
    _ENGLISH: (
        "“{}” will hardly be done in time",
        "The critical task {id} of the project “{project}” is due at {due:%Y-%m-%d %H:%M} UTC, "
        "and {progress:.0%} of it is done.",
    ),
    "vi": (
        "“{}” khó xong đúng hạn",
        "Việc then chốt {id} của dự án “{project}” đến hạn lúc {due:%H:%M} UTC ngày {due:%d/%m/%Y}, "
        "và mới xong {progress:.0%}.",
    ),
}
"""Language → title and facts of a tension about a task at risk."""


class Reminder(OntologyModel):
    """What a reminder sets: the due date that it was for."""

    reminded_for: Timestamp


class Lateness(OntologyModel):
    """What an escalation sets: the due date that has passed."""

    overdue_for: Timestamp


async def changes_due(graph: GraphDatabase, tree: ProjectSettings, source: str, moment: datetime) -> list[Change]:
    """The changes by which people are reminded of what is due soon, and told of what is overdue."""
    found = await due_soon(graph, moment, moment + tree.remind_before, tree.sweep_most)
    return [telling_of(one, source, moment) for one in found]


async def reports_due(graph: GraphDatabase, tree: ProjectSettings, source: str, moment: datetime) -> list[Record]:
    """The tensions about critical tasks that are hardly begun shortly before they are due."""
    found = await tasks_at_risk(graph, moment, moment + tree.critical_before, tree.sweep_most)
    reports = [report_of(one, source, moment) for one in found]
    told = await labels_of(graph, [one.id for one in reports], [TENSION.label])
    return [one for one in reports if one.id not in told]


def telling_of(due: Due, source: str, moment: datetime) -> Change:
    """The change that tells of a due date; its ids derive from the date, so each is told once before and once after."""
    late = due.due <= moment
    values: OntologyModel = Lateness(overdue_for=due.due) if late else Reminder(reminded_for=due.due)
    step = f"{'overdue' if late else 'reminded'}/{due.due.isoformat()}"
    event = ids.step_event(f"{KINDS[due.label].name}/{due.id}", step)
    why = f"it {'was' if late else 'is'} due at {due.due:%Y-%m-%d %H:%M} UTC"
    return Change(
        id=due.id,
        label=due.label,
        origin=own_origin(event, _TOLD[due.label][late], source, values, moment, why),
        revisions=[due.rev],
        values=values.model_dump(mode="json", by_alias=True),
    )


def report_of(task: AtRisk, source: str, moment: datetime) -> Record:
    """The command that reports a task at risk, once for each due date of it, in its project's language."""
    language = task.language if task.language and task.language in _WORDS else _ENGLISH
    title, facts = _WORDS[language]
    named = {"id": task.id, "project": task.project_name, "due": task.due, "progress": task.progress}
    said = TensionReported(
        title=in_words(title, task.title),
        facts=facts.format(**named),
        affected_projects=[ProjectRef(id=task.project)],
        detector=WATCHER,
        visibility=task.visibility,
        visible_to=[] if task.visibility == Visibility.EVERYONE else [PersonRef(id=one) for one in task.people[:_MOST]],
        language=language,
    )
    tension = ids.system_tension(f"taskAtRisk/{task.id}/{task.due.isoformat()}", 1)
    return own_record(TENSION, tension, source, said, moment)
