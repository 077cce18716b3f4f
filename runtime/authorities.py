"""Whose each authority is, as the setting says it: by verified address, by a claim of a token, or by handle."""

from collections.abc import Callable, Collection, Mapping, Sequence


class Authorities:
    """Reads the setting ``TRM_IDENTITY__AUTHORITIES``.

    Parameters
    ----------
    members
        Authority → whose it is: ``an@shop.example``, ``claim=value`` or ``@handle``.
    """

    def __init__(self, members: Mapping[str, Sequence[str]]) -> None:
        self._members = members

    @property
    def handles(self) -> list[str]:
        """Every handle that has one."""
        named = (_handle(member) for members in self._members.values() for member in members)
        return sorted({handle for handle in named if handle})

    def of_token(self, email: str | None, claims: Callable[[str, str], bool]) -> frozenset[str]:
        """The authorities of a token's bearer.

        Parameters
        ----------
        email
            Their verified address.
        claims
            Whether a claim has a value.
        """

        def has(member: str) -> bool:
            claim, equals, value = member.rpartition("=")
            return claims(claim, value) if equals else email == member.strip().lower() and not _handle(member)

        return self._where(has)

    def of_address(self, email: str) -> frozenset[str]:
        """The authorities of an address."""
        return self.of_token(email.lower(), lambda _claim, _value: False)

    def of_handles(self, handles: Collection[str]) -> frozenset[str]:
        """The authorities of whoever has one of some handles."""
        return self._where(lambda member: _handle(member) in handles)

    def of_known(self, addresses: Collection[str], handles: Collection[str]) -> frozenset[str]:
        """The authorities of somebody by addresses and handles of theirs: those that need no token to be told."""
        return self.of_handles(handles).union(*(self.of_address(one) for one in addresses))

    def _where(self, has: Callable[[str], bool]) -> frozenset[str]:
        return frozenset(name for name, members in self._members.items() if any(has(member) for member in members))


def _handle(member: str) -> str | None:
    said = member.strip()
    return said[1:].lower() if said.startswith("@") and "=" not in said else None
