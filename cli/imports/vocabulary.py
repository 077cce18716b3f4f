"""What columns of files are called: field → further names, in any case and spacing, in English and Vietnamese."""

from collections.abc import Mapping

Synonyms = Mapping[str, tuple[str, ...]]

VOCABULARY: Mapping[str, Synonyms] = {
    "recognitions": {
        "externalId": ("id", "recognition id", "reference", "mã"),
        "giver": ("from", "sender", "given by", "recognized by", "recogniser", "người gửi", "người trao"),
        "receivers": ("receiver", "to", "recipient", "recipients", "recognized", "người nhận"),
        "content": ("message", "text", "comment", "description", "reason", "nội dung", "lời nhắn"),
        "values": ("value", "tags", "core values", "hashtags", "giá trị"),
        "type": ("kind", "category", "loại"),
        "language": ("lang", "ngôn ngữ"),
        "project": ("project name", "dự án"),
        "occurredAt": ("date", "time", "created at", "sent at", "timestamp", "ngày", "thời gian"),
    },
    "people": {
        "externalId": ("id", "person id", "employee id", "employee number", "mã", "mã nhân viên"),
        "fullName": ("name", "employee", "employee name", "display name", "họ tên", "họ và tên", "tên"),
        "email": ("mail", "email address", "work email", "thư điện tử"),
        "handle": ("username", "user name", "login", "nickname"),
        "role": ("title", "job title", "position", "chức vụ", "vai trò"),
        "aliases": ("alias", "also known as", "other names"),
        "kind": ("person kind", "account type", "human or agent", "loại tài khoản"),
        "leftAt": (
            *("left", "left on", "date left", "end date", "leaving date", "leave date", "last day", "last working day"),
            *("termination date", "exit date", "employment end date", "contract end date"),
            *("ngày nghỉ việc", "ngày thôi việc", "ngày nghỉ", "ngày làm việc cuối cùng", "ngày kết thúc"),
        ),
    },
}
"""Kind, as the command line calls it → its columns; one that is not here goes by the names of its fields."""


def synonyms(kind: str, field: str) -> tuple[str, ...]:
    """Further names of a field's column."""
    return VOCABULARY.get(kind, {}).get(field, ())
