"""The agents' worker: runs every workflow and activity of one task queue in one process.

One process for both, so that activities start eagerly with their workflow task.
"""

import asyncio
import contextlib
import logging
import os
import socket
from collections.abc import AsyncIterator
from functools import partial
from typing import Any

from temporalio.client import Client
from temporalio.worker import UnsandboxedWorkflowRunner, Worker, WorkflowRunner
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner

from activities.audit import AuditActivities
from activities.dead_letters import DeadLetterActivities
from activities.decisions import DecisionActivities
from activities.embedding import EmbeddingActivities
from activities.file_imports import FileImportActivities
from activities.graph import GraphActivities
from activities.imports import ImportActivities
from activities.overdue import OverdueActivities
from activities.projects import ProjectActivities
from activities.publishing import PublishingActivities
from activities.reindexing import ReindexActivities
from activities.sweep import SweepActivities
from activities.system_watch import SystemWatchActivities
from activities.wins import WinActivities
from events.outlets import Outlets
from events.publisher import EventPublisher
from graph.database import GraphDatabase
from knowledge.file_imports import FileImports
from knowledge.pool import open_pool
from knowledge.providers import make_provider
from knowledge.store import KnowledgeStore
from runtime import lifecycle, telemetry
from runtime.authorities import Authorities
from runtime.operations import operations
from runtime.proxies import spare_own_servers
from runtime.settings import Settings, TemporalSettings, settings
from workers.polling import PollerProbe, connect_patiently
from workers.schedules import intervals, keep_schedules
from workflows.change import ChangeWorkflow
from workflows.decision import DecisionWorkflow
from workflows.file_imports import FileImportWorkflow, FileSweepWorkflow, files_queue
from workflows.import_files import carry_out
from workflows.imports import ImportBatchWorkflow, ImportJudgementWorkflow, ImportTextsWorkflow, texts_queue
from workflows.knowledge import KnowledgeEmbeddingWorkflow
from workflows.model import ModelWorkflow
from workflows.overdue import SweepWorkflow
from workflows.person import IdentityLinkWorkflow, PersonMergeWorkflow, PersonUnmergeWorkflow, PersonWorkflow
from workflows.project import ProjectWorkflow
from workflows.recognition import RecognitionWorkflow
from workflows.recording import RecordWorkflow
from workflows.reindex import KnowledgeReindexWorkflow
from workflows.runs import TemporalRuns
from workflows.sweep import LedgerSweepWorkflow
from workflows.system_watch import GraphAuditWorkflow, SystemWatchWorkflow
from workflows.tension import TensionWorkflow
from workflows.waking import wake
from workflows.win_score import WinScoreWorkflow

log = logging.getLogger(__name__)

WORKFLOWS = [
    RecognitionWorkflow,
    KnowledgeEmbeddingWorkflow,
    PersonWorkflow,
    IdentityLinkWorkflow,
    PersonMergeWorkflow,
    PersonUnmergeWorkflow,
    ProjectWorkflow,
    ChangeWorkflow,
    RecordWorkflow,
    ImportBatchWorkflow,
    ImportTextsWorkflow,
    ImportJudgementWorkflow,
    LedgerSweepWorkflow,
    SweepWorkflow,
    DecisionWorkflow,
    KnowledgeReindexWorkflow,
    TensionWorkflow,
    ModelWorkflow,
    SystemWatchWorkflow,
    GraphAuditWorkflow,
    FileImportWorkflow,
    FileSweepWorkflow,
    WinScoreWorkflow,
]
"""Every workflow of the queue."""


@contextlib.asynccontextmanager
async def make_worker(client: Client, tree: TemporalSettings, activities: list[Any]) -> AsyncIterator[None]:
    """Run all workflows with the given activities; those of the queues for texts and files a few at a time."""
    runner: WorkflowRunner = SandboxedWorkflowRunner() if tree.sandbox else UnsandboxedWorkflowRunner()
    worker = Worker(
        client,
        task_queue=tree.task_queue,
        workflows=WORKFLOWS,
        activities=activities,
        workflow_runner=runner,
        max_cached_workflows=tree.max_cached_workflows,
        max_concurrent_workflow_tasks=tree.max_concurrent_workflow_tasks,
        max_concurrent_activities=tree.max_concurrent_activities,
        max_concurrent_local_activities=tree.max_concurrent_local_activities,
        graceful_shutdown_timeout=tree.graceful_shutdown,
    )
    texts = Worker(
        client,
        task_queue=texts_queue(tree.task_queue),
        activities=activities,
        max_concurrent_activities=tree.max_concurrent_texts,
    )  # these two without grace at the end: what they break off is tried again elsewhere
    files = Worker(
        client,
        task_queue=files_queue(tree.task_queue),
        activities=activities,
        max_concurrent_activities=tree.max_concurrent_files,
    )
    async with worker, texts, files:
        yield


