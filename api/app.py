"""Assembles the gateway's application; its OpenAPI document is the contract that is committed."""

from typing import Any

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import JSONResponse

from api import (
    approvals,
    chain,
    comments,
    contract,
    dead_letters,
    delegations,
    error_answers,
    imports,
    knowledge,
    me,
    merges,
    people,
    project_proposals,
    project_relations,
    projects,
    recognitions,
    runs,
    suggestions,
    tasks,
    tension_proposals,
    tensions,
    trust,
    why,
    wins,
)
from api.live import feed
from api.live import routes as live
from api.middleware import RequestFrame
from api.plain import plain_router
from api.services import Services
from ontology.kinds import KINDS
from runtime.settings import Settings

_DESCRIPTION = """
Write requests are accepted durably (`202`, `Location`) and carried out once per `Idempotency-Key`;
`Prefer: wait=2` answers `201` when the write stands within two seconds. Errors are RFC 9457 problems with a stable
`code`. Times are RFC 3339 with an offset.
"""


_OWN = frozenset(
    one.RESOURCE.kind.label
    for one in (recognitions, people, knowledge, tensions, comments, approvals, delegations, projects, tasks, wins)
)
"""Labels of the kinds whose routes have something of their own."""


def create_app(tree: Settings, services: Services | None = None) -> FastAPI:
    """The application; without services it only describes itself."""
    app = FastAPI(
        title="TRM-OS",
        version="1.0.0",
        summary="The nervous system of an organisation.",
        description=_DESCRIPTION,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    app.state.services = services
    for router in (
        recognitions.router,
        tensions.router,
        tasks.router,
        tension_proposals.router,
        comments.router,
        comments.on_tensions,
        people.router,
        trust.router,
        projects.router,
        project_proposals.router,
        project_relations.router,
        suggestions.router,
        merges.router,
        merges.proposals,
        approvals.router,
        delegations.router,
        delegations.things,
        me.router,
        knowledge.router,
        knowledge.search_router,
        wins.router,
        why.router,
        chain.router,
        feed.router,
        live.router,
        dead_letters.router,
        runs.router,
        imports.router,
    ):
        app.include_router(router)
    for kind in KINDS.values():
        if kind.label not in _OWN:
            app.include_router(plain_router(kind))
    error_answers.install(app, tree.api.retry_after)
    _serve_contract(app)
    if tree.origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=tree.origins,
            allow_methods=["GET", "POST", "PUT", "PATCH", "DELETE"],
            allow_headers=["Authorization", "Content-Type", "Idempotency-Key", "If-Match", "If-None-Match", "Prefer"],
            expose_headers=["Location", "ETag", "Preference-Applied", "X-Request-Id", "Retry-After"],
        )
    larger = {imports.router.prefix: imports.body_limit(tree)}
    app.add_middleware(RequestFrame, body_limit=tree.api.body_limit, larger=larger)
    return app


def openapi() -> dict[str, Any]:
    """The OpenAPI document that is committed, and served at ``/openapi.json``."""
    return contract.document(create_app(Settings(_env_file=None)))


def _serve_contract(app: FastAPI) -> None:
    @app.get("/openapi.json", include_in_schema=False)
    async def served() -> JSONResponse:
        return JSONResponse(contract.document(app))
