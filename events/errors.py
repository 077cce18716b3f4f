"""What can be wrong with an event, with stable codes; what is transient is never dead-lettered."""

from runtime.errors import RefusedError, UnavailableError


class EventRefusedError(RefusedError):
    """The event can never be accepted as it is: it goes to the dead letters."""

    code = "eventRefused"


UNEXPECTED = "unexpected"
"""Code of a dead letter whose error nobody foresaw; its reason names the error's type and place."""


class UnreadableError(EventRefusedError):
    """The Kafka library cannot read the message, for instance because a header's name is not UTF-8."""

    code = "unreadable"


class UndecodableError(EventRefusedError):
    """The value is not JSON."""

    code = "undecodable"


class HeaderMissingError(EventRefusedError):
    """A CloudEvents attribute is missing or malformed."""

    code = "headerMissing"


class TypeUnknownError(EventRefusedError):
    """No agent handles this event type on this topic."""

    code = "typeUnknown"


class SourceRefusedError(EventRefusedError):
    """The source may not publish this type."""

    code = "sourceRefused"


class TimeAheadError(EventRefusedError):
    """Something is said to have happened that is yet to come."""

    code = "timeAhead"


class SchemaUnknownError(EventRefusedError):
    """The registry does not know the schema id, or the value names none."""

    code = "schemaUnknown"


class SchemaInvalidError(EventRefusedError):
    """The value does not fit its schema."""

    code = "schemaInvalid"


class LetterLeftBehindError(RefusedError):
    """A dead letter cannot be replayed: its message was too large to be kept."""

    code = "letterLeftBehind"


class SchemaIncompatibleError(RefusedError):
    """The registry refuses our schema: consumers of older events would break."""

    code = "schemaIncompatible"


class SchemaNotAcceptedError(UnavailableError):
    """The registry does not take our schema now; it may once it is migrated, reachable by its right path, or mended."""

    code = "schemaNotAccepted"


class TopicRefusedError(RefusedError):
    """The broker refuses to make a topic as it is asked for."""

    code = "topicRefused"


class MessageNotAcceptedError(UnavailableError):
    """The broker does not take this message now: its topic is absent, closed to us or set too small for it."""

    code = "messageNotAccepted"


class RegistryAwayError(UnavailableError):
    """The schema registry does not answer."""

    code = "registryUnavailable"


class BrokerAwayError(UnavailableError):
    """Kafka did not acknowledge in time."""

    code = "brokerUnavailable"
