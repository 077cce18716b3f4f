import { useMessages } from "@/messages/react.tsx";
import { lookOf } from "@/ui/kinds.ts";
import type { Mention } from "./mention.ts";
import type { Offer } from "./offers.ts";

interface Props {
  id: string;
  mention: Mention;
  offers: Offer[];
  pending: boolean;
  chosen: Offer | undefined;
  onTake: (offer: Offer) => void;
}

/** The names that are offered below the field, which keeps the focus. */
export function Offers({ id, mention, offers, pending, chosen, onTake }: Props) {
  const { t } = useMessages();
  const none = offers.length === 0 && !pending && mention.text.trim() !== "";
  return (
    <div className="absolute inset-x-0 z-20 mt-1 rounded border border-line bg-raised shadow-lg">
      <div id={`${id}-offers`} role="listbox" aria-label={t("recognise.suggestions")} className="p-1 empty:hidden">
        {offers.map((offer, place) => {
          const { icon: Icon, hue } = lookOf(offer.kind);
          const fresh = offer.kind === "Person" ? t("recognise.newPerson") : t("recognise.newProject");
          return (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the field has the focus, and its keys
            <div
              key={offer.id ?? `new ${offer.name}`}
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
      <p role="status" className={none ? "px-4 py-2 text-13 text-soft" : "sr-only"}>
        {none && t(mention.kind === "Person" ? "recognise.nobody" : "recognise.nothing")}
      </p>
    </div>
  );
}
