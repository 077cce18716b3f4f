"""Which keys of a person are kept as former ones, and which of those get a lead of their own."""

from typing import Any

import pytest

from graph.former_keys import former_keys, older_keys

NOW = {"email": "b@x.example"}
HAD = {"email": "b@x.example", "formerEmail": "a@x.example"}


@pytest.mark.parametrize(
    ("person", "changes", "former", "older"),
    [
        ({}, {"email": "a@x.example"}, {}, []),
        (NOW, {"email": "c@x.example"}, {"former_email": "b@x.example"}, []),
        (NOW, {"email": None}, {"former_email": "b@x.example"}, []),
        (NOW, {"email": "b@x.example"}, {}, []),
        (NOW, {"full_name": "Vo An"}, {}, []),
        (HAD, {"email": "c@x.example"}, {"former_email": "b@x.example"}, [("email", "a@x.example")]),
        (HAD, {"email": None}, {"former_email": "b@x.example"}, [("email", "a@x.example")]),
        (HAD, {"email": "a@x.example"}, {"former_email": "b@x.example"}, []),
        (HAD, {"handle": "an"}, {}, []),
        ({"formerEmail": "a@x.example"}, {"email": "c@x.example"}, {}, []),
        (
            {**HAD, "handle": "an2", "formerHandle": "an1"},
            {"email": "c@x.example", "handle": "an3"},
            {"former_email": "b@x.example", "former_handle": "an2"},
            [("email", "a@x.example"), ("handle", "an1")],
        ),
    ],
)
def test_the_last_key_is_kept_and_an_older_one_leads(
    person: dict[str, Any], changes: dict[str, Any], former: dict[str, str], older: list[tuple[str, str]]
) -> None:
    assert former_keys(person, changes) == former
    assert older_keys(person, changes) == older
