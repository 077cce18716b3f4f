# The local OIDC issuer, for trying things out; a deployment names its own.
ARG NODE_VERSION
FROM node:${NODE_VERSION}-bookworm-slim
WORKDIR /app
COPY stack/issuer/package.json stack/issuer/package-lock.json ./
RUN npm ci --omit=dev --ignore-scripts && mkdir /data && chown node /data
COPY stack/issuer/server.mjs stack/issuer/seed.json ./
USER 1000
VOLUME /data
EXPOSE 9400
HEALTHCHECK --interval=10s --timeout=5s --start-period=10s --retries=6 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + (process.env.ISSUER_PORT ?? 9400) + '/healthz').then(r => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "server.mjs"]
