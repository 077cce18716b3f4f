import type { DecisionDTO, DecisionKind, DecisionPolicy } from "trm-os-client";
import type { MessageKey } from "@/messages/catalogue.ts";
import { useMessages } from "@/messages/react.tsx";
import { lookOf } from "@/ui/kinds.ts";
import { When } from "@/ui/When.tsx";

const KINDS: Record<DecisionKind, MessageKey> = {
  ProjectApproval: "decision.ProjectApproval",
  TensionSeverity: "decision.TensionSeverity",
  EntityLink: "decision.EntityLink",
  WinApproval: "decision.WinApproval",
  PersonMerge: "decision.PersonMerge",
  PersonMention: "decision.PersonMention",
  ModelPromotion: "decision.ModelPromotion",
};

const POLICIES: Record<DecisionPolicy, MessageKey> = {
  Approve: "decisions.policyApprove",
  Reject: "decisions.policyReject",
  LeaveOpen: "decisions.policyLeaveOpen",
};

export function DecisionRow({ decision }: { decision: DecisionDTO }) {
  const { t } = useMessages();
  const { icon: Icon, hue } = lookOf(decision.subject.label);
  return (
    <li className="flex gap-3 py-4">
      <Icon size={20} className="mt-0.5 shrink-0" style={{ color: hue }} aria-hidden="true" />
      <div className="min-w-0 grow">
        <p className="flex flex-wrap justify-between gap-x-4 text-13 text-soft">
          <span>{KINDS[decision.kind] ? t(KINDS[decision.kind]) : decision.kind}</span>
          <When at={decision.askedAt ?? decision.createdAt} />
        </p>
        <p dir="auto" className="break-words font-medium">
          {decision.question}
        </p>
        <p className="flex flex-wrap gap-x-4 break-words text-13 text-soft">
          {decision.subject.name && <span>{t("decisions.about", { name: decision.subject.name })}</span>}
          {decision.proposedBy && <span>{t("decisions.askedBy", { who: decision.proposedBy.fullName })}</span>}
          {decision.deadline && <When at={decision.deadline} within="decisions.until" />}
          {decision.deadline && decision.policy && <span>{t(POLICIES[decision.policy])}</span>}
        </p>
      </div>
    </li>
  );
}
