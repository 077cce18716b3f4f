import { useNavigate } from "@tanstack/react-router";
import { useServices } from "@/data/api.ts";
import type { Part } from "@/data/scopes.ts";
import { useMessages } from "@/messages/react.tsx";
import { setTheme } from "@/ui/theme.ts";
import type { PageKey } from "./pageKeys.ts";

export interface Command {
  id: string;
  title: string;
  keys?: string;
  run: () => void;
}

/** Everything that one may do from anywhere, with its keys. */
export function useCommands(may: (part: Part) => boolean, showHelp: () => void): Command[] {
  const { t, language, setLanguage } = useMessages();
  const { session } = useServices();
  const navigate = useNavigate();
  return [
    { id: "home", title: t("palette.goHome"), keys: "g h", run: () => void navigate({ to: "/" }) },
    ...(may("tensions")
      ? [{ id: "tensions", title: t("palette.goTensions"), keys: "g t", run: () => void navigate({ to: "/tensions" }) }]
      : []),
    ...(may("recognise")
      ? [{ id: "recognise", title: t("recognise.title"), keys: "c", run: () => void navigate({ to: "/recognise" }) }]
      : []),
    ...(may("report")
      ? [{ id: "report", title: t("report.title"), keys: "t", run: () => void navigate({ to: "/tensions/new" }) }]
      : []),
    ...(may("decisions")
      ? [
          {
            id: "decisions",
            title: t("palette.goDecisions"),
            keys: "g d",
            run: () => void navigate({ to: "/decisions" }),
          },
        ]
      : []),
    { id: "language", title: t("top.languageLabel"), run: () => setLanguage(language === "en" ? "vi" : "en") },
    { id: "system", title: t("palette.themeSystem"), run: () => setTheme("system") },
    { id: "light", title: t("palette.themeLight"), run: () => setTheme("light") },
    { id: "dark", title: t("palette.themeDark"), run: () => setTheme("dark") },
    { id: "help", title: t("palette.help"), keys: "?", run: showHelp },
    { id: "out", title: t("me.signOut"), run: () => void session.signOut() },
  ];
}

/** What the shown page can do; it is done once the palette is gone, as it may move the focus. */
export function ofPage(keys: readonly PageKey[]): Command[] {
  return keys.flatMap(({ keys, shown, title, run }) =>
    run ? [{ id: `page-${keys}`, title, keys: shown ?? keys, run: () => void requestAnimationFrame(run) }] : [],
  );
}
