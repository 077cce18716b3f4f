import { useQuery } from "@tanstack/react-query";
import { Outlet, useNavigate, useRouterState } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, useRef, useState } from "react";
import { useServices } from "@/data/api.ts";
import { meQuery } from "@/data/queries.ts";
import { offers, type Part } from "@/data/scopes.ts";
import { askedOf, whySearch } from "@/data/why.ts";
import { LiveProvider, useLive } from "@/live/LiveProvider.tsx";
import { useMessages } from "@/messages/react.tsx";
import { Button } from "@/ui/Button.tsx";
import { Problem } from "@/ui/Problem.tsx";
import { Skeleton } from "@/ui/Skeleton.tsx";
import { ofPage, useCommands } from "./commands.ts";
import { Help } from "./Help.tsx";
import { useKeys } from "./keys.ts";
import { Palette } from "./Palette.tsx";
import { pageKeys } from "./pageKeys.ts";
import { Rail } from "./Rail.tsx";
import { TopBar } from "./TopBar.tsx";

const WhyDrawer = lazy(async () => ({ default: (await import("@/ui/why/WhyDrawer.tsx")).WhyDrawer }));

/** What stands around every page, once it is known who reads it. */
export function Frame() {
  const { client } = useServices();
  const me = useQuery(meQuery(client));
  const late = useLate(!me.data);
  if (!me.data) {
    return (
      <main className="mx-auto max-w-[80ch] p-8">
        {me.isError ? (
          <Problem error={me.error} retry={() => void me.refetch()} />
        ) : (
          <Unanswered late={late || me.failureCount > 0} />
        )}
      </main>
    );
  }
  const may = (part: Part) => offers(me.data.scopes, part);
  return (
    <LiveProvider allowed={may("feed")}>
      <Around may={may} />
    </LiveProvider>
  );
}

function Around({ may }: { may: (part: Part) => boolean }) {
  const { t } = useMessages();
  const [open, setOpen] = useState<"palette" | "help" | null>(null);
  const navigate = useNavigate();
  const close = () => setOpen(null);
  const palette = () => setOpen("palette");
  const help = () => setOpen("help");
  const commands = useCommands(may, help);
  useKeys({
    "mod k": palette,
    "/": palette,
    "?": help,
    "g h": () => void navigate({ to: "/" }),
    ...(may("tensions") ? { "g t": () => void navigate({ to: "/tensions" }) } : {}),
    ...(may("recognise") ? { c: () => void navigate({ to: "/recognise" }) } : {}),
    ...(may("report") ? { t: () => void navigate({ to: "/tensions/new" }) } : {}),
    ...(may("decisions") ? { "g d": () => void navigate({ to: "/decisions" }) } : {}),
  });
  return (
    <div className="sm:flex">
      <a href="#main" className="sr-only focus:not-sr-only focus:absolute focus:z-30 focus:bg-raised focus:p-2">
        {t("app.skip")}
      </a>
      <Rail may={may} onPalette={palette} />
      <div className="min-w-0 grow pb-20 sm:pb-0">
        <TopBar may={may} onPalette={palette} onHelp={help} />
        <Band />
        <Main />
      </div>
      <Why />
      {open === "palette" && <Palette commands={[...ofPage(pageKeys()), ...commands]} onClose={close} />}
      {open === "help" && <Help may={may} page={pageKeys()} onClose={close} />}
    </div>
  );
}

/** Why something is so, where the address asks. */
function Why() {
  const asked = askedOf(useRouterState({ select: (state) => whySearch(state.location.search).why }));
  return <Suspense>{asked && <WhyDrawer asked={asked} />}</Suspense>;
}

/** The page itself; it has the focus after one went to it, so a screen reader begins there. */
function Main() {
  const path = useRouterState({ select: (state) => state.location.pathname });
  const main = useRef<HTMLElement>(null);
  const shown = useRef(path);
  useEffect(() => {
    if (shown.current === path) return;
    shown.current = path;
    main.current?.focus();
  }, [path]);
  return (
    <main id="main" ref={main} tabIndex={-1}>
      <Outlet />
    </main>
  );
}

const PATIENCE = 5_000;

/** Whether something lasts for longer than a moment. */
function useLate(lasts: boolean): boolean {
  const [late, setLate] = useState(false);
  useEffect(() => {
    setLate(false);
    if (!lasts) return;
    const timer = setTimeout(() => setLate(true), PATIENCE);
    return () => clearTimeout(timer);
  }, [lasts]);
  return late;
}

/** It is not known yet who reads; once that takes long, it is said why. */
export function Unanswered({ late }: { late: boolean }) {
  const { t } = useMessages();
  return (
    <>
      <p role="status" className="max-w-[72ch] text-soft">
        {late && t("error.unanswered")}
      </p>
      <Skeleton rows={4} />
    </>
  );
}

/** A calm line once the connection is gone for longer than a moment. */
function Band() {
  const { t } = useMessages();
  const { state, retry } = useLive();
  const late = useLate(state === "waiting" || state === "connecting");
  if (!late) return null;
  return (
    <div
      role="status"
      className="flex flex-wrap items-center gap-3 border-b border-line bg-sunk px-4 py-2 text-13 sm:px-6"
    >
      {t("live.band")}
      <Button onClick={retry}>{t("live.now")}</Button>
    </div>
  );
}
