"""Traces and logs: one line of JSON per event, carrying the trace, the request and the run it belongs to."""

import contextlib
import logging
import sys
from collections.abc import Iterator, Mapping
from contextvars import ContextVar
from datetime import UTC, datetime

import orjson
from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.exporter.zipkin.json import ZipkinExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter
from opentelemetry.sdk.trace.sampling import ParentBasedTraceIdRatio
from opentelemetry.trace import SpanKind
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from temporalio import activity

from runtime.settings import TelemetrySettings

request_id: ContextVar[str] = ContextVar("request_id", default="")
"""Id of the request that is being served."""

_TRACER = trace.get_tracer("trm")
_CARRIED = TraceContextTextMapPropagator()
"""The trace alone is carried on; baggage is whatever a stranger sends."""

_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


class JsonFormatter(logging.Formatter):
    """One JSON object per line: time, level, logger, message, trace, and whatever ``extra`` names."""

    def format(self, record: logging.LogRecord) -> str:
        """Write the record."""
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        context = trace.get_current_span().get_span_context()
        if context.is_valid:
            line["traceId"] = format(context.trace_id, "032x")
        if request_id.get():
            line["requestId"] = request_id.get()
        if activity.in_activity():
            info = activity.info()
            line |= {"workflowId": info.workflow_id, "runId": info.workflow_run_id, "attempt": info.attempt}
        line.update({key: value for key, value in vars(record).items() if key not in _STANDARD})
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return orjson.dumps(line, default=str).decode()


def _exporter(settings: TelemetrySettings) -> SpanExporter | None:
    if settings.exporter == "zipkin":
        return ZipkinExporter(endpoint=settings.zipkin_url)
    if settings.exporter == "otlp":
        return OTLPSpanExporter(endpoint=settings.otlp_url)
    return None


def configure(settings: TelemetrySettings, service: str) -> None:
    """Set up logs and traces of this process; call once, at its start."""
    handler = logging.StreamHandler(sys.stderr)
    text = logging.Formatter("%(asctime)s %(levelname)-7s %(name)s: %(message)s")
    handler.setFormatter(JsonFormatter() if settings.log_format == "json" else text)
    logging.basicConfig(level=settings.log_level, handlers=[handler], force=True)
    for noisy in ("neo4j", "aiokafka", "httpx", "httpx2", "uvicorn.error"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    exporter = _exporter(settings)
    if exporter is None:
        return
    provider = TracerProvider(
        resource=Resource.create({"service.name": service}), sampler=ParentBasedTraceIdRatio(settings.sample_ratio)
    )
    provider.add_span_processor(BatchSpanProcessor(exporter))
    trace.set_tracer_provider(provider)


@contextlib.contextmanager
def calling(name: str, **attributes: str | int) -> Iterator[trace.Span]:
    """A span around a call of another server; attribute names are OpenTelemetry's, with ``_`` for each dot."""
    named = {key.replace("_", "."): value for key, value in attributes.items()}
    with _TRACER.start_as_current_span(name, kind=SpanKind.CLIENT, attributes=named) as span:
        yield span


@contextlib.contextmanager
def carrying_on(name: str, carrier: Mapping[str, str], kind: SpanKind) -> Iterator[trace.Span]:
    """A span that continues the trace whose W3C context came with a request or a message, or begins one."""
    with _TRACER.start_as_current_span(name, context=_CARRIED.extract(carrier), kind=kind) as span:
        yield span
