"""Texts by meaning and by word: embedding providers, the pgvector store and hybrid search."""
