"""Who runs a command: the operator, as the Caller that a write of theirs names."""

import getpass

from ontology.references import Caller


def operator() -> Caller:
    """The user of this shell."""
    return Caller(issuer="urn:trm:operator", subject=getpass.getuser())
