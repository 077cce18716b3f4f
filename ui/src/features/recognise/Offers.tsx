import type { MessageKey } from "@/messages/catalogue.ts";
import { useMessages } from "@/messages/react.tsx";
import { lookOf } from "@/ui/kinds.ts";
import { keyOf, type Offer } from "./offers.ts";

interface Props {
  id: string;
  offers: Offer[];
  /** Said where nothing is offered. */
  said: MessageKey | null;
  chosen: Offer | undefined;
  onTake: (offer: Offer) => void;
}

/** The names that are offered below the field, which keeps the focus. */
export function Offers({ id, offers, said, chosen, onTake }: Props) {
  const { t } = useMessages();
  const shown = offers.length > 0 || said !== null;
  return (
    <div className={shown ? "absolute inset-x-0 z-20 mt-1 rounded border border-line bg-raised shadow-lg" : ""}>
      <div id={`${id}-offers`} role="listbox" aria-label={t("recognise.suggestions")} className="p-1 empty:hidden">
        {offers.map((offer, place) => {
          const { icon: Icon, hue } = lookOf(offer.kind);
          const fresh = offer.kind === "Person" ? t("recognise.byAddress") : t("recognise.newProject");
          return (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the field has the focus, and its keys
            <div
              key={keyOf(offer)}
              id={`${id}-${place}`}
              role="option"
              tabIndex={-1}
              aria-selected={offer === chosen}
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => onTake(offer)}
              className="flex cursor-pointer items-center gap-3 rounded px-3 py-2 hover:bg-sunk aria-selected:bg-sunk"
            >
              <Icon size={18} className="shrink-0" style={{ color: hue }} aria-hidden="true" />
              <span dir="auto" className="min-w-0 truncate">
                {offer.name}
              </span>
              <span className="ml-auto max-w-[50%] shrink-0 truncate text-13 text-soft">
                {offer.id ? (offer.kind === "Person" ? offer.detail : null) : fresh}
              </span>
            </div>
          );
        })}
      </div>
      <p role="status" className={said ? "px-4 py-2 text-13 text-soft" : "sr-only"}>
        {said && t(said)}
      </p>
    </div>
  );
}
