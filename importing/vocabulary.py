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
    "tensions": {
        "externalId": ("id", "issue key", "key", "ticket", "ticket id", "number", "mã"),
        "title": ("summary", "subject", "tension", "name", "tiêu đề", "tóm tắt"),
        "facts": ("description", "details", "body", "what happened", "mô tả", "sự việc"),
        "currentState": ("current", "actual", "what is", "hiện trạng"),
        "desiredState": ("desired", "expected", "what should be", "mong muốn"),
        "kind": ("issue type", "type", "category", "loại"),
        "severity": ("priority", "impact", "mức độ", "độ ưu tiên"),
        "status": ("state", "trạng thái"),
        "resolution": ("resolved as", "outcome", "kết quả"),
        "detector": ("reporter", "reported by", "author", "người báo", "người báo cáo"),
        "owner": ("assignee", "assigned to", "responsible", "người phụ trách", "người xử lý"),
        "affectedProjects": ("project", "project name", "projects", "dự án"),
        "affectedPeople": ("affects", "affected", "ảnh hưởng đến"),
        "comments": ("comment", "notes", "bình luận", "ghi chú"),
        "language": ("lang", "ngôn ngữ"),
        "occurredAt": ("created", "created at", "date", "reported on", "opened", "ngày", "ngày tạo"),
    },
    "projects": {
        "externalId": ("id", "project id", "project key", "key", "mã"),
        "name": ("project", "project name", "title", "summary", "tên", "tên dự án", "dự án"),
        "goal": ("description", "objective", "purpose", "mục tiêu", "mô tả"),
        "status": ("state", "trạng thái"),
        "proposer": ("lead", "project lead", "reporter", "proposed by", "owner", "người đề xuất", "trưởng dự án"),
        "plannedStartAt": ("planned start", "start", "start date", "ngày bắt đầu"),
        "plannedEndAt": ("planned end", "end", "due", "due date", "deadline", "end date", "hạn", "ngày kết thúc"),
        "startAt": ("actual start", "started"),
        "endAt": ("actual end", "completed", "ended", "resolved"),
        "language": ("lang", "ngôn ngữ"),
        "occurredAt": ("created", "created at", "ngày tạo"),
    },
    "tasks": {
        "externalId": ("id", "issue key", "key", "task id", "number", "mã"),
        "title": ("summary", "subject", "task", "name", "tiêu đề", "tóm tắt", "việc"),
        "description": ("details", "body", "mô tả"),
        "project": ("project name", "dự án"),
        "owner": ("assignee", "assigned to", "responsible", "người phụ trách", "người thực hiện"),
        "status": ("state", "trạng thái"),
        "dueAt": ("due", "due date", "deadline", "hạn", "hạn chót"),
        "critical": ("blocking", "quan trọng"),
        "occurredAt": ("created", "created at", "ngày tạo"),
    },
    "comments": {
        "externalId": ("id", "comment id", "mã"),
        "tensionId": ("tension",),
        "text": ("comment", "body", "message", "nội dung"),
        "author": ("by", "from", "người viết"),
        "language": ("lang", "ngôn ngữ"),
        "occurredAt": ("date", "time", "created", "created at", "ngày", "thời gian"),
    },
}
"""Kind, as the command line calls it → its columns; one that is not here goes by the names of its fields."""


_SEVERITIES = {
    "4": (
        "critical",
        "blocker",
        "highest",
        "urgent",
        "immediate",
        "showstopper",
        "p0",
        "p1",
        "sev1",
        "nghiêm trọng",
        "khẩn cấp",
    ),
    "3": ("high", "major", "important", "p2", "sev2", "cao"),
    "2": ("medium", "normal", "minor", "moderate", "p3", "sev3", "trung bình"),
    "1": ("low", "lowest", "trivial", "p4", "p5", "sev4", "thấp"),
}
_STATES = {
    "Open": ("new", "to do", "todo", "backlog", "reopened", "selected for development", "mới", "mở"),
    "UnderReview": ("in review", "triage", "needs triage", "đang xem xét"),
    "Accepted": ("ready", "confirmed", "approved", "planned", "đã nhận"),
    "InProgress": ("in progress", "doing", "started", "patch available", "đang làm", "đang xử lý"),
    "OnHold": ("on hold", "blocked", "waiting", "paused", "tạm dừng"),
    "Resolved": ("done", "closed", "fixed", "complete", "completed", "đã giải quyết", "đã đóng", "hoàn thành", "xong"),
    "Rejected": ("won't do", "won't fix", "wontfix", "declined", "invalid", "duplicate", "cancelled", "từ chối"),
}
_ENDINGS = {
    "Done": (
        "fixed",
        "resolved",
        "complete",
        "completed",
        "implemented",
        "delivered",
        "unresolved",
        "đã giải quyết",
        "xong",
    ),
    "NotDone": (
        *("won't do", "won't fix", "wontfix", "declined", "rejected", "invalid", "duplicate", "cannot reproduce"),
        *("not a bug", "not a problem", "works for me", "incomplete", "later", "abandoned", "obsolete", "cancelled"),
        *("canceled", "not reproducible", "information provided", "not applicable", "auto closed", "từ chối"),
    ),
}
_KINDS = {
    "Problem": ("bug", "defect", "incident", "fault", "task", "sub-task", "subtask", "test", "vấn đề", "lỗi", "sự cố"),
    "Opportunity": ("improvement", "new feature", "feature", "story", "epic", "enhancement", "cơ hội", "cải tiến"),
    "Idea": ("wish", "suggestion", "proposal", "ý tưởng"),
    "Question": ("support", "help", "câu hỏi"),
    "Risk": ("security", "rủi ro"),
    "Concern": ("complaint", "lo ngại"),
    "Conflict": ("mâu thuẫn",),
}

_PROJECT_STATES = {
    "Proposal": ("new", "idea", "proposed", "backlog", "mới", "đề xuất"),
    "Completed": ("done", "closed", "finished", "complete", "hoàn thành", "xong"),
    "Cancelled": ("canceled", "dropped", "huỷ", "hủy"),
    "Failed": ("abandoned", "thất bại"),
}
_TASK_STATES = {
    "Open": ("new", "to do", "todo", "backlog", "reopened", "selected for development", "mới", "mở"),
    "InProgress": ("in progress", "doing", "started", "in review", "patch available", "đang làm", "đang xử lý"),
    "OnHold": ("on hold", "blocked", "waiting", "paused", "tạm dừng"),
    "Done": ("closed", "resolved", "fixed", "complete", "completed", "đã đóng", "hoàn thành", "xong"),
    "Cancelled": ("canceled", "won't do", "won't fix", "wontfix", "declined", "duplicate", "huỷ", "hủy"),
}

WORDS: Mapping[str, Mapping[str, Mapping[str, str]]] = {
    "tensions": {
        field: {word: choice for choice, words in choices.items() for word in words}
        for field, choices in (
            ("severity", _SEVERITIES),
            ("status", _STATES),
            ("resolution", _ENDINGS),
            ("kind", _KINDS),
        )
    },
    **{
        kind: {"status": {word: choice for choice, words in states.items() for word in words}}
        for kind, states in (("projects", _PROJECT_STATES), ("tasks", _TASK_STATES))
    },
}
"""Kind → field → what a choice is called in files → it. What a tracker closed is resolved: Closed needs a WIN."""


def synonyms(kind: str, field: str) -> tuple[str, ...]:
    """Further names of a field's column."""
    return VOCABULARY.get(kind, {}).get(field, ())
