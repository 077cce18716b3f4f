import { type KeyboardEvent, useState } from "react";
import { plain } from "@/data/plain.ts";
import { useMessages } from "@/messages/react.tsx";
import { Dialog } from "@/ui/Dialog.tsx";
import type { Command } from "./commands.ts";

interface Props {
  commands: Command[];
  onClose: () => void;
}

export function Palette({ commands, onClose }: Props) {
  const { t } = useMessages();
  const [text, setText] = useState("");
  const [place, setPlace] = useState(0);
  const found = commands.filter((command) => plain(command.title).includes(plain(text.trim())));
  const chosen = found[Math.min(place, found.length - 1)];

  function run(command: Command) {
    onClose();
    command.run();
  }

  function onKeyDown(event: KeyboardEvent) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && found.length > 0) setPlace((before) => (before + step + found.length) % found.length);
    else if (event.key === "Enter" && !event.nativeEvent.isComposing && chosen) run(chosen);
    else return;
    event.preventDefault();
  }

  return (
    <Dialog label={t("palette.title")} onClose={onClose}>
      <input
        role="combobox"
        aria-expanded="true"
        aria-controls="commands"
        aria-activedescendant={chosen && `command-${chosen.id}`}
        aria-label={t("palette.title")}
        placeholder={t("palette.placeholder")}
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setPlace(0);
        }}
        onKeyDown={onKeyDown}
        className="w-full rounded border border-line bg-ground px-3 py-2 text-18 placeholder:text-soft"
      />
      <div id="commands" role="listbox" aria-label={t("palette.title")} className="mt-2 max-h-[50vh] overflow-y-auto">
        {found.map((command) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field above has the focus, and its keys
          <div
            key={command.id}
            id={`command-${command.id}`}
            role="option"
            tabIndex={-1}
            aria-selected={command === chosen}
            onClick={() => run(command)}
            className="flex cursor-pointer justify-between gap-4 rounded px-3 py-2 hover:bg-sunk aria-selected:bg-sunk"
          >
            {command.title}
            {command.keys && <kbd className="text-13 text-soft">{command.keys}</kbd>}
          </div>
        ))}
      </div>
      {found.length === 0 && <p className="px-3 py-2 text-soft">{t("palette.none")}</p>}
    </Dialog>
  );
}
