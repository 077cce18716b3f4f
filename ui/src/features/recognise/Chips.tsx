import { X } from "lucide-react";
import type { Chip } from "@/data/recognising.ts";
import { useMessages } from "@/messages/react.tsx";
import { lookOf } from "@/ui/kinds.ts";

interface Props {
  chips: readonly Chip[];
  onRemove: (chip: Chip) => void;
}

/** Who and what a recognition names. */
export function Chips({ chips, onRemove }: Props) {
  const { t } = useMessages();
  if (chips.length === 0) return null;
  return (
    <ul aria-label={t("recognise.named")} className="mt-3 flex flex-wrap gap-2">
      {chips.map((chip) => {
        const { icon: Icon, hue } = lookOf(chip.kind);
        return (
          <li
            key={`${chip.kind} ${chip.id ?? chip.name}`}
            className="flex max-w-full items-center gap-2 rounded border border-line bg-raised py-1 pr-1 pl-2"
          >
            <Icon size={16} className="shrink-0" style={{ color: hue }} aria-hidden="true" />
            <span dir="auto" className="truncate">
              {chip.name}
            </span>
            <button type="button" onClick={() => onRemove(chip)} className="rounded p-1 text-soft hover:text-ink">
              <X size={14} aria-hidden="true" />
              <span className="sr-only">{t("recognise.remove", { name: chip.name })}</span>
            </button>
          </li>
        );
      })}
    </ul>
  );
}
