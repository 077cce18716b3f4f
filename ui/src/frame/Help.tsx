import type { Part } from "@/data/scopes.ts";
import { useMessages } from "@/messages/react.tsx";
import { Button } from "@/ui/Button.tsx";
import { Dialog } from "@/ui/Dialog.tsx";
import type { PageKey } from "./pageKeys.ts";

interface Props {
  may: (part: Part) => boolean;
  page: PageKey[];
  onClose: () => void;
}

export function Help({ may, page, onClose }: Props) {
  const { t } = useMessages();
  const [or, then] = [t("help.or"), t("help.then")];
  const rows = [
    [`⌘K, Ctrl K ${or} /`, t("help.palette")],
    [`g ${then} h`, t("help.home")],
    ...(may("tensions") ? [[`g ${then} t`, t("help.tensions")]] : []),
    ...(may("recognise") ? [["c", t("recognise.title")]] : []),
    ...(may("report") ? [["t", t("report.title")]] : []),
    ...(may("tensions") ? [["← ↑ ↓ →, j k", t("help.cards")]] : []),
    ...(may("report") ? [["m", t("help.move")]] : []),
    ...(may("decisions") ? [[`g ${then} d`, t("help.decisions")]] : []),
    ...page.map(({ keys, shown, title }) => [shown ?? keys, title]),
    ["?", t("help.help")],
    ["Esc", t("help.back")],
  ];
  return (
    <Dialog label={t("help.title")} onClose={onClose}>
      <h2 className="text-18 font-semibold">{t("help.title")}</h2>
      <dl className="my-3">
        {rows.map(([keys, meaning]) => (
          <div key={keys} className="flex justify-between gap-4 py-1">
            <dt>
              <kbd>{keys}</kbd>
            </dt>
            <dd className="text-soft">{meaning}</dd>
          </div>
        ))}
      </dl>
      <Button onClick={onClose}>{t("help.close")}</Button>
    </Dialog>
  );
}
