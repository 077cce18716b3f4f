"""docs/identity.md tells the truth: with its settings, each issuer's tokens are seen as it says."""

import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest

from api.problems import ProblemError
from api.security import TokenVerifier
from runtime.settings import IdentitySettings, Settings
from tests.issuer import Issuer

GUIDE = (Path(__file__).parents[3] / "docs" / "identity.md").read_text(encoding="utf-8")
ISSUERS = dict(
    re.findall(r"^## (Auth0|Supabase|Keycloak|Entra ID \(v2\)|Google)\n(.*?)(?=^## |\Z)", GUIDE, re.M | re.S)
)
TOKENS = [
    (name, json.loads(token), seen.strip())
    for name, section in ISSUERS.items()
    for token, seen in re.findall(r"```json\n(.*?)```\n+```text\n(.*?)```", section, re.S)
]


def settings_of(name: str, monkeypatch: pytest.MonkeyPatch) -> IdentitySettings:
    [block] = re.findall(r"```sh\n(.*?)```", ISSUERS[name], re.S)
    for line in shlex.split(block):
        variable, _, value = line.partition("=")
        assert variable.removeprefix("TRM_IDENTITY__").lower() in IdentitySettings.model_fields
        monkeypatch.setenv(variable, value)
    return Settings(_env_file=None).identity


def verifier(tree: IdentitySettings, issuer: Issuer) -> TokenVerifier:
    return TokenVerifier(tree.model_copy(update={"jwks_url": f"{issuer.url}/.well-known/jwks.json"}))


def signed(issuer: Issuer, token: dict[str, Any], **changes: object) -> str:
    key = "curve" if token["header"]["alg"] == "ES256" else "first"
    headers = {**token["header"], "kid": key}
    return issuer.token(key, headers, **{"scope": ..., **token["claims"], **changes})


def test_every_issuer_has_settings_and_a_token() -> None:
    assert len(ISSUERS) == 5
    assert {name for name, _, _ in TOKENS} == set(ISSUERS)
    assert len(TOKENS) == GUIDE.count("```json")


@pytest.mark.parametrize(("name", "token", "seen"), TOKENS, ids=[f"{name}-{seen[:12]}" for name, _, seen in TOKENS])
async def test_its_tokens_are_seen_as_the_guide_says(
    issuer: Issuer, monkeypatch: pytest.MonkeyPatch, name: str, token: dict[str, Any], seen: str
) -> None:
    tree = settings_of(name, monkeypatch)
    assert tree.issuer.startswith("https://")
    assert tree.jwks_url.startswith("https://") or not tree.jwks_url
    known = await verifier(tree, issuer).principal(signed(issuer, token))
    caller = known.caller
    who = ", ".join(filter(None, (caller.subject, caller.full_name, caller.email)))
    assert f"{who}: {' '.join(sorted(known.scopes))}" == seen


@pytest.mark.parametrize("name", ISSUERS)
async def test_a_token_for_another_api_or_tenant_is_refused(
    issuer: Issuer, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    tree = settings_of(name, monkeypatch)
    token = next(token for issuer_name, token, _ in TOKENS if issuer_name == name)
    for changes in ({"aud": "another"}, {"iss": "https://another.example"}, {"iss": tree.issuer + "x"}):
        with pytest.raises(ProblemError):
            await verifier(tree, issuer).principal(signed(issuer, token, **changes))


async def test_entra_may_say_itself_whether_an_address_is_verified(
    issuer: Issuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    tree = settings_of("Entra ID (v2)", monkeypatch)
    said = {"email_claim": "email", "email_always_verified": False, "email_verified_claim": "xms_edov"}
    token = next(token for name, token, _ in TOKENS if name.startswith("Entra"))
    checks = verifier(tree.model_copy(update=said), issuer)
    for claim, email in ((True, "le@clinic.example"), ("1", "le@clinic.example"), (False, None), (..., None)):
        known = await checks.principal(signed(issuer, token, email="le@clinic.example", xms_edov=claim))
        assert known.caller.email == email
