"""What somebody has a say in: who they are, and whose authority they have."""

from dataclasses import dataclass, field

from graph.visibility import Parameters, Viewer


@dataclass(frozen=True)
class Standing:
    """Somebody who may be asked to decide.

    Parameters
    ----------
    viewer
        Who they are.
    authorities
        What they have the authority of.
    """

    viewer: Viewer
    authorities: list[str] = field(default_factory=list)

    def parameters(self) -> Parameters:
        """What the conditions on decisions take, and those on who sees what."""
        return {**self.viewer.parameters(), "authorities": self.authorities}
