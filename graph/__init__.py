"""Neo4j, the system of record: writes with provenance, reads, names, facts and migrations. All Cypher lives here."""
