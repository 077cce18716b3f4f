import type { StationDTO } from "trm-os-client";
import { useMessages } from "@/messages/react.tsx";
import { Severity } from "@/ui/Severity.tsx";
import { ThingLink } from "@/ui/things/ThingLink.tsx";
import { stateWord } from "@/ui/things/words.ts";
import { hasMore, shapeOf } from "./marks.ts";

interface Props {
  id: string;
  station: StationDTO;
  here: string;
  atEnd: boolean;
  onGo: () => void;
}

/** What stands at a station, each leading to its page. */
export function StationList({ id, station, here, atEnd, onGo }: Props) {
  const { t } = useMessages();
  const { items, count } = station;
  const more = String(station.more);
  const side = atEnd ? "sm:right-0 sm:left-auto" : "sm:right-auto sm:left-0";
  return (
    <div id={id} className={`absolute inset-x-0 top-full z-20 pt-1 sm:w-80 ${side}`}>
      <div className="relative max-h-[50vh] overflow-y-auto rounded border border-line bg-raised p-2 font-normal shadow-lg">
        {items.length === 0 && <p className="px-2 py-1 text-soft">{t("chain.noneOf")}</p>}
        {/* biome-ignore lint/a11y/useKeyWithClickEvents: the links within have keys; their click comes by here */}
        <ul onClick={(event) => (event.target as HTMLElement).closest("a") && onGo()}>
          {items.map((item) => {
            const word = item.status ? stateWord(item.label, item.status) : null;
            return (
              <li key={item.id} aria-current={item.id === here ? "true" : undefined} className="px-2 py-1">
                {item.id === here ? (
                  <p className="line-clamp-3 break-words font-semibold">
                    <bdi>{item.name}</bdi>
                  </p>
                ) : (
                  <ThingLink thing={item} className="[&>bdi]:line-clamp-3" />
                )}
                <p className="flex flex-wrap gap-x-3 text-13 text-soft">
                  {item.status && (
                    <span>
                      <span aria-hidden="true">{shapeOf(item.status)}</span> {word ? t(word) : item.status}
                    </span>
                  )}
                  <Severity value={item.severity} />
                  {item.id === here && <span>{t("chain.here")}</span>}
                </p>
              </li>
            );
          })}
        </ul>
        {hasMore(station) && (
          <p className="px-2 py-1 text-13 text-soft">{t("chain.shown", { shown: items.length, count, more })}</p>
        )}
      </div>
    </div>
  );
}
