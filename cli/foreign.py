"""Foreign text on the terminal: shown as it is, never taken for markup, and never for commands to the terminal."""

import re

from rich.text import Text

_COMMANDS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
"""Control characters but tab and line feed, marks that turn the direction of writing, and halves of characters."""


def shown(text: str) -> str:
    r"""The text with what would command the terminal written out, as ``\x1b``."""
    return _COMMANDS.sub(lambda found: found[0].encode("unicode_escape").decode("ascii"), text)


def plain(text: str, style: str = "") -> Text:
    """The text as Rich prints it without looking for markup."""
    return Text(overflow="fold").append(shown(text), style or None)
