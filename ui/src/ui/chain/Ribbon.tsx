import { useEffect, useRef, useState } from "react";
import type { ChainDTO } from "trm-os-client";
import { useMessages } from "@/messages/react.tsx";
import { Station } from "./Station.tsx";

/** One line: tension, project, WIN, recognitions, knowledge, with where one is; one list is open at a time. */
export function Ribbon({ chain }: { chain: ChainDTO }) {
  const { t } = useMessages();
  const [open, setOpen] = useState<string | null>(null);
  const nav = useRef<HTMLElement>(null);
  useEffect(() => {
    if (!open) return;
    const onPress = (event: PointerEvent) => {
      if (!nav.current?.contains(event.target as Node)) setOpen(null);
    };
    const onKey = (event: KeyboardEvent) => {
      if (event.key === "Escape") setOpen(null);
    };
    document.addEventListener("pointerdown", onPress);
    document.addEventListener("keydown", onKey);
    return () => {
      document.removeEventListener("pointerdown", onPress);
      document.removeEventListener("keydown", onKey);
    };
  }, [open]);
  return (
    <nav ref={nav} aria-label={t("chain.label")} className="relative min-w-0">
      <ol className="-ml-2 flex flex-wrap items-center">
        {chain.stations.map((station, place) => (
          <Station
            key={station.label}
            station={station}
            here={chain.here.id}
            last={place === chain.stations.length - 1}
            atEnd={place > chain.stations.length / 2}
            open={open === station.label}
            onOpen={(wanted) => setOpen((now) => (wanted ? station.label : now === station.label ? null : now))}
          />
        ))}
      </ol>
    </nav>
  );
}
