"""The web server of the dashboard: the page under every address of its own, its settings, and its headers."""

from pathlib import Path

import pytest
from starlette.testclient import TestClient

from dashboard.site import create_site
from runtime.settings import ApiSettings, DashboardSettings, IdentitySettings, Settings

SCRIPT = "console.log('here');" * 100


@pytest.fixture
def site(tmp_path: Path) -> TestClient:
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text("<title>TRM-OS</title>", encoding="utf-8")
    (tmp_path / "assets" / "index-1a2b.js").write_text(SCRIPT, encoding="utf-8")
    tree = Settings(
        _env_file=None,
        api=ApiSettings(public_url="https://api.example/"),
        identity=IdentitySettings(issuer="https://id.example/realms/one"),
        dashboard=DashboardSettings(public_url="https://trm.example", client_id="page"),
    )
    return TestClient(create_site(tree, tmp_path))


@pytest.mark.parametrize("path", ["/", "/decisions", "/tensions/3ed975c5", "/callback?code=1", "/a/b.c/d", "/assets"])
def test_every_address_of_the_page_is_the_page_and_never_kept(site: TestClient, path: str) -> None:
    answer = site.get(path)
    assert (answer.status_code, answer.text) == (200, "<title>TRM-OS</title>")
    assert answer.headers["cache-control"] == "no-cache"


def test_a_script_is_kept_for_ever_and_sent_compressed(site: TestClient) -> None:
    answer = site.get("/assets/index-1a2b.js")
    assert answer.text == SCRIPT
    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["content-type"].startswith("text/javascript")


def test_a_script_that_was_built_in_brotli_too_is_sent_so_to_whoever_takes_it(site: TestClient, tmp_path: Path) -> None:
    (tmp_path / "assets" / "index-1a2b.js.br").write_bytes(packed := b"as a browser unpacks it")
    asked = {"Accept-Encoding": "gzip, deflate, br"}
    with site.stream("GET", "/assets/index-1a2b.js", headers=asked) as answer:
        assert b"".join(answer.iter_raw()) == packed
    assert (answer.headers["content-encoding"], answer.headers["vary"]) == ("br", "Accept-Encoding")
    assert answer.headers["content-type"].startswith("text/javascript")
    assert "immutable" in answer.headers["cache-control"]
    again = site.get("/assets/index-1a2b.js", headers={**asked, "If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304
    assert site.get("/assets/index-1a2b.js", headers={"Accept-Encoding": "gzip"}).text == SCRIPT
    part = site.get("/assets/index-1a2b.js", headers={**asked, "Range": "bytes=0-6"})
    assert (part.status_code, part.text) == (206, SCRIPT[:7])


@pytest.mark.parametrize("path", ["/assets/index-old.js", "/assets/../../etc/passwd", "/..%2f..%2fetc/passwd"])
def test_what_is_no_file_of_the_page_is_none(site: TestClient, path: str) -> None:
    answer = site.get(path)
    assert answer.status_code == 404 or answer.text == "<title>TRM-OS</title>"
    assert path != "/assets/index-old.js" or answer.status_code == 404


def test_the_settings_say_where_everything_is(site: TestClient) -> None:
    said = site.get("/config.json")
    assert said.headers["cache-control"] == "no-store"
    assert said.json()["issuer"] == "https://id.example/realms/one"
    assert (said.json()["api"], said.json()["clientId"]) == ("https://api.example/", "page")
    assert {"openid", "offline_access", "rw_tension"} <= set(said.json()["scopes"])


@pytest.mark.parametrize("path", ["/", "/config.json", "/assets/index-1a2b.js", "/assets/none.js"])
def test_every_answer_keeps_the_page_to_itself(site: TestClient, path: str) -> None:
    headers = site.get(path).headers
    policy = dict(part.strip().split(" ", 1) for part in headers["content-security-policy"].split(";"))
    assert policy["default-src"] == "'self'"
    assert policy["connect-src"] == "'self' https://id.example https://api.example wss://api.example"
    assert policy["frame-ancestors"] == "'none'"
    assert headers["x-content-type-options"] == "nosniff"
    assert "max-age" in headers["strict-transport-security"]


def test_nothing_is_written_there(site: TestClient) -> None:
    assert site.post("/config.json").status_code == 405
    assert site.post("/").status_code == 405
