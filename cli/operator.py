"""Who runs a command: the operator, as the Caller that a write of theirs names."""

import getpass
import os

from ontology.references import Caller


def operator() -> Caller:
    """The user of this shell; one without a name is known by number."""
    try:
        name = getpass.getuser()
    except (KeyError, OSError):
        name = f"uid-{os.getuid()}"
    return Caller(issuer="urn:trm:operator", subject=name)
