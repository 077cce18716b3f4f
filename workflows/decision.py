"""DecisionAgent: asks humans, waits for their answer or for the day on which nobody may give it any more."""

import asyncio
import contextlib
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from pydantic import ValidationError
from temporalio import workflow
from temporalio.common import RawValue, WorkflowIDReusePolicy
from temporalio.exceptions import ApplicationError, ChildWorkflowError, FailureError, WorkflowAlreadyStartedError

with workflow.unsafe.imports_passed_through():
    from activities.decisions import DecisionActivities
    from activities.graph import GraphActivities
    from activities.publishing import Publication
    from graph.errors import DecidedError
    from graph.outcomes import ThingWritten
    from ontology.commands import Change, Command, Record
    from ontology.decisions import OperatorAnswer, answer_of, consequence, followed, in_time, steps_of
    from ontology.enums import DecisionFollowed, DecisionStatus
    from ontology.kinds.agents import agent_for
    from ontology.questions import AnswerUnfitError, answered
    from ontology.views import NodeView
    from workflows import policies
    from workflows.change import Changed
    from workflows.search_attributes import ASKED_OF, search_attributes
    from workflows.telling import write_and_tell


_SIGNALS = {"approve": DecisionStatus.APPROVED, "reject": DecisionStatus.REJECTED}

_SHOWN = 1_000
"""Characters of what is shown in the run."""


@workflow.defn
class DecisionWorkflow:
    """One decision. The graph decides what counts: this run only waits, and may be started again at any time."""

    @workflow.init
    def __init__(self, command: Record) -> None:
        self._command = command
        self._view: NodeView | None = None
        self._taken: Change | None = None
        self._turn = asyncio.Lock()
        self._renews = False

    @workflow.run
    async def run(self, command: Record) -> Changed:
        """Ask; remind, ask others too and close in time; then do what was decided."""
        asked = await self._asked()
        if asked is None:
            return Changed(id=command.id)
        self._view = asked.view
        self._show()
        self._renews = workflow.patched("decision-renewed")
        await self._wait()
        if self._full:
            await workflow.wait_condition(workflow.all_handlers_finished)
            if self._open:
                workflow.continue_as_new(command)
        done = await self._follow()
        await workflow.wait_condition(workflow.all_handlers_finished)
        return Changed(id=command.id, revisions=int(bool(self._taken)), followed=done)

    async def _asked(self) -> ThingWritten | None:
        """Ask; None where a machine's question is refused, since its subject was archived meanwhile for instance."""
        command = self._command
        try:
            return await write_and_tell(
                command,
                lambda: policies.short_step(GraphActivities.record, command),
                lambda written: Publication(records=written.records),
            )
        except FailureError as error:
            cause = policies.cause_of(error)
            refused = isinstance(cause, ApplicationError) and cause.non_retryable
            if command.origin.caller is not None or not refused:
                raise
            _tell(f"nobody is asked: {cause}")
            return None

    @workflow.update
    async def decide(self, change: Change) -> Changed:
        """Take the decision; the answer tells whether it counts."""
        await workflow.wait_condition(lambda: self._view is not None)
        async with self._turn:
            written = await self._carry_out(change)
        return Changed(id=change.id, revisions=written.revisions)

    @decide.validator
    def _fits(self, change: Change) -> None:
        if change.id != self._command.id:
            raise ApplicationError("this is the run of another decision", type="notFound", non_retryable=True)
        if change.values.get("status") == DecisionStatus.APPROVED:
            try:
                answered(self._command.content, str(change.values.get("answer") or "{}"))
            except AnswerUnfitError as error:
                where = {"pointer": error.pointer}
                raise ApplicationError(str(error), where, type="invalidRequest", non_retryable=True) from error

    @workflow.signal(dynamic=True)
    async def by_operator(self, name: str, given: Sequence[RawValue]) -> None:
        """An operator decides by ``approve`` or ``reject``, from the Temporal Web UI or its CLI.

        Whatever is sent is taken, since a signal cannot be refused; what is wrong with it is shown in the run. The
        rules are those of everyone.
        """
        await workflow.wait_condition(lambda: self._view is not None)
        async with self._turn:
            try:
                told = await self._signalled(_said(given), _SIGNALS[name])
            except (KeyError, ValueError) as error:
                why = error if isinstance(error, ValueError) else f"no signal of ours; there are {', '.join(_SIGNALS)}"
                told = f"refused: {name}: {why}"
            _tell(told)

    async def _signalled(self, said: OperatorAnswer, status: DecisionStatus) -> str:
        """Decide; gives what became of it."""
        assert self._view is not None
        who = f"{said.who} ({said.request_id})"
        try:
            authorities = await policies.short_step(DecisionActivities.authorities_of, said.who)
            moment = in_time(self._view, workflow.now())
            await self._carry_out(answer_of(self._command, said, status, authorities, moment))
        except AnswerUnfitError as error:
            return f"refused: {who}: {error.pointer}: {error}"
        except FailureError as error:
            cause = policies.cause_of(error)
            return f"refused: {who}: {cause.message if isinstance(cause, FailureError) else cause}"
        return f"{status}: {who}"

    @property
    def _open(self) -> bool:
        return self._view is not None and self._view.properties["status"] == DecisionStatus.PENDING

    @property
    def _full(self) -> bool:
        """Whether the run has taken nearly as much as Temporal lets one take: updates, or events."""
        return self._renews and workflow.info().is_continue_as_new_suggested()

    async def _wait(self) -> None:
        """Take each step in its time, until somebody has decided, nobody may any more, or the run is full."""
        assert self._view is not None
        for step in steps_of(self._view, self._command.origin.source):
            left = max(step.at - workflow.now(), timedelta())
            with contextlib.suppress(TimeoutError):
                await workflow.wait_condition(lambda: not self._open or self._full, timeout=left)
            if self._full:
                return
            async with self._turn:
                if self._open:
                    await self._step(step.change)
        await workflow.wait_condition(lambda: not self._open or self._full)

    async def _step(self, change: Change) -> None:
        """Carry a step out; one that comes after a decision does nothing."""
        try:
            await self._carry_out(change)
        except FailureError as error:
            cause = policies.cause_of(error)
            if not isinstance(cause, ApplicationError) or cause.type != DecidedError.code:
                raise

    async def _carry_out(self, change: Change) -> ThingWritten:
        written = await write_and_tell(
            change,
            lambda: policies.short_step(GraphActivities.change_thing, change),
            lambda written: Publication(records=written.records),
        )
        if written.view is not None:
            self._view = written.view
            self._show()
            if not self._open:
                self._taken = change
        return written

    def _show(self) -> None:
        """Tell operators for whom it waits, by authorities and ids of people: nobody once it is taken."""
        assert self._view is not None
        authorities: Any = self._view.properties.get("authorities") or []
        asked = [*authorities, *(str(one.id) for one in self._view.at("ASKED_OF"))] if self._open else []
        workflow.upsert_search_attributes([ASKED_OF.value_set(asked)])

    async def _follow(self) -> int:
        """Do what was decided, in a run of its own, and record what became of it: once, whatever is lost meanwhile."""
        assert self._view is not None
        recorded, source = workflow.patched("decision-followed"), self._command.origin.source
        if recorded and not self._due:
            return 0
        origin = (self._taken or self._command).origin
        moment = self._taken.origin.sent_at if self._taken else workflow.now()
        command = consequence(self._view, origin.event_id, moment, source)
        if command is None:
            return 0
        refusal = None
        try:
            await _in_a_run_of_its_own(command)
        except (ChildWorkflowError, WorkflowAlreadyStartedError) as error:
            refusal = _refusal(error)
            _tell(f"what was decided could not be done: {refusal or error}")
            workflow.logger.warning("a decision has no consequence", extra={"cause": str(error.cause)})
            if refusal is None:  # somebody ended it: it is due still
                return 0
        if recorded:
            await self._step(followed(self._view, workflow.now(), source, refusal))
        return int(refusal is None)

    @property
    def _due(self) -> bool:
        """Whether what was decided is to be done; one that an earlier version took here does not say so."""
        assert self._view is not None
        became = self._view.properties.get("followed")
        return became == DecisionFollowed.DUE or (became is None and self._taken is not None)


