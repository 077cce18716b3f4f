#!/bin/sh
# Roles of the servers that share this PostgreSQL: Temporal makes its own databases, the schema registry gets one.
set -eu
psql -v ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres \
  -v temporal="$TEMPORAL_DATABASE_PASSWORD" -v registry="$REGISTRY_DATABASE_PASSWORD" <<'SQL'
CREATE ROLE temporal LOGIN CREATEDB PASSWORD :'temporal';
CREATE ROLE registry LOGIN PASSWORD :'registry';
CREATE DATABASE registry OWNER registry;
SQL
