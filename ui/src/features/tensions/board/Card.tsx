import { Ellipsis } from "lucide-react";
import { type KeyboardEvent, memo } from "react";
import type { TensionDTO } from "trm-os-client";
import { FOLLOWING } from "@/data/lifecycle.ts";
import { useMessages } from "@/messages/react.tsx";
import { RowLink } from "@/ui/RowLink.tsx";
import { Severity } from "@/ui/Severity.tsx";
import { STATUS_WORDS } from "@/ui/tensions/words.ts";
import { When } from "@/ui/When.tsx";

interface Props {
  tension: TensionDTO;
  /** Opens the menu of states; absent where the reader does not move it. */
  onMove: ((tension: TensionDTO) => void) | undefined;
  /** Told when the mouse takes it, and lets it go. */
  onDrag?: ((tension: TensionDTO | null) => void) | undefined;
  /** Says its state too, where no column does. */
  withStatus?: boolean;
}

/** Three lines: what, who, and how severe since when. `m` opens the menu. */
export const Card = memo(function Card({ tension, onMove, onDrag, withStatus = false }: Props) {
  const { t } = useMessages();
  const people = [tension.detector, tension.owner].filter((one) => one != null);
  const names = [...new Map(people.map((one) => [one.id, one.fullName]))];
  const moves = onMove !== undefined && FOLLOWING[tension.status].length > 0;

  function onKeyDown(event: KeyboardEvent) {
    if (event.key !== "m" || event.ctrlKey || event.metaKey || event.altKey || !moves) return;
    event.preventDefault();
    onMove(tension);
  }

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: a key of the link within
    <div
      onKeyDown={onKeyDown}
      draggable={moves && onDrag !== undefined}
      onDragStart={(event) => {
        event.dataTransfer.effectAllowed = "move";
        event.dataTransfer.setData("text/plain", tension.title);
        onDrag?.(tension);
      }}
      onDragEnd={() => onDrag?.(null)}
      className="relative mb-2 rounded border border-line bg-raised px-3 py-2 hover:bg-sunk"
    >
      <RowLink
        to={`/tensions/${tension.id}`}
        id={`card-${tension.id}`}
        title={tension.title}
        draggable={false}
        aria-keyshortcuts={moves ? "m" : undefined}
        dir="auto"
        className="block truncate font-medium after:absolute after:inset-0"
      >
        {tension.title}
      </RowLink>
      <p className="truncate text-13 text-soft">
        {names.map(([id, name], place) => (
          <span key={id}>
            {place > 0 && " → "}
            <bdi>{name}</bdi>
          </span>
        ))}
      </p>
      <p className="flex h-6 items-center gap-x-3 text-13 text-soft">
        {withStatus && <span>{t(STATUS_WORDS[tension.status])}</span>}
        {tension.severity ? <Severity value={tension.severity} /> : <span>{t("tension.unrated")}</span>}
        <When at={tension.occurredAt} />
        {moves && (
          <button
            type="button"
            aria-haspopup="dialog"
            title={t("tensions.moveKey")}
            onClick={() => onMove(tension)}
            className="relative z-1 ml-auto rounded p-1 hover:bg-ground hover:text-ink"
          >
            <Ellipsis size={18} aria-hidden="true" />
            <span className="sr-only">{t("tensions.moveCard", { title: tension.title })}</span>
          </button>
        )}
      </p>
    </div>
  );
});
