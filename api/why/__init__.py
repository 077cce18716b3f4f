"""Why a thing is so: one page from graph, search and Temporal."""

from api.why.routes import router

__all__ = ["router"]
