import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { CircleHelp, HandHeart, Monitor, Moon, Plus, Search, Sun } from "lucide-react";
import type { FocusEvent, KeyboardEvent } from "react";
import { useServices } from "@/data/api.ts";
import { meQuery } from "@/data/queries.ts";
import type { Part } from "@/data/scopes.ts";
import type { MessageKey } from "@/messages/catalogue.ts";
import { useMessages } from "@/messages/react.tsx";
import { Button } from "@/ui/Button.tsx";
import { setTheme, type Theme, useTheme } from "@/ui/theme.ts";
import { Connection } from "./Connection.tsx";

const NEXT: Record<Theme, { icon: typeof Sun; word: MessageKey; next: Theme }> = {
  system: { icon: Monitor, word: "theme.system", next: "light" },
  light: { icon: Sun, word: "theme.light", next: "dark" },
  dark: { icon: Moon, word: "theme.dark", next: "system" },
};

/** Close the menu when the focus leaves it. */
function closeBehind(event: FocusEvent<HTMLDetailsElement>) {
  if (!event.currentTarget.contains(event.relatedTarget)) event.currentTarget.open = false;
}

function closeByEscape(event: KeyboardEvent<HTMLDetailsElement>) {
  if (event.key !== "Escape") return;
  event.currentTarget.open = false;
  event.currentTarget.querySelector("summary")?.focus();
}

const ACTION = "inline-flex min-h-8 items-center gap-2 rounded px-2 py-1 text-soft hover:bg-sunk hover:text-ink";

interface Props {
  may: (part: Part) => boolean;
  onPalette: () => void;
  onHelp: () => void;
}

export function TopBar({ may, onPalette, onHelp }: Props) {
  const { t, language, setLanguage } = useMessages();
  const { client, session } = useServices();
  const me = useQuery(meQuery(client)).data;
  const { icon: ThemeIcon, word, next } = NEXT[useTheme()];
  const other = language === "en" ? "vi" : "en";
  return (
    <header className="flex h-14 items-center gap-1 border-b border-line px-3 sm:px-6">
      <Button look="bare" onClick={onPalette} className="max-sm:hidden">
        <Search size={16} aria-hidden="true" />
        {t("top.commands")} <kbd className="text-13">⌘K</kbd>
      </Button>
      <span className="sm:hidden">
        <Connection />
      </span>
      {may("recognise") && (
        <Link to="/recognise" className={`${ACTION} max-sm:hidden`}>
          <HandHeart size={16} aria-hidden="true" />
          {t("recognise.title")} <kbd className="text-13">c</kbd>
        </Link>
      )}
      {may("report") && (
        <Link to="/tensions/new" title={t("report.title")} className={ACTION}>
          <Plus size={16} aria-hidden="true" />
          <span className="max-sm:sr-only">{t("report.send")}</span> <kbd className="text-13 max-sm:hidden">t</kbd>
        </Link>
      )}
      <span className="grow" />
      <Button look="bare" onClick={onHelp} title={t("top.help")} className="max-sm:hidden">
        <CircleHelp size={18} aria-hidden="true" />
        <span className="sr-only">{t("top.help")}</span>
      </Button>
      <Button look="bare" lang={other} title={t("top.languageLabel")} onClick={() => setLanguage(other)}>
        {t("top.language")}
      </Button>
      <Button look="bare" title={t(word)} onClick={() => setTheme(next)}>
        <ThemeIcon size={18} aria-hidden="true" />
        <span className="sr-only">{t(word)}</span>
      </Button>
      <details className="relative" onBlur={closeBehind} onKeyDown={closeByEscape}>
        <summary className="max-w-[24ch] list-none truncate rounded px-2 py-1 hover:bg-sunk max-sm:max-w-[12ch]">
          <span className="sr-only">{t("me.label")} </span>
          <bdi>{me?.fullName ?? (session.state.is === "in" && session.state.name)}</bdi>
        </summary>
        <div className="absolute right-0 z-20 mt-1 w-max max-w-[80vw] rounded border border-line bg-raised p-2 shadow-lg">
          {me?.email && <p className="truncate px-2 py-1 text-13 text-soft">{me.email}</p>}
          <Button look="bare" onClick={() => void session.signOut()}>
            {t("me.signOut")}
          </Button>
        </div>
      </details>
    </header>
  );
}
