"""Runs as their callers see them: a small port, so that nobody but its adapter knows what carries commands out."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol
from uuid import UUID

from ontology.commands import Command
from runtime.errors import RefusedError
from runtime.run_views import RunViews

StartOutcome = Literal["started", "running", "completed", "conflict"]
"""Accepted now; already running or done with the same content; or the id holds other content."""


@dataclass(frozen=True)
class Started:
    """Answer to a start."""

    outcome: StartOutcome
    workflow_id: str
    run_id: str | None


@dataclass(frozen=True)
class Accepted:
    """What is known of an accepted write that the graph does not have yet.

    Parameters
    ----------
    workflow_id, run_id
        The run.
    caller
        Identity that sent it, if a request did.
    private
        Whether only its parties may see it.
    running
        Whether it is still under way.
    failed
        Whether it ended without a write.
    reason_code, reason
        Why, when it failed.
    """

    workflow_id: str
    run_id: str | None
    accepted_at: datetime
    caller: UUID | None
    private: bool
    running: bool
    failed: bool
    reason_code: str | None = None
    reason: str | None = None
    pointer: str | None = None


class RunRefusedError(RefusedError):
    """A run ended without a write.

    Attributes
    ----------
    reason
        Code of what ended it.
    """

    code = "failed"

    def __init__(self, reason: str, text: str, pointer: str | None) -> None:
        super().__init__(text, pointer=pointer)
        self.reason = reason


class Runs(RunViews, Protocol):
    """Carries commands out durably, each once.

    Whatever is asked may raise ``UnavailableError`` (it is away: ask again) or ``MisconfiguredError`` (it refuses us).
    """

    async def start(self, command: Command) -> Started:
        """Start a command's run once; a repetition finds it.

        Raises
        ------
        RefusedError
            No run is taken with this input.
        """
        ...

    async def started_before(self, command: Command) -> Started | None:
        """The run that this very command had before, if it is known; None as well when nobody answers.

        What a bare name in a request means is decided once: who repeats it gets the first answer, whoever is known
        since.
        """
        ...

    async def look_up(self, workflow_id: str) -> Accepted | None:
        """What is known of a write; None when nothing is."""
        ...

    async def ended(self, started: Started, *, timeout: float) -> bool:
        """Wait until a started run has written what it was started for; False when it takes longer.

        Raises
        ------
        RunRefusedError
            It ended without a write; the error's code, text and pointer are the reason's.
        """
        ...

    async def decide(self, asked: Command, answer: Command, *, timeout: float) -> None:
        """Take a decision in the run that asks for it, which is started again if it is lost.

        Parameters
        ----------
        asked
            The command by which it was asked for.
        answer
            The change that takes it.
        timeout
            Seconds; what takes longer may be sent again, and counts once.

        Raises
        ------
        RunRefusedError
            It does not count; the error's code, text and pointer are the reason's.
        """
        ...

    async def wake(self, command: Command) -> str:
        """Wake what looks after a thing, which begins where it does not run; answers the run's id."""
        ...

    async def accepted_writes(self, entity_id: UUID) -> list[Accepted]:
        """What is known of the writes of an id, the newest first."""
        ...

    async def serving(self) -> bool:
        """Whether it would take commands now."""
        ...
