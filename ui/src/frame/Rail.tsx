import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { HandHeart, House, Scale, Search, Zap } from "lucide-react";
import { useServices } from "@/data/api.ts";
import { meQuery } from "@/data/queries.ts";
import type { Part } from "@/data/scopes.ts";
import { useMessages } from "@/messages/react.tsx";
import { Connection } from "./Connection.tsx";

interface Props {
  may: (part: Part) => boolean;
  onPalette: () => void;
}

const ITEM =
  "relative flex min-w-0 grow basis-0 flex-col items-center gap-1 rounded py-2 text-13 whitespace-nowrap text-soft hover:bg-sunk hover:text-ink " +
  "sm:grow-0 sm:basis-auto sm:flex-row sm:gap-3 sm:px-3 sm:text-15";
const HERE = { className: "bg-sunk font-medium !text-ink", "aria-current": "page" } as const;

/** Where one may go: at the left, on a phone at the bottom. */
export function Rail({ may, onPalette }: Props) {
  const { t } = useMessages();
  const { client } = useServices();
  const waiting = useQuery(meQuery(client)).data?.decisionsAsked ?? 0;
  return (
    <nav
      aria-label={t("nav.label")}
      className="fixed inset-x-0 bottom-0 z-10 flex gap-1 border-t border-line bg-ground p-1 pb-[max(4px,env(safe-area-inset-bottom))] sm:sticky sm:top-0 sm:h-dvh sm:w-50 sm:shrink-0 sm:flex-col sm:border-t-0 sm:border-r sm:p-3"
    >
      <span className="hidden px-3 py-2 font-semibold tracking-tight sm:block">{t("app.name")}</span>
      <Link to="/" className={ITEM} activeOptions={{ exact: true }} activeProps={HERE}>
        <House size={20} aria-hidden="true" />
        {t("nav.home")}
      </Link>
      {may("tensions") && (
        <Link to="/tensions" className={ITEM} activeProps={HERE} activeOptions={{ includeSearch: false }}>
          <Zap size={20} aria-hidden="true" />
          {t("nav.tensions")}
        </Link>
      )}
      {may("recognise") && (
        <Link to="/recognise" className={`${ITEM} sm:hidden`} activeProps={HERE}>
          <HandHeart size={20} aria-hidden="true" />
          {t("recognise.title")}
        </Link>
      )}
      {may("decisions") && (
        <Link to="/decisions" className={ITEM} activeProps={HERE}>
          <Scale size={20} aria-hidden="true" />
          {t("nav.decisions")}
          {waiting > 0 && (
            <span className="absolute top-1 right-[calc(50%-32px)] numbers rounded bg-sunk px-1 text-13 text-ink sm:static sm:ml-auto">
              <span aria-hidden="true">{waiting}</span>
              <span className="sr-only">{t("nav.waiting", { count: waiting })}</span>
            </span>
          )}
        </Link>
      )}
      <button type="button" onClick={onPalette} className={`${ITEM} sm:hidden`}>
        <Search size={20} aria-hidden="true" />
        {t("top.commands")}
      </button>
      <div className="mt-auto hidden px-3 py-2 sm:block">
        <Connection />
      </div>
    </nav>
  );
}
