"""How a message names people and things: by what the sender knows of them."""

from typing import Any, Self
from uuid import UUID

from pydantic import ConfigDict, Field, model_validator

from ontology.base import Email, Handle, Name, OntologyModel


def _exactly_one_of(*names: str) -> ConfigDict:
    """JSON Schema for what the validators below check."""
    given: list[Any] = [{"required": [name], "properties": {name: {"type": "string"}}} for name in names]
    return ConfigDict(json_schema_extra={"oneOf": given})


class PersonRef(OntologyModel):
    """A person by id, e-mail or handle (created when new), or by a bare name that must fit exactly one.

    ``fullName`` only helps to name a person who is created.
    """

    model_config = _exactly_one_of("id", "email", "handle", "name")

    id: UUID | None = None
    email: Email | None = None
    handle: Handle | None = None
    name: Name | None = Field(None, description="a bare name; refused with the candidates when several fit")
    full_name: Name | None = Field(None, description="the name a new person is given")

    @model_validator(mode="after")
    def name_once(self) -> Self:
        """Exactly one of id, email, handle and name says who it is."""
        if sum(value is not None for value in (self.id, self.email, self.handle, self.name)) != 1:
            raise ValueError("name a person by exactly one of id, email, handle, name")
        return self

    def certainly(self, other: "PersonRef") -> bool:
        """Whether both name one person by the same id, e-mail or handle; two names may be two people."""
        pairs = ((self.id, other.id), (self.email, other.email), (self.handle, other.handle))
        return any(one is not None and one == another for one, another in pairs)


class ProjectRef(OntologyModel):
    """A project by id, or by its name (created as a provisional proposal when new)."""

    model_config = _exactly_one_of("id", "name")

    id: UUID | None = None
    name: Name | None = None

    @model_validator(mode="after")
    def name_once(self) -> Self:
        """Exactly one of id and name says which."""
        if (self.id is None) == (self.name is None):
            raise ValueError("name a project by exactly one of id, name")
        return self


class Caller(OntologyModel):
    """Who sent a request: the subject of a verified token."""

    issuer: str = Field(min_length=1)
    subject: str = Field(min_length=1)
    email: Email | None = Field(None, description="only when the issuer verified it")
    full_name: Name | None = None


WATCHER = PersonRef(full_name="TRM-OS", handle="trm-os")
"""Who detects what nobody had to tell: trouble with the system, and work that will not be done in time."""
