import type { WhyReceiptDTO } from "trm-os-client";
import { useMessages } from "@/messages/react.tsx";
import { agentWord } from "@/ui/things/words.ts";
import { When } from "@/ui/When.tsx";
import { Elsewhere } from "./Cause.tsx";

/** A write that was accepted and does not stand yet, or could not be written. */
export function Receipt({ receipt }: { receipt: WhyReceiptDTO }) {
  const { t } = useMessages();
  const { writeStatus, failure, acceptedAt, agent, links } = receipt;
  const word = agent ? agentWord(agent) : null;
  return (
    <div role="status">
      <p className="font-medium">{t(writeStatus === "pending" ? "things.beingWritten" : "things.notWritten")}</p>
      {failure && <p className="break-words text-soft">{failure.detail}</p>}
      <p className="text-13 text-soft">
        <When at={acceptedAt} within="why.accepted" />
      </p>
      {agent && <p className="text-13 text-soft">{t("why.agent", { agent: word ? t(word) : agent })}</p>}
      <p className="text-13">
        <Elsewhere href={links.run} word={t("why.run")} />
      </p>
    </div>
  );
}
