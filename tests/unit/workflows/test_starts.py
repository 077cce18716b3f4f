"""What a start's error means: only what can pass is tried again, and an old failed run is no accepted write."""

from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI
from google.protobuf.any_pb2 import Any as Packed
from temporalio.api.common.v1 import GrpcStatus
from temporalio.api.errordetails.v1 import NamespaceNotFoundFailure
from temporalio.client import WorkflowExecutionStatus
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from api.error_answers import install
from ontology.commands import Origin, RecordRecognition
from ontology.events import EventType, RecognitionContent
from ontology.references import PersonRef
from runtime.clock import now
from runtime.errors import MisconfiguredError
from workflows import search_attributes
from workflows.outcomes import TemporalAwayError, TemporalRefusedError, meaning_of
from workflows.starts import look_up, start

ALL = [key.name for key in search_attributes.ALL]
HASH = "a" * 64


def command() -> RecordRecognition:
    origin = Origin(
        event_id=uuid4(),
        event_type=EventType.RECOGNITION_CREATED,
        source="urn:test",
        occurred_at=now(),
        sent_at=now(),
        request_hash=HASH,
    )
    content = RecognitionContent(receivers=[PersonRef(handle="mai.do")], content="Thank you")
    return RecordRecognition(id=uuid4(), origin=origin, recognition=content)


def answer(status: RPCStatusCode, detail: Any = None) -> RPCError:
    details = []
    if detail is not None:
        packed = Packed()
        packed.Pack(detail)
        details = [packed]
    return RPCError("as the server says", status, GrpcStatus(details=details).SerializeToString())


class FakeTemporal:
    """A client whose start fails, and which finds a run, or none, when it looks after it."""

    namespace = "default"

    def __init__(
        self, failing: Exception, found: tuple[WorkflowExecutionStatus, str] | Exception, known: list[str]
    ) -> None:
        self._failing, self._found, self._known = failing, found, known
        self.operator_service = self

    async def start_workflow(self, *_: Any, **__: Any) -> Any:
        raise self._failing

    def get_workflow_handle(self, *_: Any, **__: Any) -> Any:
        return self

    async def describe(self, **_: Any) -> Any:
        if isinstance(self._found, Exception):
            raise self._found
        status, digest = self._found

        async def memo() -> dict[str, str]:
            return {"requestHash": digest}

        return SimpleNamespace(status=status, run_id="run", memo=memo)

    async def list_search_attributes(self, *_: Any, **__: Any) -> Any:
        return SimpleNamespace(custom_attributes=dict.fromkeys(self._known))


async def started(failing: Exception, found: Any = None, known: list[str] = ALL, *, again: bool = False) -> str:
    found = found or answer(RPCStatusCode.NOT_FOUND)
    fake: Any = FakeTemporal(failing, found, known)
    return (await start(fake, command(), "queue", again=again)).outcome


PASSING = [
    "UNAVAILABLE",
    "DEADLINE_EXCEEDED",
    "RESOURCE_EXHAUSTED",
    "ABORTED",
    "CANCELLED",
    "UNKNOWN",
    "INTERNAL",
    "DATA_LOSS",
]
CONFIGURED = {
    "PERMISSION_DENIED": "temporalDenied",
    "UNAUTHENTICATED": "temporalDenied",
    "NOT_FOUND": "temporalNamespaceUnknown",
    "FAILED_PRECONDITION": "temporalMisconfigured",
    "UNIMPLEMENTED": "temporalMisconfigured",
    "ALREADY_EXISTS": "temporalMisconfigured",
}


@pytest.mark.parametrize(
    "failing", [*(answer(RPCStatusCode[one]) for one in PASSING), RuntimeError(), TimeoutError()], ids=repr
)
async def test_what_can_pass_is_away(failing: Exception) -> None:
    with pytest.raises(TemporalAwayError):
        await started(failing)


@pytest.mark.parametrize(("status", "code"), CONFIGURED.items())
async def test_what_concerns_every_run_is_called_by_its_name(status: str, code: str) -> None:
    with pytest.raises(MisconfiguredError) as refused:
        await started(answer(RPCStatusCode[status]), (WorkflowExecutionStatus.COMPLETED, HASH))
    assert refused.value.code == code


