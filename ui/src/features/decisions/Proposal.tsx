import { useQuery } from "@tanstack/react-query";
import type { DecisionDTO } from "trm-os-client";
import { useServices } from "@/data/api.ts";
import { nameQuery } from "@/data/decisions.ts";
import { meQuery } from "@/data/queries.ts";
import { offers } from "@/data/scopes.ts";
import { useMessages } from "@/messages/react.tsx";
import { Severity } from "@/ui/Severity.tsx";
import { type Figure, figuresOf, spelled } from "./figures.ts";
import { LABELS, VALUES } from "./words.ts";

/** What is proposed, with every number; `candidates` where no form lists them. */
export function Proposal({ decision, candidates }: { decision: DecisionDTO; candidates: boolean }) {
  const { t } = useMessages();
  const { proposal } = decision;
  if (!proposal) return null;
  const { duplicateId, severity, reason } = proposal;
  const shown = ["duplicateId", "severity", "reason", ...(candidates ? [] : ["candidates"])];
  const figures = figuresOf(proposal, shown);
  return (
    <section className="mt-6">
      <h3 className="font-medium">{t("decision.proposed")}</h3>
      {typeof duplicateId === "string" && <Merge id={duplicateId} into={decision.subject.name} />}
      {severity !== undefined && (
        <p>
          <Severity value={severity} />
        </p>
      )}
      {typeof reason === "string" && reason !== "" && (
        <p dir="auto" className="max-w-[72ch] whitespace-pre-wrap break-words">
          {reason}
        </p>
      )}
      {figures.length > 0 && (
        <dl className="mt-1 grid gap-x-4 gap-y-1 sm:grid-cols-[max-content_minmax(0,1fr)]">
          {figures.map((figure) => (
            <FigureLine key={figure.path} figure={figure} />
          ))}
        </dl>
      )}
    </section>
  );
}

function FigureLine({ figure }: { figure: Figure }) {
  const { t, language } = useMessages();
  const label = LABELS[figure.path.split(".").at(-1) ?? ""];
  const number = (value: number) => new Intl.NumberFormat(language, { maximumFractionDigits: 3 }).format(value);
  const word = (value: string) => {
    const known = VALUES[value];
    return known ? t(known) : value;
  };
  const said = () => {
    if (figure.is === "number") return number(figure.value);
    if (figure.is === "text") return word(figure.value);
    if (figure.is === "list")
      return figure.values.length > 0
        ? new Intl.ListFormat(language).format(figure.values.map(word))
        : t("decision.none");
    const { before, after, low, high } = figure;
    return t("decision.change", {
      before: number(before),
      after: number(after),
      low: number(low),
      high: number(high),
    });
  };
  return (
    <>
      <dt className="text-soft max-sm:mt-1 max-sm:text-13">{label ? t(label) : spelled(figure.path)}</dt>
      <dd dir="auto" className="numbers min-w-0 break-words">
        {said()}
      </dd>
    </>
  );
}

/** Who would lead to whom. */
function Merge({ id, into }: { id: string; into: string | null | undefined }) {
  const { t } = useMessages();
  const { client } = useServices();
  const me = useQuery(meQuery(client)).data;
  const readable = me !== undefined && offers(me.scopes, "people");
  const name = useQuery({ ...nameQuery(client, id), enabled: readable });
  return (
    <p className="break-words">
      {t("decision.merge", { duplicate: name.data ?? id, survivor: into ?? t("decision.unnamed") })}
    </p>
  );
}
