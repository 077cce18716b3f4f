#!/bin/sh
# Brings Temporal's two databases to its version's schema; repeating changes nothing.
set -eu
tool() {
  temporal-sql-tool --plugin "$DB" --ep "$POSTGRES_SEEDS" -p "$DB_PORT" -u "$POSTGRES_USER" --db "$@"
}
for name in temporal temporal_visibility; do
  versions=/etc/temporal/schema/postgresql/v12/${name#temporal_}/versioned
  tool "$name" create || true # it is there after the first time
  tool "$name" setup-schema -v 0.0 || true # likewise
  tool "$name" update-schema -d "$versions"
done
