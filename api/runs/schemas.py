"""What ``/v1/runs`` gives: how far runs are, and what they wait for; never what they carry."""

from collections.abc import Mapping
from typing import Literal
from uuid import UUID

from pydantic import Field

from api.schemas import AnswerDTO
from api.why.causes import links
from api.why.schemas import LinksDTO
from graph.visibility import Viewer
from ontology.base import OntologyModel, Text, Timestamp
from ontology.kinds.agents import label_guarding, label_written_by
from runtime.run_views import RunDetail, RunError, RunStatus, RunView, Step, Wait
from runtime.settings import Settings

_UNTOLD = "what went wrong may quote what is private: codes are told, texts are not"


class RunErrorDTO(AnswerDTO):
    """What went wrong."""

    code: str
    text: str | None = Field(None, description="absent where it may quote what is private")


class WaitDTO(AnswerDTO):
    """What a run waits for."""

    on: Literal["step", "run", "answer", "time", "worker"] = Field(
        description="a step, another run, somebody's answer, a moment, or a worker that takes it up"
    )
    name: str | None = Field(None, description="of the step; of another run its workflow id")
    attempt: int | None = Field(None, description="which attempt it is, from 1")
    since: Timestamp | None = None
    until: Timestamp | None = Field(None, description="when it is tried again, or the moment that is waited for")
    error: RunErrorDTO | None = Field(None, description="why the last attempt failed")


class SubjectDTO(AnswerDTO):
    """What a run is about."""

    label: str | None = None
    id: UUID


class RunDTO(AnswerDTO):
    """A run."""

    workflow_id: str
    run_id: str
    agent: str = Field(description="type of its workflow")
    status: RunStatus
    about: SubjectDTO | None = Field(None, description="absent of what looks after everything")
    started_at: Timestamp
    ended_at: Timestamp | None = None
    waits_for: list[WaitDTO] = Field(description="while it runs")
    links: LinksDTO


class RunPageDTO(AnswerDTO):
    """Runs: those that run first, then the last to end."""

    items: list[RunDTO]
    next_cursor: str | None = None


class StepDTO(AnswerDTO):
    """One step of a run."""

    name: str = Field(description="of the step; of another run its workflow id")
    how: Literal["local", "activity", "run", "timer", "update", "signal"]
    status: Literal["Waiting", "Running", "Done", "Failed", "Canceled"]
    attempts: int = Field(description="how often it was begun")
    started_at: Timestamp | None = None
    ended_at: Timestamp | None = Field(None, description="of a timer that waits: when it ends")
    error: RunErrorDTO | None = Field(None, description="why it failed, or its last attempt did")


class RunDetailDTO(RunDTO):
    """A run with its steps, in the order in which they began."""

    steps: list[StepDTO]
    more_steps: bool = Field(False, description="whether it has more than are told")
    failure: RunErrorDTO | None = Field(None, description="what ended it, where it failed")
    cancel_requested: bool = Field(False, description="whether somebody asked it to stop")
    withheld: str | None = Field(None, description="why texts are not told")


class RunCancelDTO(OntologyModel):
    """An order to stop."""

    reason: Text | None = Field(None, description="stands in the run's history")


def label_of(run: RunView) -> str | None:
    """Label of what a run is about, by which it is guarded."""
    return label_guarding(run.workflow_id) or run.label


def is_told_of(run: RunView, viewer: Viewer, standing: Mapping[UUID, bool] | None) -> bool:
    """Whether a viewer may know of a run: they sent its request, or nothing that it is about stands out of their sight.

    Parameters
    ----------
    run, viewer, standing
        As of :func:`tells_texts`.
    """
    own = run.caller is not None and run.caller == viewer.identity
    return own or standing is None or run.entity is None or standing.get(run.entity, True)


def tells_texts(run: RunView, viewer: Viewer, standing: Mapping[UUID, bool] | None) -> bool:
    """Whether a viewer may read the texts of a run's errors, which may quote what it carries.

    Parameters
    ----------
    run, viewer
        Which run, for whom.
    standing
        Things that stand, each with whether the viewer may see it now; None while nobody can say.
    """
    label = run.label or label_written_by(run.workflow_id)
    if label is None or (run.caller is not None and run.caller == viewer.identity):
        return True
    if standing is None or label == "Import":  # a file's rows may be private each
        return False
    if run.entity is not None and run.entity in standing:
        return standing[run.entity]  # whatever it was when the run began
    return run.private is False


def run_dto(run: RunView, tree: Settings, *, texts: bool) -> RunDTO:
    """A run as it is given."""
    return RunDTO(**_shared(run, tree, None, texts=texts))


def detail_dto(detail: RunDetail, tree: Settings, *, texts: bool) -> RunDetailDTO:
    """A run with its steps as it is given."""
    return RunDetailDTO(
        **_shared(detail.run, tree, detail.trace_id, texts=texts),
        steps=[_step(step, texts=texts) for step in detail.steps],
        more_steps=detail.more,
        failure=_error(detail.failure, texts=texts),
        cancel_requested=detail.cancel_asked,
        withheld=None if texts else _UNTOLD,
    )


def _shared(run: RunView, tree: Settings, trace_id: str | None, *, texts: bool) -> dict[str, object]:
    return {
        "workflow_id": run.workflow_id,
        "run_id": run.run_id,
        "agent": run.agent,
        "status": run.status,
        "about": SubjectDTO(label=run.label, id=run.entity) if run.entity else None,
        "started_at": run.started_at,
        "ended_at": run.ended_at,
        "waits_for": [_wait(wait, texts=texts) for wait in run.waits_for],
        "links": links(tree, run.workflow_id, run.run_id, trace_id),
    }


def _wait(wait: Wait, *, texts: bool) -> WaitDTO:
    return WaitDTO(
        on=wait.on,
        name=wait.name or None,
        attempt=wait.attempt or None,
        since=wait.since,
        until=wait.until,
        error=_error(wait.error, texts=texts),
    )


def _step(step: Step, *, texts: bool) -> StepDTO:
    return StepDTO(
        name=step.name,
        how=step.how,
        status=step.status,
        attempts=step.attempts,
        started_at=step.started_at,
        ended_at=step.ended_at,
        error=_error(step.error, texts=texts),
    )


def _error(error: RunError | None, *, texts: bool) -> RunErrorDTO | None:
    return RunErrorDTO(code=error.code, text=error.text if texts else None) if error else None
