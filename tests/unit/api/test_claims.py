"""What is optional in a token is used as far as it can be, wherever the issuer writes it."""

from typing import Any

import pytest

from api.claims import ClaimReader, claim_at
from runtime.settings import IdentitySettings, Settings
from tests.issuer import Issuer

VERIFIED: dict[str, Any] = {"email": "Thao.Le@Clinic.Example", "email_verified": True, "name": "Thảo Lê"}
URL_CLAIM = "https://trm.example/roles"


async def person(issuer: Issuer, settings: dict[str, object] | None = None, **claims: Any) -> tuple[object, object]:
    caller = (await issuer.verifier(**(settings or {})).principal(issuer.token(**VERIFIED | claims))).caller
    return caller.email, caller.full_name


async def scopes(issuer: Issuer, settings: dict[str, object], **claims: Any) -> set[str]:
    claims = {"scope": ..., **claims}
    return set((await issuer.verifier(**settings).principal(issuer.token(**claims))).scopes)


@pytest.mark.parametrize(
    "name",
    [" ", "", "\t\n", ["Thảo"], {"given": "Thảo"}, 7, True, None, ..., "x" * 201, "\u200b", "a\u0000b", "\ud800"],
    ids=repr,
)
async def test_a_name_that_cannot_be_used_is_left_out(issuer: Issuer, name: object) -> None:
    assert await person(issuer, name=name) == ("thao.le@clinic.example", None)


@pytest.mark.parametrize(
    "email",
    [
        "me@corp",
        "",
        " ",
        "thao",
        "a@b@c.example",
        "a b@c.example",
        "ghost\u0000@c.example",
        "ghost\u200b@c.example",
        "x" * 250 + "@c.example",
        ["thao.le@clinic.example"],
        {"value": "thao.le@clinic.example"},
        7,
        None,
        ...,
    ],
    ids=repr,
)
async def test_an_address_that_cannot_be_used_is_left_out(issuer: Issuer, email: object) -> None:
    assert await person(issuer, email=email) == (None, "Thảo Lê")


@pytest.mark.parametrize("said", [True, "true", "True", " TRUE ", "1", 1], ids=repr)
async def test_an_address_is_verified_when_the_claim_says_so(issuer: Issuer, said: object) -> None:
    assert await person(issuer, email_verified=said) == ("thao.le@clinic.example", "Thảo Lê")


@pytest.mark.parametrize(
    "said", [False, "false", "no", "", "truee", 0, 2, 1.0, None, [], [True], {"value": True}, ...], ids=repr
)
async def test_an_address_is_not_verified_by_anything_else(issuer: Issuer, said: object) -> None:
    assert await person(issuer, email_verified=said) == (None, "Thảo Lê")


@pytest.mark.parametrize(
    ("path", "claims"),
    [
        ("user_metadata.email_verified", {"user_metadata": {"email_verified": "true"}}),
        ("app_metadata.mail.verified", {"app_metadata": {"mail": {"verified": True}}}),
        ("https://trm.example/email_verified", {"https://trm.example/email_verified": True}),
        ("xms_edov", {"xms_edov": "1"}),
    ],
)
async def test_the_claim_that_says_verified_is_a_setting(issuer: Issuer, path: str, claims: dict[str, object]) -> None:
    settings: dict[str, object] = {"email_verified_claim": path}
    assert (await person(issuer, settings, email_verified=..., **claims))[0] == "thao.le@clinic.example"
    assert (await person(issuer, settings, email_verified=True))[0] is None


async def test_an_issuer_may_be_trusted_to_verify_every_address(issuer: Issuer) -> None:
    settings: dict[str, object] = {"email_always_verified": True}
    assert (await person(issuer, settings, email_verified=...))[0] == "thao.le@clinic.example"
    assert (await person(issuer, settings, email_verified=None))[0] == "thao.le@clinic.example"
    nobodys: tuple[object, ...] = (False, "false", [])
    for denied in nobodys:
        assert (await person(issuer, settings, email_verified=denied))[0] is None


async def test_the_claims_of_address_and_name_are_settings(issuer: Issuer) -> None:
    settings: dict[str, object] = {
        "email_claim": "preferred_username",
        "email_always_verified": True,
        "name_claims": ["user_metadata.full_name", "nickname"],
    }
    claims = {"preferred_username": "le@clinic.example", "email_verified": ..., "nickname": "Lê"}
    assert await person(issuer, settings, **claims) == ("le@clinic.example", "Lê")
    metadata = {"full_name": "Thảo L."}
    assert await person(issuer, settings, **claims, user_metadata=metadata) == ("le@clinic.example", "Thảo L.")
    assert (await person(issuer, settings, **{**claims, "preferred_username": "le"}))[0] is None


