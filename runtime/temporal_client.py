"""The Temporal client every process shares: Pydantic payloads, traces, and reconnection."""

from temporalio.client import Client
from temporalio.contrib.opentelemetry import TracingInterceptor
from temporalio.runtime import PrometheusConfig, Runtime, TelemetryConfig

from runtime.payloads import data_converter
from runtime.settings import TemporalSettings


async def connect(settings: TemporalSettings, *, lazy: bool = False, metrics_address: str | None = None) -> Client:
    """Connect to the namespace.

    Parameters
    ----------
    settings
        Where the server is.
    lazy
        Connect with the first call, so that a process can start while Temporal is away.
    metrics_address
        ``host:port`` on which the SDK's own Prometheus metrics are served.
    """
    runtime = None
    if metrics_address:
        runtime = Runtime(telemetry=TelemetryConfig(metrics=PrometheusConfig(bind_address=metrics_address)))
    return await Client.connect(
        settings.target,
        namespace=settings.namespace,
        api_key=settings.api_key.get_secret_value() if settings.api_key else None,
        tls=settings.tls,
        lazy=lazy,
        runtime=runtime,
        data_converter=data_converter,
        interceptors=[TracingInterceptor()],
    )
