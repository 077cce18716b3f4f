"""What of a stranger's trace context is carried on."""

from opentelemetry import baggage
from opentelemetry.trace import SpanKind

from runtime.telemetry import carrying_on


def test_a_trace_is_carried_on_and_baggage_is_not() -> None:
    carrier = {"traceparent": f"00-{'a' * 32}-{'b' * 16}-01", "baggage": "user=root"}
    with carrying_on("a request", carrier, SpanKind.SERVER) as span:
        assert span.get_span_context().trace_id == int("a" * 32, 16)
        assert not baggage.get_all()
