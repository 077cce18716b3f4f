"""The web server of the dashboard's page."""

from mimetypes import guess_type
from pathlib import Path
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from runtime.settings import Settings

_FOR_EVER = "public, max-age=31536000, immutable"


def create_site(tree: Settings, folder: Path) -> Starlette:
    """The application.

    Parameters
    ----------
    tree
        Where issuer, gateway and the page itself are, and what the page asks the issuer for.
    folder
        The built page: ``index.html``, and files named by their content in ``assets``.
    """
    said = page_settings(tree)

    async def config(request: Request) -> JSONResponse:
        return JSONResponse(said, headers={"Cache-Control": "no-store"})

    return Starlette(
        routes=[Route("/config.json", config), Mount("/", _Pages(directory=folder, html=True))],
        middleware=[Middleware(_Headers, headers=security_headers(tree)), Middleware(GZipMiddleware)],
    )


def page_settings(tree: Settings) -> dict[str, object]:
    """What the page reads at its start: ``/config.json``."""
    own = tree.dashboard
    return {
        "issuer": tree.identity.issuer,
        "clientId": own.client_id,
        "audience": tree.identity.audience,
        "api": tree.api.public_url,
        "scopes": own.scopes,
    }


def security_headers(tree: Settings) -> dict[str, str]:
    """The page runs its own scripts only, speaks with issuer and gateway only, and stands in nobody's frame."""
    issuer, gateway = _origin(tree.identity.issuer), _origin(tree.api.public_url)
    reached = dict.fromkeys((issuer, gateway, gateway.replace("http", "ws", 1)))
    policy = {
        "default-src": "'self'",
        "img-src": "'self' data:",
        "connect-src": " ".join(["'self'", *reached]),
        "object-src": "'none'",
        "base-uri": "'none'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
    }
    headers = {
        "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in policy.items()),
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "no-referrer",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    if tree.dashboard.public_url.startswith("https:"):
        headers["Strict-Transport-Security"] = "max-age=31536000"
    return headers


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


class _Pages(StaticFiles):
    """Files, in brotli where they were built so too; every other address is one of the page's own, which
    ``index.html`` knows.
    """

    async def get_response(self, path: str, scope: Scope) -> Response:
        asset = path.startswith("assets/")
        try:
            answer = await (self._in_brotli(path, scope) if asset else super().get_response(path, scope))
        except HTTPException as error:
            # Of an earlier build: a page in its place would be taken for a script.
            if error.status_code != 404 or asset:
                raise
            answer = await super().get_response("index.html", scope)
        answer.headers["Cache-Control"] = _FOR_EVER if asset else "no-cache"
        return answer

    async def _in_brotli(self, path: str, scope: Scope) -> Response:
        """A script or style sheet as whoever asks takes it; ranges are of the file itself."""
        asked = Headers(scope=scope)
        takes = {one.strip() for one in asked.get("accept-encoding", "").split(",")}
        if "br" not in takes or "range" in asked or not self.lookup_path(f"{path}.br")[1]:
            return await super().get_response(path, scope)
        answer = await super().get_response(f"{path}.br", scope)
        if answer.status_code == 200:
            answer.headers["Content-Type"] = f"{guess_type(path)[0]}; charset=utf-8"
        answer.headers["Content-Encoding"] = "br"
        answer.headers["Vary"] = "Accept-Encoding"
        return answer


class _Headers:
    """Adds headers to every answer, errors included."""

    def __init__(self, app: ASGIApp, headers: dict[str, str]) -> None:
        self._app = app
        self._headers = [(name.lower().encode(), value.encode()) for name, value in headers.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *self._headers]
            await send(message)

        await self._app(scope, receive, with_headers if scope["type"] == "http" else send)
