"""Neo4j, the system of record: writes with provenance, reads, change records, migrations. All Cypher lives here."""
