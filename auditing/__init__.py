"""Proves that every store says the same, and mends what one of them lost."""
