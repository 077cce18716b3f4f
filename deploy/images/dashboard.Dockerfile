# The dashboard: the built page, and the small web server that serves it.
ARG NODE_VERSION
FROM node:${NODE_VERSION}-bookworm-slim AS page
WORKDIR /build/ui
COPY ui/package.json ui/package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY clients/typescript/src /build/clients/typescript/src
COPY ui ./
RUN npm run build

# The same as in trm.Dockerfile, whose layers it shares.
FROM python:3.11.14-slim-bookworm AS build
WORKDIR /build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
COPY requirements.lock ./
RUN python -m venv /opt/venv \
  && /opt/venv/bin/pip install --no-deps --require-hashes -r requirements.lock \
  && /opt/venv/bin/python -m compileall -q /opt/venv/lib

FROM python:3.11.14-slim-bookworm
LABEL org.opencontainers.image.title="TRM-OS dashboard" org.opencontainers.image.description="The page of TRM-OS for people"
RUN useradd --system --uid 10001 --create-home trm
WORKDIR /app
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
COPY --from=build /opt/venv /opt/venv
COPY ontology ontology
COPY runtime runtime
COPY dashboard dashboard
COPY --from=page /build/ui/dist ui/dist
USER 10001
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s --retries=6 \
  CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:3000/config.json', timeout=3)"]
CMD ["python", "-m", "dashboard"]
