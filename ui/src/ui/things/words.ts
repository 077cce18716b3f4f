import type { MessageKey } from "@/messages/catalogue.ts";
import { KIND_WORDS, STATUS_WORDS } from "@/ui/tensions/words.ts";

type Words = Record<string, MessageKey | undefined>;

const KINDS: Words = {
  Tension: "thing.Tension",
  Project: "thing.Project",
  Task: "thing.Task",
  WIN: "thing.WIN",
  Recognition: "thing.Recognition",
  KnowledgeSnippet: "thing.KnowledgeSnippet",
  Comment: "thing.Comment",
  Decision: "thing.Decision",
  Delegation: "thing.Delegation",
  Person: "thing.Person",
  Identity: "thing.Identity",
  SeverityModel: "thing.SeverityModel",
  Event: "thing.Event",
  State: "thing.State",
};

/** What a kind of thing is called, by its label in the graph; null where that is not known here. */
export function kindWord(label: string): MessageKey | null {
  return KINDS[label] ?? null;
}

const RECORDED: Words = { Recorded: "state.Recorded", Archived: "state.Archived" };

const STATES: Record<string, Words | undefined> = {
  Tension: STATUS_WORDS,
  Recognition: { Proposed: "state.Proposed", Granted: "state.Granted", Archived: "state.Archived" },
  KnowledgeSnippet: RECORDED,
  Comment: RECORDED,
  Delegation: { Given: "state.Given", Archived: "state.Archived" },
  Project: {
    Proposal: "state.Proposal",
    Planning: "state.Planning",
    Active: "state.Active",
    OnHold: "state.OnHold",
    Completed: "state.Completed",
    Cancelled: "state.Cancelled",
    Failed: "state.Failed",
    Archived: "state.ProjectArchived",
  },
  Task: {
    Open: "state.Open",
    InProgress: "state.InProgress",
    OnHold: "state.OnHold",
    Done: "state.Done",
    Cancelled: "state.Cancelled",
  },
  WIN: {
    Draft: "state.Draft",
    UnderReview: "state.UnderReview",
    Published: "state.Published",
    Rejected: "state.Rejected",
    Archived: "state.ProjectArchived",
  },
  Decision: {
    Pending: "decision.pending",
    Approved: "decision.approved",
    Rejected: "decision.rejected",
    Expired: "decision.expired",
  },
};

const SEEN: Words = {
  Achievement: "seen.Achievement",
  Effort: "seen.Effort",
  Contribution: "seen.Contribution",
  Behavior: "seen.Behavior",
  SkillDemonstration: "seen.SkillDemonstration",
  MilestoneReached: "seen.MilestoneReached",
  ValueAlignment: "seen.ValueAlignment",
};

const DECISIONS: Words = {
  ProjectApproval: "decision.ProjectApproval",
  TensionSeverity: "decision.TensionSeverity",
  EntityLink: "decision.EntityLink",
  WinApproval: "decision.WinApproval",
  PersonMerge: "decision.PersonMerge",
  PersonMention: "decision.PersonMention",
  ModelPromotion: "decision.ModelPromotion",
};

const SOURCES: Words = {
  note: "said.note",
  recognition: "thing.Recognition",
  tension: "thing.Tension",
  project: "thing.Project",
  win: "thing.WIN",
};

const OF_KIND: Record<string, Words | undefined> = {
  Tension: KIND_WORDS,
  Decision: DECISIONS,
  KnowledgeSnippet: SOURCES,
  Person: { human: "said.human", agent: "said.agent" },
};

const AUTHORITIES: Words = {
  moderator: "authority.moderator",
  operator: "authority.operator",
  founder: "authority.founder",
};

const VALUES: Record<string, Words | undefined> = {
  visibility: { everyone: "tension.everyone", parties: "tension.parties" },
  severityBy: { human: "said.human" },
  escalatedTo: AUTHORITIES,
  authority: AUTHORITIES,
  authorities: AUTHORITIES,
  escalation: AUTHORITIES,
  kinds: DECISIONS,
  part: {
    context: "part.context",
    rootCause: "part.rootCause",
    solutionQuality: "part.solutionQuality",
    efficiency: "part.efficiency",
    collaboration: "part.collaboration",
    knowledgeSharing: "part.knowledgeSharing",
  },
  policy: {
    Approve: "decisions.policyApprove",
    Reject: "decisions.policyReject",
    LeaveOpen: "decisions.policyLeaveOpen",
  },
  decidedAs: {
    Asked: "said.Asked",
    Delegate: "said.Delegate",
    Operator: "said.Operator",
    Policy: "said.Policy",
  },
  followed: { Due: "said.Due", Done: "said.FollowDone", Refused: "said.Refused" },
  role: {
    Manager: "said.Manager",
    Member: "said.Member",
    Sponsor: "said.Sponsor",
    Observer: "said.Observer",
  },
};

/** What a value of a thing's property is called; null where it stands for itself. */
export function valueWord(label: string, name: string, value: string): MessageKey | null {
  const words =
    name === "status"
      ? STATES[label]
      : name === "kind"
        ? OF_KIND[label]
        : name === "type" && label === "Recognition"
          ? SEEN
          : VALUES[name];
  return (words && Object.hasOwn(words, value) && words[value]) || null;
}

/** What a state of a thing is called; null where it is not known here. */
export function stateWord(label: string, status: string): MessageKey | null {
  return valueWord(label, "status", status);
}

const AGENTS: Words = {
  RecognitionWorkflow: "agent.RecognitionWorkflow",
  TensionWorkflow: "agent.TensionWorkflow",
  DecisionWorkflow: "agent.DecisionWorkflow",
  PersonWorkflow: "agent.PersonWorkflow",
  KnowledgeEmbeddingWorkflow: "agent.KnowledgeEmbeddingWorkflow",
  RecordWorkflow: "agent.RecordWorkflow",
  ChangeWorkflow: "agent.ChangeWorkflow",
  IdentityLinkWorkflow: "agent.IdentityLinkWorkflow",
  PersonMergeWorkflow: "agent.PersonMergeWorkflow",
  PersonUnmergeWorkflow: "agent.PersonUnmergeWorkflow",
  ImportBatchWorkflow: "agent.ImportBatchWorkflow",
  FileImportWorkflow: "agent.FileImportWorkflow",
  ImportJudgementWorkflow: "agent.ImportJudgementWorkflow",
};

/** What an agent is called; null where it is not known here. */
export function agentWord(agent: string): MessageKey | null {
  return AGENTS[agent] ?? null;
}
