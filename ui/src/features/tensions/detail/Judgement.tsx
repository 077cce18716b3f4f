import type { SeverityJudgement, TensionDTO, Weight } from "trm-os-client";
import { useMessages } from "@/messages/react.tsx";
import { Severity } from "@/ui/Severity.tsx";
import { SEVERITIES, SEVERITY_WORDS } from "@/ui/tensions/words.ts";
import { WhyLink } from "@/ui/why/WhyLink.tsx";
import { Marked } from "./Marked.tsx";
import { textsOf } from "./marks.ts";

/** How severe it is, who says so, and what a machine thinks of it and why. */
export function Judgement({ tension }: { tension: TensionDTO }) {
  const { t } = useMessages();
  const judged = tension.severityJudgement;
  const human = tension.severityBy === "human" || !tension.severityBy;
  return (
    <>
      <p className="flex flex-wrap gap-x-3">
        {tension.severity ? <Severity value={tension.severity} /> : <span>{t("tension.unrated")}</span>}
        {tension.severity && (
          <span className="break-all text-soft">
            {human ? t("judgement.human") : t("judgement.model", { model: tension.severityBy ?? "" })}
          </span>
        )}
        <WhyLink of={tension.id} name={t("tension.severity")} small />
      </p>
      {judged ? (
        <Reasons judged={judged} texts={textsOf(tension)} />
      ) : (
        <p className="text-soft">{t("judgement.none")}</p>
      )}
    </>
  );
}

function Reasons({ judged, texts }: { judged: SeverityJudgement; texts: string[] }) {
  const { t, language } = useMessages();
  const percent = new Intl.NumberFormat(language, { style: "percent" });
  const signed = new Intl.NumberFormat(language, { signDisplay: "always", maximumFractionDigits: 2 });
  return (
    <>
      {judged.abstained && (
        <p className="mt-1 max-w-[72ch]">
          {judged.abstained === "Unsure" ? t("judgement.unsure") : t("judgement.foreign")}
        </p>
      )}
      <dl
        aria-label={t("judgement.bars")}
        className="mt-3 grid max-w-120 grid-cols-[max-content_1fr_max-content] gap-x-3"
      >
        {SEVERITIES.map((severity) => {
          const share = judged.probabilities[severity - 1] ?? 0;
          return (
            <div key={severity} className="contents">
              <dt>
                <Severity value={severity} />
              </dt>
              <dd aria-hidden="true" className="my-2 h-2 rounded bg-sunk">
                <div
                  className="h-2 rounded"
                  style={{ width: `${share * 100}%`, background: `var(--severity-${severity})` }}
                />
              </dd>
              <dd className="numbers text-right">{percent.format(share)}</dd>
            </div>
          );
        })}
      </dl>
      <details className="mt-2 max-w-[72ch]">
        <summary className="w-fit text-accent underline">{t("judgement.why")}</summary>
        <p className="mt-2">{t("judgement.likeliest", { severity: t(SEVERITY_WORDS[judged.likeliest]) })}</p>
        <p aria-hidden="true" className="mt-2 text-13 text-soft">
          {t("judgement.lines")}
        </p>
        <Marked texts={texts} words={[...judged.wordsFor, ...judged.wordsAgainst]} />
        <Words title={t("judgement.for")} words={judged.wordsFor} signed={signed} />
        <Words title={t("judgement.against")} words={judged.wordsAgainst} signed={signed} />
        <p className="mt-2">
          {t("judgement.meaning")} <span className="numbers">{signed.format(judged.meaning)}</span>
        </p>
        {judged.rules.length > 0 && (
          <>
            <h3 className="mt-2 text-13 text-soft">{t("judgement.rules")}</h3>
            <ul>
              {judged.rules.map((one) => (
                <li key={`${one.rule} ${one.words}`} className="break-words">
                  {t("judgement.rule", { words: one.words, severity: t(SEVERITY_WORDS[one.floor]), rule: one.rule })}
                </li>
              ))}
            </ul>
          </>
        )}
        <p className="mt-2 break-all text-13 text-soft">{t("judgement.by", { model: judged.model })}</p>
      </details>
    </>
  );
}

/** Words with how much they weigh, the strongest first. */
function Words({ title, words, signed }: { title: string; words: Weight[]; signed: Intl.NumberFormat }) {
  if (words.length === 0) return null;
  return (
    <>
      <h3 className="mt-2 text-13 text-soft">{title}</h3>
      <ul className="flex flex-wrap gap-x-4">
        {words.map((one) => (
          <li key={one.word} className="break-all">
            <bdi>{one.word}</bdi> <span className="numbers text-13 text-soft">{signed.format(one.weight)}</span>
          </li>
        ))}
      </ul>
    </>
  );
}
