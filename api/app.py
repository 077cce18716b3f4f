"""Assembles the gateway's application; its OpenAPI document is the contract that is committed."""

from typing import Any

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from api import knowledge, people, problems, recognitions
from api.middleware import RequestFrame
from api.services import Services
from runtime.settings import ApiSettings

_DESCRIPTION = """
Write requests are accepted durably (`202`, `Location`) and carried out once per `Idempotency-Key`;
`Prefer: wait=2` answers `201` when the write stands within two seconds. Errors are RFC 9457 problems with a stable
`code`. Times are RFC 3339 with an offset.
"""


def create_app(settings: ApiSettings, services: Services | None = None) -> FastAPI:
    """The application; without services it only describes itself."""
    app = FastAPI(
        title="TRM-OS",
        version="1.0.0",
        summary="The nervous system of an organisation.",
        description=_DESCRIPTION,
        openapi_url="/openapi.json",
        docs_url=None,
        redoc_url=None,
    )
    app.state.services = services
    for router in (recognitions.router, people.router, knowledge.router):
        app.include_router(router)
    problems.install(app, settings.retry_after)
    if settings.cors_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=settings.cors_origins,
            allow_methods=["GET", "POST"],
            allow_headers=["Authorization", "Content-Type", "Idempotency-Key", "Prefer"],
            expose_headers=["Location", "ETag", "X-Request-Id", "Retry-After"],
        )
    app.add_middleware(RequestFrame, body_limit=settings.body_limit)
    return app


def openapi() -> dict[str, Any]:
    """The OpenAPI 3.1 document; problems carry their own media type."""
    document = create_app(ApiSettings()).openapi()
    for path in document["paths"].values():
        for operation in path.values():
            for status, response in operation["responses"].items():
                if int(status) >= 400 and "application/json" in response.get("content", {}):
                    response["content"] = {problems.MEDIA_TYPE: response["content"].pop("application/json")}
    return document
