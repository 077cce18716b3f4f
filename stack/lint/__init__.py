"""Markdown lint, with the tool's modules under a lock of their own."""
