"""``/v1/runs``: the agents at work."""

from api.runs.routes import router

__all__ = ["router"]