@pytest.mark.parametrize(
    ("path", "claims"),
    [
        ("permissions", {"permissions": ["r_person", "rw_knowledge"]}),
        ("realm_access.roles", {"realm_access": {"roles": ["r_person", "rw_knowledge"]}}),
        ("resource_access.trm.roles", {"resource_access": {"trm": {"roles": ["r_person", "rw_knowledge"]}}}),
        ("resource_access.trm.api.roles", {"resource_access": {"trm.api": {"roles": ["r_person", "rw_knowledge"]}}}),
        (URL_CLAIM, {URL_CLAIM: ["r_person", "rw_knowledge"]}),
        (f"{URL_CLAIM}.api", {URL_CLAIM: {"api": "r_person rw_knowledge"}}),
        ("a.b", {"a.b": "r_person rw_knowledge", "a": {"b": "rw_win"}}),
        ("a.b", {"a.b": None, "a": {"b": "r_person rw_knowledge"}}),
        ("scp", {"scp": "r_person  rw_knowledge "}),
        ("scp", {"scp": ["r_person", 7, None, ["rw_win"], " rw_knowledge "]}),
    ],
)
async def test_scopes_are_read_where_the_setting_says(issuer: Issuer, path: str, claims: dict[str, object]) -> None:
    assert await scopes(issuer, {"scope_claims": [path]}, **claims) == {"r_person", "rw_knowledge"}


async def test_a_person_with_scp_and_a_machine_with_roles_share_a_deployment(issuer: Issuer) -> None:
    settings: dict[str, object] = {"scope_claims": ["scp", "roles"]}
    assert await scopes(issuer, settings, scp="r_recognition") == {"r_recognition"}
    assert await scopes(issuer, settings, roles=["rw_person"]) == {"rw_person"}
    assert await scopes(issuer, settings, scp="r_recognition", roles=["rw_person"]) == {"r_recognition", "rw_person"}


async def test_roles_count_only_if_they_are_configured(issuer: Issuer) -> None:
    assert await scopes(issuer, {}, scp="r_recognition", roles=["rw_person"]) == {"r_recognition"}
    assert await scopes(issuer, {}, scope="r_win", scp=["r_recognition"]) == {"r_win", "r_recognition"}
    assert await scopes(issuer, {}, roles=["rw_person"]) == set()


@pytest.mark.parametrize("value", [7, True, {"r_person": True}, {}, [7, {}], ..., None], ids=repr)
async def test_a_scope_claim_that_cannot_be_used_is_as_if_it_were_not_there(issuer: Issuer, value: object) -> None:
    assert await scopes(issuer, {"default_scopes": ["rw_win"]}, scope=value) == {"rw_win"}
    assert await scopes(issuer, {}, scope=value) == set()


@pytest.mark.parametrize("value", ["", " ", []], ids=repr)
async def test_scopes_of_a_strange_type_grant_nothing(issuer: Issuer, value: object) -> None:
    assert await scopes(issuer, {"default_scopes": ["rw_win"]}, scope=value) == set()


async def test_default_scopes_are_for_tokens_without_a_scope_claim(issuer: Issuer) -> None:
    settings: dict[str, object] = {"scope_claims": ["scope", "permissions"], "default_scopes": ["rw_recognition"]}
    assert await scopes(issuer, settings) == {"rw_recognition"}
    assert await scopes(issuer, settings, scope=None) == {"rw_recognition"}
    assert await scopes(issuer, settings, role="authenticated") == {"rw_recognition"}
    assert await scopes(issuer, settings, permissions=["r_person"]) == {"r_person"}
    assert await scopes(issuer, {}) == set()


def test_a_default_scope_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValueError, match="default_scopes"):
        IdentitySettings(default_scopes=["rw_everything"])


def test_the_earlier_setting_of_one_scope_claim_still_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    assert IdentitySettings(scope_claim="permissions").scope_claims == ["permissions"]
    monkeypatch.setenv("TRM_IDENTITY__SCOPE_CLAIM", "permissions")
    assert Settings(_env_file=None).identity.scope_claims == ["permissions"]
    monkeypatch.setenv("TRM_IDENTITY__SCOPE_CLAIMS", '["scp", "roles"]')
    assert Settings(_env_file=None).identity.scope_claims == ["scp", "roles"]


@pytest.mark.parametrize("claims", [None, [], "text", 7, {"a": []}, {"a": {"b": None}}, {"a": "b"}], ids=repr)
def test_a_path_into_nothing_finds_nothing(claims: object) -> None:
    assert claim_at(claims, "a.b") is None
    assert claim_at(claims, "") is None
    assert claim_at(claims, ".") is None


@pytest.mark.parametrize("email", ["<me@x.example>", "mailto:me@x.example", "m\u200be@x.example", "me@x.example;"])
def test_an_address_that_would_have_to_be_cleaned_says_nothing(email: str) -> None:
    claims = {"iss": "urn:issuer", "sub": "s", "email": email, "email_verified": True}
    assert ClaimReader(IdentitySettings()).caller(claims).email is None


@pytest.mark.parametrize(
    ("members", "claims", "held"),
    [
        (["an@shop.example"], {"email": "An@shop.example", "email_verified": True}, True),
        (["an@shop.example"], {"email": "an@shop.example", "email_verified": False}, False),
        (["an@shop.example"], {}, False),
        (["realm_access.roles=moderator"], {"realm_access": {"roles": ["x", "moderator"]}}, True),
        (["https://x.example/role=lead"], {"https://x.example/role": "lead"}, True),
        (["roles=moderator"], {"roles": {"moderator": True}}, False),
        ([], {"email": "an@shop.example", "email_verified": True}, False),
    ],
)
def test_authority_is_whose_the_settings_say(members: list[str], claims: dict[str, Any], held: bool) -> None:
    reader = ClaimReader(IdentitySettings(authorities={"moderator": members}))
    assert reader.authorities({"sub": "u", "iss": "i", **claims}) == ({"moderator"} if held else set())