@pytest.mark.parametrize("status", ["INVALID_ARGUMENT", "OUT_OF_RANGE"])
async def test_what_concerns_this_run_is_refused(status: str) -> None:
    with pytest.raises(TemporalRefusedError):
        await started(answer(RPCStatusCode[status]), (WorkflowExecutionStatus.COMPLETED, HASH))


async def test_a_search_attribute_that_is_not_registered_is_no_fault_of_the_run() -> None:
    with pytest.raises(MisconfiguredError, match=ALL[-1]):
        await started(answer(RPCStatusCode.INVALID_ARGUMENT), known=ALL[:-1])


@pytest.mark.parametrize("bug", [RecursionError(), NotImplementedError()], ids=repr)
async def test_a_bug_is_not_waited_for(bug: Exception) -> None:
    with pytest.raises(type(bug)):
        await started(bug)


def test_every_status_has_a_meaning() -> None:
    assert all(meaning_of(answer(status)) is not None for status in RPCStatusCode)


UNKNOWN = answer(RPCStatusCode.DEADLINE_EXCEEDED)
BADLY = ["FAILED", "CANCELED", "TERMINATED", "TIMED_OUT"]


@pytest.mark.parametrize("digest", [HASH, "b" * 64])
@pytest.mark.parametrize("status", BADLY)
async def test_an_earlier_failed_run_is_no_accepted_write(status: str, digest: str) -> None:
    with pytest.raises(TemporalAwayError):
        await started(UNKNOWN, (WorkflowExecutionStatus[status], digest))


@pytest.mark.parametrize(
    ("status", "digest", "again", "outcome"),
    [
        ("RUNNING", HASH, False, "running"),
        ("COMPLETED", HASH, False, "completed"),
        ("COMPLETED", "b" * 64, False, "conflict"),
        ("RUNNING", HASH, True, "running"),
    ],
)
async def test_a_run_that_holds_the_id_answers_for_a_lost_start(
    status: str, digest: str, again: bool, outcome: str
) -> None:
    assert await started(UNKNOWN, (WorkflowExecutionStatus[status], digest), again=again) == outcome


async def test_a_run_that_ended_does_not_answer_for_one_that_replaces_it() -> None:
    with pytest.raises(TemporalAwayError):
        await started(UNKNOWN, (WorkflowExecutionStatus.COMPLETED, HASH), again=True)


async def test_a_run_that_fails_between_start_and_look_was_accepted() -> None:
    taken = WorkflowAlreadyStartedError("id", "type")
    assert await started(taken, (WorkflowExecutionStatus.FAILED, HASH)) == "completed"


async def test_an_unknown_run_is_none_and_an_unknown_namespace_is_not() -> None:
    unknown: Any = FakeTemporal(UNKNOWN, answer(RPCStatusCode.NOT_FOUND), ALL)
    assert await look_up(unknown, "recognition/1", timeout=1) is None
    namespace: Any = FakeTemporal(
        UNKNOWN, answer(RPCStatusCode.NOT_FOUND, NamespaceNotFoundFailure(namespace="x")), ALL
    )
    with pytest.raises(MisconfiguredError):
        await look_up(namespace, "recognition/1", timeout=1)


@pytest.mark.parametrize(
    ("status", "answered", "code"),
    [
        (RPCStatusCode.PERMISSION_DENIED, 500, "temporalDenied"),
        (RPCStatusCode.NOT_FOUND, 500, "temporalNamespaceUnknown"),
        (RPCStatusCode.UNAVAILABLE, 503, "temporalUnavailable"),
        (RPCStatusCode.INVALID_ARGUMENT, 422, "temporalRefused"),
    ],
)
async def test_the_gateway_says_when_repeating_does_not_help(status: RPCStatusCode, answered: int, code: str) -> None:
    app = FastAPI()
    install(app, retry_after=2)

    @app.post("/")
    async def write() -> None:
        meaning = meaning_of(answer(status))
        assert meaning is not None
        raise meaning

    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://gateway.test") as web:
        said = await web.post("/")
    assert (said.status_code, said.json()["code"]) == (answered, code)
    assert ("retry-after" in said.headers) == (answered == 503)
