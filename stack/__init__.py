"""The native stack: every real server on this machine, without containers, started and kept alive by one supervisor."""
