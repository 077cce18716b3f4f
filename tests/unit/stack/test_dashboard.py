"""The page that a stack serves is built once for what its sources are."""

from pathlib import Path

import pytest

from stack import dashboard


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("ui/src/main.tsx", "clients/typescript/src/client.ts"):
        file = tmp_path / name
        file.parent.mkdir(parents=True)
        file.write_text(name, encoding="utf-8")
    monkeypatch.setattr(dashboard, "CHECKOUT", tmp_path)
    return tmp_path


def test_another_source_is_another_page(checkout: Path) -> None:
    before = dashboard.digest()
    assert dashboard.digest() == before
    (checkout / "clients/typescript/src/client.ts").write_text("changed", encoding="utf-8")
    changed = dashboard.digest()
    (checkout / "ui/src/main.tsx").rename(checkout / "ui/src/other.tsx")
    assert len({before, changed, dashboard.digest()}) == 3


@pytest.mark.parametrize("made", ["ui/node_modules/react/index.js", "ui/dist/index.html", "ui/public/config.json"])
def test_what_was_made_from_them_or_is_of_this_machine_makes_no_other(checkout: Path, made: str) -> None:
    before = dashboard.digest()
    (checkout / made).parent.mkdir(parents=True)
    (checkout / made).write_text("made", encoding="utf-8")
    assert dashboard.digest() == before


async def test_a_page_that_is_there_is_not_built_again(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("built", encoding="utf-8")
    await dashboard.build(tmp_path)
    assert (tmp_path / "index.html").read_text(encoding="utf-8") == "built"
