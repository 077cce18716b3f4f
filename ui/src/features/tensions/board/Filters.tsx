import { useNavigate } from "@tanstack/react-router";
import { useEffect, useId, useRef, useState } from "react";
import { useMessages } from "@/messages/react.tsx";
import { Button } from "@/ui/Button.tsx";
import { Select } from "@/ui/Select.tsx";
import { KIND_WORDS, KINDS, SEVERITIES, SEVERITY_WORDS } from "@/ui/tensions/words.ts";
import { searchOf, type TensionSearch } from "./search.ts";

const PATIENCE = 300;

/** What is shown and how; all of it stands in the address. */
export function Filters({ search }: { search: TensionSearch }) {
  const { t } = useMessages();
  const navigate = useNavigate({ from: "/tensions" });

  function set(change: Record<string, unknown>) {
    void navigate({
      to: "/tensions",
      search: (before: TensionSearch) => searchOf({ ...before, ...change }),
      replace: true,
      resetScroll: false,
    });
  }

  return (
    <div className="mt-4 flex flex-wrap items-end gap-4">
      <fieldset className="flex gap-1">
        <legend className="sr-only">{t("tensions.view")}</legend>
        {(["board", "list"] as const).map((view) => (
          <Button
            key={view}
            aria-pressed={(search.view ?? "board") === view}
            className="aria-pressed:bg-sunk aria-pressed:font-medium"
            onClick={() => set({ view })}
          >
            {view === "board" ? t("tensions.board") : t("tensions.list")}
          </Button>
        ))}
      </fieldset>
      <Text text={search.text ?? ""} onChange={(text) => set({ text })} />
      <Select
        label={t("tension.severity")}
        value={String(search.severity ?? "")}
        options={[["", t("tensions.any")], ...SEVERITIES.map((one) => [String(one), t(SEVERITY_WORDS[one])] as const)]}
        onChange={(severity) => set({ severity })}
      />
      <Select
        label={t("tensions.kind")}
        value={search.kind ?? ""}
        options={[["", t("tensions.any")], ...KINDS.map((kind) => [kind, t(KIND_WORDS[kind])] as const)]}
        onChange={(kind) => set({ kind })}
      />
      <Select
        label={t("tensions.whose")}
        value={search.mine ?? ""}
        options={[
          ["", t("tensions.anybody")],
          ["owned", t("tensions.owned")],
          ["felt", t("tensions.felt")],
          ["supported", t("tensions.supported")],
        ]}
        onChange={(mine) => set({ mine })}
      />
    </div>
  );
}

/** A field for words; asked for once somebody stops typing. */
function Text({ text, onChange }: { text: string; onChange: (text: string) => void }) {
  const { t } = useMessages();
  const id = useId();
  const field = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState(text);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only typing begins the wait
  useEffect(() => {
    if (typed.trim() === text.trim()) return;
    const timer = setTimeout(() => onChange(typed), PATIENCE);
    return () => clearTimeout(timer);
  }, [typed]);
  useEffect(() => {
    if (document.activeElement !== field.current) setTyped(text);
  }, [text]);
  return (
    <div className="flex flex-col">
      <label htmlFor={id} className="font-medium">
        {t("tensions.text")}
      </label>
      <input
        ref={field}
        id={id}
        type="search"
        dir="auto"
        value={typed}
        maxLength={200}
        onChange={(event) => setTyped(event.target.value)}
        className="mt-1 min-h-9 w-56 max-w-full rounded border border-line bg-raised px-3"
      />
    </div>
  );
}
