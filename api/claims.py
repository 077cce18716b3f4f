"""What a verified token says: its subject strictly, and whatever is optional only as far as it can be used.

Issuers differ in where they write scopes, names and addresses, so the places are settings; a claim that is missing,
of another type or unusable is as if it were not there, and never a reason to turn its bearer away.
"""

from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, StringConstraints, TypeAdapter, ValidationError

from ontology.base import Email, Name
from ontology.references import Caller
from ontology.wording import clean_address
from runtime.authorities import Authorities
from runtime.settings import IdentitySettings


class SubjectError(ValueError):
    """The subject is none that can stand for somebody."""


def _printable(text: str) -> str:
    if not text.isprintable() or text.isspace():
        raise ValueError("text has visible characters alone")
    return text


def _visible(text: str) -> str:
    if not any(letter.isprintable() and not letter.isspace() for letter in text):
        raise ValueError("text has a visible character")
    return text


def _as_verified(value: Any) -> Any:
    """An address that would have to be cleaned first is another one than the issuer verified."""
    if isinstance(value, str) and clean_address(value) != value.strip():
        raise ValueError("an address is taken as it was verified")
    return value


_SUBJECT: TypeAdapter[str] = TypeAdapter(
    Annotated[str, StringConstraints(min_length=1, max_length=255), AfterValidator(_printable)]
)
"""At most 255 characters, as OpenID Connect Core 1.0, section 2, bounds it."""
_EMAIL: TypeAdapter[str] = TypeAdapter(Annotated[Email, AfterValidator(_printable), BeforeValidator(_as_verified)])
_NAME: TypeAdapter[str] = TypeAdapter(Annotated[Name, AfterValidator(_visible)])


def claim_at(claims: Any, path: str) -> Any:
    """Value of a claim, None when it is not there.

    Parameters
    ----------
    claims
        The token's claims, or a value among them.
    path
        The claim's literal name, which may hold dots (``https://trm.example/roles``); when there is none of that
        name, the dots lead into nested objects (``realm_access.roles``), whose names may hold dots in turn.
    """
    if not isinstance(claims, dict):
        return None
    if claims.get(path) is not None:
        return claims[path]
    parts = path.split(".")
    for length in range(len(parts) - 1, 0, -1):
        found = claim_at(claims.get(".".join(parts[:length])), ".".join(parts[length:]))
        if found is not None:
            return found
    return None


class ClaimReader:
    """Reads the claims of a verified token where the settings say that the issuer writes them."""

    def __init__(self, settings: IdentitySettings) -> None:
        self._settings = settings

    def caller(self, claims: dict[str, Any]) -> Caller:
        """Who the token's subject is.

        Raises
        ------
        SubjectError
            The subject is blank, too long or no text.
        """
        subject = _usable(_SUBJECT, claims.get("sub"))
        if subject is None:
            raise SubjectError("the token's subject is not a text of 1 to 255 visible characters")
        return Caller(issuer=claims["iss"], subject=subject, email=self._email(claims), full_name=self._name(claims))

    def scopes(self, claims: dict[str, Any]) -> frozenset[str]:
        """Scopes of every configured claim together.

        The default ones are only for tokens that have none of these claims, or none that can be used: an empty text or
        list is an answer, which says that nothing was granted.
        """
        found = [_scopes_in(claim_at(claims, path)) for path in self._settings.scope_claims]
        said = [scopes for scopes in found if scopes is not None]
        if not said:
            return frozenset(str(scope) for scope in self._settings.default_scopes)
        return frozenset(scope for scopes in said for scope in scopes)

    def authorities(self, claims: dict[str, Any]) -> frozenset[str]:
        """The authorities that a token's bearer has, by their verified address or by another claim."""

        def has(claim: str, value: str) -> bool:
            held = claim_at(claims, claim)
            return value == held or (isinstance(held, list) and value in held)

        return Authorities(self._settings.authorities).of_token(self._email(claims), has)

    def _email(self, claims: dict[str, Any]) -> str | None:
        """The address, when it is verified; what a token denies itself no setting makes true."""
        tree = self._settings
        verified = claim_at(claims, tree.email_verified_claim)
        if not (tree.email_always_verified if verified is None else _true(verified)):
            return None
        return _usable(_EMAIL, claim_at(claims, tree.email_claim))

    def _name(self, claims: dict[str, Any]) -> str | None:
        names = (_usable(_NAME, claim_at(claims, path)) for path in self._settings.name_claims)
        return next((name for name in names if name is not None), None)


def _usable(kind: TypeAdapter[str], value: Any) -> str | None:
    try:
        return kind.validate_python(value)
    except ValidationError:
        return None


def _true(value: Any) -> bool:
    """Whether a claim says yes: as JSON does, or as a text or number, as some issuers write it."""
    if isinstance(value, str):
        return value.strip().lower() in {"true", "1"}
    return value is True or (type(value) is int and value == 1)


def _scopes_in(value: Any) -> list[str] | None:
    """Scopes of a claim: a text separates them by spaces (RFC 8693), a list has one in each text; None if unusable."""
    if isinstance(value, str):
        return value.split()
    if isinstance(value, list):
        texts = [one.strip() for one in value if isinstance(one, str)]
        return texts if texts or not value else None
    return None
