"""Serves the dashboard: the built page, its settings, and the headers that keep it to itself."""