def _said(given: Sequence[RawValue]) -> OperatorAnswer:
    """What an operator signals.

    Raises
    ------
    ValueError
        It is not one answer; the message says what is wrong.
    """
    if len(given) != 1:
        raise ValueError(f"it takes one input, not {len(given)}")
    try:
        said: object = workflow.payload_converter().from_payload(given[0].payload, OperatorAnswer)
    except ValidationError as error:
        [first, *_] = error.errors(include_url=False, include_input=False)
        where = "".join(f"/{part}" for part in first["loc"])
        raise ValueError(f"{where or 'the input'}: {first['msg']}") from error
    except Exception as error:  # whatever a converter raises of bytes that it cannot read
        raise ValueError(f"the input cannot be read: {error}") from error
    if not isinstance(said, OperatorAnswer):  # no JSON: a converter of another encoding asks for no type
        raise ValueError("the input is no object")
    return said


def _refusal(error: FailureError) -> str | None:
    """Why a run ended for good without doing anything; None where it did not say so by itself."""
    cause = error.cause
    while isinstance(cause, FailureError) and cause.cause and not isinstance(cause, ApplicationError):
        cause = cause.cause
    return (cause.message or cause.type or "failed")[:_SHOWN] if isinstance(cause, ApplicationError) else None


def _tell(text: str) -> None:
    """Show operators what became of the last that happened here."""
    workflow.set_current_details(text[:_SHOWN])


async def _in_a_run_of_its_own(command: Command) -> None:
    agent = agent_for(command)
    await workflow.execute_child_workflow(
        agent.workflow,
        command,
        id=agent.run_id,
        id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
        search_attributes=search_attributes(command, agent.label),
    )
