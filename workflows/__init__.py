"""One file per agent: deterministic orchestration only."""