def activities_of(
    client: Client,
    graph: GraphDatabase,
    store: KnowledgeStore,
    files: FileImports,
    publisher: EventPublisher,
    tree: Settings,
) -> list[Any]:
    """Every activity of the queue, bound to its world."""
    authorities = Authorities(tree.identity.authorities)
    graph_steps = GraphActivities(graph, tree.temporal.reference_patience, tree.temporal.correction_window, authorities)
    import_steps = ImportActivities(graph, publisher, store, tree.imports)
    send = partial(carry_out, client=client, tree=tree)
    file_steps = FileImportActivities(files, send, TemporalRuns(client, tree))
    reindex_steps = ReindexActivities(graph, store, tree.imports.texts)
    decision_steps = DecisionActivities(graph, client, authorities, tree.events.source, tree.decisions.sweep_most)
    watch_steps = SystemWatchActivities(graph, client, tree.events, intervals(tree), tree.temporal.watch_since)
    win_steps = WinActivities(graph, partial(wake, client, tree.temporal.task_queue), tree)
    return [
        win_steps.wake_scores,
        win_steps.wake_due_scores,
        win_steps.score,
        win_steps.ask_publication,
        ProjectActivities(graph, tree.decisions.project_approval, tree.events.source).ask_approval,
        watch_steps.find_troubles,
        AuditActivities(tree, graph, store).find_differences,
        watch_steps.mark,
        watch_steps.settle,
        decision_steps.authorities_of,
        decision_steps.find_lost_decisions,
        decision_steps.find_lost,
        decision_steps.asked_again,
        graph_steps.record,
        graph_steps.record_recognition,
        graph_steps.record_person,
        graph_steps.link_identity,
        graph_steps.merge_people,
        graph_steps.unmerge_people,
        graph_steps.record_snippet,
        graph_steps.change_thing,
        graph_steps.is_written,
        PublishingActivities(publisher, graph, tree.graph.transaction_timeout).publish,
        EmbeddingActivities(store).index,
        EmbeddingActivities(store).withdraw,
        import_steps.write_rows,
        import_steps.publish_rows,
        import_steps.index_rows,
        import_steps.unjudged_rows,
        file_steps.write_file,
        file_steps.follow_texts,
        file_steps.fail_file,
        file_steps.forget_old_files,
        reindex_steps.count_texts,
        reindex_steps.reindex_page,
        reindex_steps.use_reindexed,
        DeadLetterActivities(tree.events).bury,
        SweepActivities(graph, publisher, tree.events, tree.temporal.sweep_age).sweep,
        OverdueActivities(graph, tree.tensions, tree.projects, tree.events.source).find_overdue,
    ]


async def main() -> int:
    """Run until told to stop, then drain."""
    tree = settings()
    telemetry.configure(tree.telemetry, "trm-agents")
    spare_own_servers(tree)
    stop = lifecycle.stop_event()
    client = await connect_patiently(tree, stop, tree.telemetry.operations_address(tree.telemetry.worker_runtime_port))
    if client is None:
        return 0
    async with contextlib.AsyncExitStack() as stack:
        graph = await stack.enter_async_context(GraphDatabase(tree.graph))
        pool = await stack.enter_async_context(open_pool(tree.knowledge))
        publisher = await stack.enter_async_context(EventPublisher(tree.events))
        store = KnowledgeStore(pool, make_provider(tree.embedding))
        files = FileImports(pool, tree.imports.kept)
        worker = make_worker(client, tree.temporal, activities_of(client, graph, store, files, publisher, tree))
        outlets = Outlets(tree.events)
        watching = asyncio.create_task(outlets.watch())
        stack.callback(watching.cancel)
        probe = PollerProbe(client, tree.temporal.task_queue, outlets)
        await stack.enter_async_context(operations(tree.telemetry.operations_host, tree.telemetry.worker_port, probe))
        log.info("agents ready", extra={"pid": os.getpid(), "host": socket.gethostname()})
        scheduling = asyncio.create_task(keep_schedules(client, tree))
        stack.callback(scheduling.cancel)
        async with worker:
            await stop.wait()
            log.info("draining")
    return 0


if __name__ == "__main__":
    raise SystemExit(lifecycle.run(main()))
