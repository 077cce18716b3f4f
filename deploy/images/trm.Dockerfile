# Gateway, agents, bridge and migration: one image, the command tells which.
FROM python:3.11.14-slim-bookworm AS build
WORKDIR /build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
COPY requirements.lock ./
RUN python -m venv /opt/venv \
  && /opt/venv/bin/pip install --no-deps --require-hashes -r requirements.lock \
  && /opt/venv/bin/python -m compileall -q /opt/venv/lib

FROM python:3.11.14-slim-bookworm
LABEL org.opencontainers.image.title="TRM-OS" org.opencontainers.image.description="The nervous system of an organisation"
RUN useradd --system --uid 10001 --create-home trm
WORKDIR /app
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
COPY --from=build /opt/venv /opt/venv
COPY migrations migrations
COPY ontology ontology
COPY runtime runtime
COPY scoring scoring
COPY graph graph
COPY knowledge knowledge
COPY events events
COPY importing importing
COPY auditing auditing
COPY activities activities
COPY workflows workflows
COPY workers workers
COPY api api
COPY cli cli
USER 10001
EXPOSE 8000 9464 9465 9466 9467
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=6 \
  CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:9464/livez', timeout=3)"]
CMD ["python", "-m", "api"]
