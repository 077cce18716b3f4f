"""How a thing of any kind is named where only a name of it is shown."""

from typing import LiteralString


def name_of(node: LiteralString) -> LiteralString:
    """Expression: its name, title or question, or how its text begins; null where it has none."""
    return (
        "coalesce(" + node + ".fullName, " + node + ".name, " + node + ".title, " + node + ".question,"
        " left(coalesce(" + node + ".content, " + node + ".text), 80))"
    )  # fmt: skip
