"""Checks no other tool does: Markdown, with the tool's modules under a lock of their own, and encodings."""
