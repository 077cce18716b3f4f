"""Runs as their operators see them: what runs, how far it is, what it waits for; never what it carries."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal, Protocol
from uuid import UUID

from runtime.errors import RefusedError


class RunStatus(StrEnum):
    """How far a run is, in the words of the Temporal Web UI."""

    RUNNING = "Running"
    COMPLETED = "Completed"
    FAILED = "Failed"
    CANCELED = "Canceled"
    TERMINATED = "Terminated"
    TIMED_OUT = "TimedOut"
    CONTINUED_AS_NEW = "ContinuedAsNew"


@dataclass(frozen=True)
class RunError:
    """What went wrong: a stable code, and the text, which may quote what the run carries."""

    code: str
    text: str


@dataclass(frozen=True)
class Wait:
    """What a run waits for.

    Parameters
    ----------
    on
        A step that is carried out or tried again, another run, an answer of somebody, a moment, or a worker that takes
        it up.
    name
        Of the step, or the other run's id; empty for the others.
    attempt
        Which attempt it is, from 1; 0 where there are none.
    since, until
        Since when; and when it is tried again, or the moment that is waited for.
    error
        Why the last attempt failed.
    """

    on: Literal["step", "run", "answer", "time", "worker"]
    name: str = ""
    attempt: int = 0
    since: datetime | None = None
    until: datetime | None = None
    error: RunError | None = None


@dataclass(frozen=True)
class Step:
    """One step of a run.

    Parameters
    ----------
    name
        Of the step; of another run its id.
    how
        A local try, a regular activity, another run, a timer, or an update or signal that came.
    status
        How far it is.
    attempts
        How often it was begun; 0 while nobody did.
    error
        Why it failed, or why its last attempt did.
    """

    name: str
    how: Literal["local", "activity", "run", "timer", "update", "signal"]
    status: Literal["Waiting", "Running", "Done", "Failed", "Canceled"]
    attempts: int = 0
    started_at: datetime | None = None
    ended_at: datetime | None = None
    error: RunError | None = None


@dataclass(frozen=True)
class RunView:
    """A run.

    Parameters
    ----------
    workflow_id, run_id
        The run.
    agent
        Type of its workflow.
    label, entity
        What it is about; None for what looks after everything.
    private
        Whether it was said to be private when it was accepted; None where nobody said.
    caller
        Identity that asked for it, if a request did.
    waits_for
        While it runs.
    """

    workflow_id: str
    run_id: str
    agent: str
    status: RunStatus
    started_at: datetime
    ended_at: datetime | None = None
    label: str | None = None
    entity: UUID | None = None
    private: bool | None = None
    caller: UUID | None = None
    waits_for: tuple[Wait, ...] = ()


@dataclass(frozen=True)
class RunDetail:
    """A run with its steps, in the order in which they began.

    Parameters
    ----------
    failure
        What ended it, where it failed.
    trace_id
        Trace of the request or event that started it.
    cancel_asked
        Whether somebody asked it to stop.
    more
        Whether it has more steps than are told.
    """

    run: RunView
    steps: tuple[Step, ...] = ()
    failure: RunError | None = None
    trace_id: str | None = None
    cancel_asked: bool = False
    more: bool = False


@dataclass(frozen=True)
class RunPage:
    """Some runs, and where the next page begins: empty at the last."""

    runs: tuple[RunView, ...] = ()
    following: bytes = b""


@dataclass(frozen=True)
class RunFilters:
    """Which runs are asked for; None and empty: any."""

    status: RunStatus | None = None
    agent: str | None = None
    entity: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None

    def named(self) -> Mapping[str, str | None]:
        """The filters as text, by name."""
        return {name: str(value) if value is not None else None for name, value in vars(self).items()}


class RunViews(Protocol):
    """Shows runs, and passes on what operators order of them.

    Whatever is asked may raise ``UnavailableError`` (it is away: ask again) or ``MisconfiguredError`` (it refuses us).
    """

    async def page(self, filters: RunFilters, *, place: bytes, limit: int) -> RunPage:
        """Some runs: those that run first, then the last to end.

        Raises
        ------
        PlaceUnknownError
            The page begins nowhere.
        """
        ...

    async def detail(self, workflow_id: str, run_id: str | None) -> RunDetail | None:
        """A run with its steps; the newest under its id where none is named, None where there is none."""
        ...

    async def retry(self, workflow_id: str, by: UUID, key: str) -> bool:
        """Begin a failed run again, once for every key; False where there is no such run.

        Raises
        ------
        RunNotFailedError, RunOfTheSystemError
            It is not for that.
        """
        ...

    async def cancel(self, workflow_id: str, reason: str) -> bool:
        """Stop a run that has written nothing; False where there is no such run.

        It may still be under way afterwards: it stops once it knows that it wrote nothing.

        Raises
        ------
        RunEndedError, RunWrittenError, RunOfTheSystemError
            It is not for that.
        """
        ...


class PlaceUnknownError(RefusedError):
    """A page was asked for that begins nowhere."""

    code = "cursorInvalid"


class RunNotFailedError(RefusedError):
    """Only what failed is tried again."""

    code = "runNotFailed"


class RunEndedError(RefusedError):
    """What has ended cannot be cancelled."""

    code = "runEnded"


class RunWrittenError(RefusedError):
    """What stands in the graph is told to the end: it can be changed, not cancelled."""

    code = "runWritten"


class RunOfTheSystemError(RefusedError):
    """It was begun by no request and no event: its schedule, or the run that needs it, begins it again."""

    code = "runOfTheSystem"
