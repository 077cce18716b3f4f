"""Whose an authority is."""

import pytest

from runtime.authorities import Authorities

HELD = Authorities({"founder": ["@An", "an@shop.example"], "board": ["groups=@an", "@bình"], "nobody": []})


def test_handles_are_named() -> None:
    assert HELD.handles == ["an", "bình"], "and a claim's value is none"


@pytest.mark.parametrize(("handles", "held"), [({"an"}, {"founder"}), ({"an", "bình"}, {"founder", "board"}), ((), ())])
def test_a_handle_has_it(handles: set[str], held: set[str]) -> None:
    assert HELD.of_handles(handles) == set(held)


def test_a_handle_is_no_address_and_no_claim() -> None:
    assert HELD.of_address("@an") == set()
    assert HELD.of_address("An@Shop.example") == {"founder"}
    assert HELD.of_token(None, lambda claim, value: (claim, value) == ("groups", "@an")) == {"board"}


def test_addresses_and_handles_tell_it_without_a_token() -> None:
    assert HELD.of_known(["an@shop.example"], ["bình"]) == {"founder", "board"}
    assert HELD.of_known(["hà@shop.example"], []) == HELD.of_known([], []) == set()
