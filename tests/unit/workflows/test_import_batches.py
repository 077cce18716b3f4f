"""Batches on their way: what an earlier try of an import began is counted once, and by it."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from importing.kinds import import_kind
from importing.outcomes import BatchMemory, Outcome
from importing.quoting import Line
from importing.rows import GoodRow
from ontology.file_imports import BatchOutcome
from ontology.imports import ImportReport, ImportRow, RowRefusal
from ontology.references import Caller
from runtime.runs import Accepted, Started
from runtime.settings import Settings
from workflows import import_batches
from workflows.import_batches import Sender

BEGAN = datetime(2026, 3, 1, 9, tzinfo=UTC)


class Memory(BatchMemory):
    """Keeps batches in memory."""

    def __init__(self, since: datetime | None = None) -> None:
        self.since = since
        self.held: dict[tuple[str, int, UUID], BatchOutcome] = {}

    def known(self, kind: str, again: int, batch: UUID) -> BatchOutcome | None:
        return self.held.get((kind, again, batch))

    def counted(self, run: str | None) -> bool:
        return any(run in outcome.runs for outcome in self.held.values())

    async def keep(self, kind: str, again: int, batch: UUID, outcome: BatchOutcome) -> None:
        self.held[kind, again, batch] = outcome


class Temporal:
    """Runs of batches: each writes its rows once, however often it is begun; the first row may be refused."""

    def __init__(self, *, refuses: bool = False) -> None:
        self.refuses = refuses
        self.latest: dict[str, tuple[str, datetime]] = {}
        self.reports: dict[str, ImportReport] = {}
        self.begun = 0

    async def start(self, _client: Any, command: Any, _queue: str, *, again: bool) -> Started:
        workflow_id = f"import/{command.kind}/{command.id}"
        if workflow_id in self.latest and not again:
            return Started("completed", workflow_id, self.latest[workflow_id][0])
        new = workflow_id not in self.latest
        self.begun += 1
        self.run(workflow_id, command.rows, new=new)
        return Started("started", workflow_id, self.latest[workflow_id][0])

    def run(self, workflow_id: str, rows: list[Any], *, new: bool, at: datetime = BEGAN + timedelta(minutes=1)) -> None:
        run_id = str(uuid4())
        good = len(rows) - self.refuses
        refusals = [RowRefusal(row=0, code="personExists", message="has it")] if self.refuses else []
        self.latest[workflow_id] = (run_id, at)
        self.reports[run_id] = ImportReport(written=good if new else 0, same=0 if new else good, refusals=refusals)

    async def look_up(self, _client: Any, workflow_id: str, *, timeout: float) -> Accepted | None:
        if workflow_id not in self.latest:
            return None
        run_id, at = self.latest[workflow_id]
        return Accepted(workflow_id, run_id, at, None, private=False, running=False, failed=False)

    def get_workflow_handle(self, _workflow_id: str, *, run_id: str, result_type: Any) -> Any:
        report = self.reports[run_id]

        class Handle:
            async def result(self) -> ImportReport:
                return report

        return Handle()


ROWS = [GoodRow(Line(n, []), ImportRow(id=uuid4(), content={}), "0" * 64, 10) for n in range(2, 6)]


async def sent(
    temporal: Temporal, memory: BatchMemory, patch: pytest.MonkeyPatch, kind: str = "recognitions"
) -> tuple[int, int, int]:
    """Rows that were written, stood there, and were refused, of two batches of two."""
    patch.setattr(import_batches, "start", temporal.start)
    patch.setattr(import_batches, "look_up", temporal.look_up)
    tree = Settings(_env_file=None)
    tree = tree.model_copy(update={"imports": tree.imports.model_copy(update={"batch_rows": 2})})
    client: Any = temporal
    caller = Caller(issuer="urn:test", subject="an")
    sender = Sender(client, import_kind(kind), tree, caller, lambda _: None, memory)
    done: list[Outcome] = []
    await sender.send(ROWS, done.append)
    return sum(one.written for one in done), sum(one.same for one in done), sum(len(one.refused) for one in done)


async def test_rows_of_an_earlier_import_stood_there(monkeypatch: pytest.MonkeyPatch) -> None:
    temporal = Temporal()
    assert await sent(temporal, BatchMemory(), monkeypatch) == (4, 0, 0)
    assert await sent(temporal, BatchMemory(), monkeypatch) == (0, 4, 0)
    assert await sent(temporal, Memory(BEGAN + timedelta(hours=1)), monkeypatch) == (0, 4, 0)


@pytest.mark.parametrize("kind", ["recognitions", "people"])
async def test_what_was_counted_is_not_sent_again(monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    temporal, memory = Temporal(), Memory()
    first = await sent(temporal, memory, monkeypatch, kind)
    begun, memory.since = temporal.begun, BEGAN
    assert await sent(temporal, memory, monkeypatch, kind) == first == (4, 0, 0)
    assert temporal.begun == begun


@pytest.mark.parametrize("kind", ["recognitions", "people"])
async def test_a_batch_that_was_on_its_way_when_its_sender_died_counts_as_written(
    monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    temporal, memory = Temporal(), Memory()
    await sent(temporal, memory, monkeypatch, kind)
    memory.held.popitem()  # the run ended, and nobody heard of it
    memory.since = BEGAN
    assert await sent(temporal, memory, monkeypatch, kind) == (4, 0, 0)


async def test_a_run_that_was_counted_is_no_other_tries(monkeypatch: pytest.MonkeyPatch) -> None:
    temporal, memory = Temporal(refuses=True), Memory()
    assert await sent(temporal, memory, monkeypatch, "people") == (3, 0, 1)
    memory.since = BEGAN
    assert await sent(temporal, memory, monkeypatch, "people") == (3, 0, 1)
