"""DecisionAgent: asks humans, waits for their answer or for the day on which nobody may give it any more."""

import asyncio
import contextlib
from datetime import timedelta
from typing import Any

from temporalio import workflow
from temporalio.common import WorkflowIDReusePolicy
from temporalio.exceptions import ApplicationError, ChildWorkflowError, FailureError

with workflow.unsafe.imports_passed_through():
    from activities.decisions import DecisionActivities
    from activities.graph import GraphActivities
    from activities.publishing import Publication
    from graph.errors import DecidedError
    from graph.outcomes import ThingWritten
    from ontology.commands import Change, Command, Record
    from ontology.decisions import OperatorAnswer, answer_of, consequence, steps_of
    from ontology.enums import DecisionStatus
    from ontology.kinds.agents import agent_for
    from ontology.questions import AnswerUnfitError, answered
    from ontology.views import NodeView
    from workflows import policies
    from workflows.change import Changed
    from workflows.search_attributes import ASKED_OF, search_attributes
    from workflows.telling import write_and_tell


@workflow.defn
class DecisionWorkflow:
    """One decision. The graph decides what counts: this run only waits, and may be started again at any time."""

    @workflow.init
    def __init__(self, command: Record) -> None:
        self._command = command
        self._view: NodeView | None = None
        self._taken: Change | None = None
        self._turn = asyncio.Lock()

    @workflow.run
    async def run(self, command: Record) -> Changed:
        """Ask; remind, ask others too and close in time; then do what was decided."""
        asked = await write_and_tell(
            command,
            lambda: policies.short_step(GraphActivities.record, command),
            lambda written: Publication(records=written.records),
        )
        self._view = asked.view
        self._show()
        await self._wait()
        followed = await self._follow()
        await workflow.wait_condition(workflow.all_handlers_finished)
        return Changed(id=command.id, revisions=int(bool(self._taken)), followed=followed)

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

    @workflow.signal
    async def approve(self, said: OperatorAnswer) -> None:
        """An operator approves, from the Temporal Web UI or its CLI."""
        await self._by_operator(said, DecisionStatus.APPROVED)

    @workflow.signal
    async def reject(self, said: OperatorAnswer) -> None:
        """An operator rejects, from the Temporal Web UI or its CLI."""
        await self._by_operator(said, DecisionStatus.REJECTED)

    async def _by_operator(self, said: OperatorAnswer, status: DecisionStatus) -> None:
        """Decide under the rules of everyone; nobody waits for the answer, so a refusal is shown in the run."""
        await workflow.wait_condition(lambda: self._view is not None)
        async with self._turn:
            authorities = await workflow.execute_local_activity_method(
                DecisionActivities.authorities_of, said.who, schedule_to_close_timeout=policies.SHORT_STEP
            )
            refused = f"refused: {said.who} ({said.request_id}): "
            try:
                await self._carry_out(answer_of(self._command, said, status, authorities, workflow.now()))
            except AnswerUnfitError as error:
                workflow.set_current_details(f"{refused}{error.pointer}: {error}")
            except FailureError as error:
                cause = policies.cause_of(error)
                if not isinstance(cause, ApplicationError) or not cause.non_retryable:
                    raise
                workflow.set_current_details(f"{refused}{cause.message}")

    @property
    def _open(self) -> bool:
        return self._view is not None and self._view.properties["status"] == DecisionStatus.PENDING

    async def _wait(self) -> None:
        """Take each step in its time, until somebody has decided or nobody may any more."""
        assert self._view is not None
        for step in steps_of(self._view, self._command.origin.source):
            left = max(step.at - workflow.now(), timedelta())
            with contextlib.suppress(TimeoutError):
                await workflow.wait_condition(lambda: not self._open, timeout=left)
            async with self._turn:
                if self._open:
                    await self._step(step.change)
        await workflow.wait_condition(lambda: not self._open)

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
        """Do what was decided, in a run of its own; a rule that stands against it now is shown in this one."""
        assert self._view is not None
        origin = (self._taken or self._command).origin
        moment = self._taken.origin.sent_at if self._taken else workflow.now()
        command = consequence(self._view, origin.event_id, moment, self._command.origin.source)
        if command is None:
            return 0
        try:
            await _in_a_run_of_its_own(command)
        except ChildWorkflowError as error:
            workflow.set_current_details(f"what was decided could not be done: {error.cause}")
            workflow.logger.warning("a decision has no consequence", extra={"cause": str(error.cause)})
            return 0
        return 1


async def _in_a_run_of_its_own(command: Command) -> None:
    agent = agent_for(command)
    await workflow.execute_child_workflow(
        agent.workflow,
        command,
        id=agent.run_id,
        id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
        search_attributes=search_attributes(command, agent.label),
    )
