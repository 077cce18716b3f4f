"""The vocabularies: one enumeration per meaning, spelled the same in the graph, on the wire and in the dashboard."""

from enum import IntEnum, StrEnum


class PersonKind(StrEnum):
    """Whether a person is a human, or software that works among them."""

    HUMAN = "human"
    AGENT = "agent"


class RecognitionType(StrEnum):
    """What kind of contribution was seen."""

    ACHIEVEMENT = "Achievement"
    EFFORT = "Effort"
    CONTRIBUTION = "Contribution"
    BEHAVIOR = "Behavior"
    SKILL_DEMONSTRATION = "SkillDemonstration"
    MILESTONE_REACHED = "MilestoneReached"
    VALUE_ALIGNMENT = "ValueAlignment"


class Visibility(StrEnum):
    """Who may read a recognition: everyone, or its giver and receivers."""

    EVERYONE = "everyone"
    PARTIES = "parties"


class RecognitionStatus(StrEnum):
    """States of a recognition."""

    PROPOSED = "Proposed"
    GRANTED = "Granted"
    ARCHIVED = "Archived"


class SnippetStatus(StrEnum):
    """States of a knowledge snippet."""

    RECORDED = "Recorded"
    ARCHIVED = "Archived"


class CommentStatus(StrEnum):
    """States of a comment."""

    RECORDED = "Recorded"
    ARCHIVED = "Archived"


class DelegationStatus(StrEnum):
    """States of a delegation."""

    GIVEN = "Given"
    ARCHIVED = "Archived"


class TensionKind(StrEnum):
    """What sort of gap a tension is; the word itself is neutral."""

    PROBLEM = "Problem"
    OPPORTUNITY = "Opportunity"
    RISK = "Risk"
    IDEA = "Idea"
    QUESTION = "Question"
    CONCERN = "Concern"
    CONFLICT = "Conflict"


class TensionEnding(StrEnum):
    """What came of a tension that another tracker has ended."""

    DONE = "Done"
    NOT_DONE = "NotDone"


class TensionStatus(StrEnum):
    """States of a tension."""

    OPEN = "Open"
    UNDER_REVIEW = "UnderReview"
    ACCEPTED = "Accepted"
    IN_PROGRESS = "InProgress"
    ON_HOLD = "OnHold"
    RESOLVED = "Resolved"
    CLOSED = "Closed"
    ARCHIVED = "Archived"
    REJECTED = "Rejected"


class Severity(IntEnum):
    """How much a tension matters: 1 low … 4 critical."""

    LOW = 1
    MEDIUM = 2
    HIGH = 3
    CRITICAL = 4


class ProjectStatus(StrEnum):
    """States of a project."""

    PROPOSAL = "Proposal"
    PLANNING = "Planning"
    ACTIVE = "Active"
    ON_HOLD = "OnHold"
    COMPLETED = "Completed"
    CANCELLED = "Cancelled"
    FAILED = "Failed"
    ARCHIVED = "Archived"


class TaskStatus(StrEnum):
    """States of a task."""

    OPEN = "Open"
    IN_PROGRESS = "InProgress"
    ON_HOLD = "OnHold"
    DONE = "Done"
    CANCELLED = "Cancelled"


class WinStatus(StrEnum):
    """States of a WIN."""

    DRAFT = "Draft"
    UNDER_REVIEW = "UnderReview"
    PUBLISHED = "Published"
    REJECTED = "Rejected"
    ARCHIVED = "Archived"


class DecisionKind(StrEnum):
    """What a human is asked to decide."""

    PROJECT_APPROVAL = "ProjectApproval"
    TENSION_SEVERITY = "TensionSeverity"
    ENTITY_LINK = "EntityLink"
    WIN_APPROVAL = "WinApproval"
    PERSON_MERGE = "PersonMerge"
    PERSON_MENTION = "PersonMention"
    MODEL_PROMOTION = "ModelPromotion"


class DecisionPolicy(StrEnum):
    """What becomes of a decision that nobody took in time."""

    APPROVE = "Approve"
    REJECT = "Reject"
    LEAVE_OPEN = "LeaveOpen"


class DecidedAs(StrEnum):
    """By what right a decision was taken."""

    ASKED = "Asked"
    DELEGATE = "Delegate"
    OPERATOR = "Operator"
    POLICY = "Policy"


class DecisionStatus(StrEnum):
    """States of a decision."""

    PENDING = "Pending"
    APPROVED = "Approved"
    REJECTED = "Rejected"
    EXPIRED = "Expired"


class DecisionFollowed(StrEnum):
    """What became of what a decision has as its consequence."""

    DUE = "Due"
    DONE = "Done"
    REFUSED = "Refused"


class ParticipantRole(StrEnum):
    """What a person does in a project."""

    MANAGER = "Manager"
    MEMBER = "Member"
    SPONSOR = "Sponsor"
    OBSERVER = "Observer"


class SnippetKind(StrEnum):
    """Where a piece of knowledge comes from."""

    NOTE = "note"
    RECOGNITION = "recognition"
    TENSION = "tension"
    PROJECT = "project"
    WIN = "win"


class WinPart(StrEnum):
    """The six inputs of a WIN score."""

    CONTEXT = "context"
    ROOT_CAUSE = "rootCause"
    SOLUTION_QUALITY = "solutionQuality"
    EFFICIENCY = "efficiency"
    COLLABORATION = "collaboration"
    KNOWLEDGE_SHARING = "knowledgeSharing"


class WriteStatus(StrEnum):
    """How far a write is: accepted, in the graph, or refused for good. Not the lifecycle status."""

    PENDING = "pending"
    WRITTEN = "written"
    FAILED = "failed"
