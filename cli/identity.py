"""``trm token``: an access token from the deployment's issuer."""

from typing import Annotated, Any

import httpx
import typer
from rich.console import Console

from cli.errors import say
from ontology.scopes import Scope
from runtime.errors import TrmError
from runtime.settings import Settings, settings

console = Console(stderr=True)
_CLI_CLIENT = "trm-cli"


class NoTokenError(TrmError):
    """The issuer gave no token; the message says why."""

    code = "noToken"


def machine_token(tree: Settings, scope: str = "") -> str:
    """Token of the deployment's machine client, by client credentials.

    Raises
    ------
    NoTokenError
        The issuer refused or is away.
    """
    form = {"grant_type": "client_credentials", "audience": tree.identity.audience, "resource": tree.identity.audience}
    return _ask(tree, tree.identity.client_id, {**form, "scope": scope or _all_scopes()})


def person_token(tree: Settings, email: str, password: str) -> str:
    """Token of a person of the local issuer.

    Raises
    ------
    NoTokenError
        The issuer refused or is away.
    """
    return _ask(tree, _CLI_CLIENT, {"grant_type": "password", "username": email, "password": password})


def caller_token(tree: Settings, user: str) -> str:
    """Token of a person of the local issuer, by their e-mail; of nobody, the machine client's.

    Raises
    ------
    NoTokenError
        The issuer refused or is away.
    """
    return person_token(tree, user, tree.stack.user_password.get_secret_value()) if user else machine_token(tree)


def token(
    user: Annotated[str, typer.Option(help="e-mail of a person of the local issuer; default: the machine client")] = "",
    password: Annotated[str, typer.Option(help="the person's password; default: the local stack's")] = "",
    scope: Annotated[str, typer.Option(help="scopes of the machine client, separated by spaces")] = "",
) -> None:
    """Print an access token."""
    tree = settings()
    try:
        found = (
            person_token(tree, user, password or tree.stack.user_password.get_secret_value())
            if user
            else machine_token(tree, scope)
        )
    except NoTokenError as error:
        say("No token:", error)
        raise typer.Exit(1) from error
    print(found)


def _ask(tree: Settings, client: str, form: dict[str, str]) -> str:
    secret = tree.identity.client_secret.get_secret_value()
    try:
        issuer = tree.identity.issuer.rstrip("/")
        described = object_in(httpx.get(f"{issuer}/.well-known/openid-configuration", timeout=5))
        endpoint = (described or {}).get("token_endpoint")
        if not isinstance(endpoint, str):
            raise NoTokenError(f"the issuer {tree.identity.issuer} does not describe itself: is it one?")
        answer = httpx.post(endpoint, data=form, auth=(client, secret), timeout=10)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        what = str(error) or type(error).__name__
        raise NoTokenError(f"the issuer {tree.identity.issuer} does not answer: {what}; is the stack up?") from error
    body = object_in(answer) or {}
    if answer.is_error:
        raise NoTokenError(str(body.get("error_description") or body.get("error") or answer.text))
    if "access_token" not in body:
        raise NoTokenError(f"the issuer {tree.identity.issuer} answers something else than a token")
    return str(body["access_token"])


def object_in(answer: httpx.Response) -> dict[str, Any] | None:
    """The JSON object an answer holds, None when it holds anything else: whoever has the port may have sent it."""
    try:
        body = answer.json()
    except ValueError:
        return None
    return body if isinstance(body, dict) else None


def _all_scopes() -> str:

    return " ".join(Scope)
