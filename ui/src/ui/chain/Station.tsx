import { type FocusEvent, type KeyboardEvent, type PointerEvent, useId, useRef } from "react";
import type { StationDTO } from "trm-os-client";
import { useMessages } from "@/messages/react.tsx";
import { lookOf } from "@/ui/kinds.ts";
import { Mark } from "./Mark.tsx";
import { markedOf, stationWord } from "./marks.ts";
import { StationList } from "./StationList.tsx";

interface Props {
  station: StationDTO;
  /** Id of the thing whose chain it is. */
  here: string;
  /** No line leads on from it; a line at the end of a row leads to the next one. */
  last: boolean;
  /** Its list is kept from leaving the page at the right. */
  atEnd: boolean;
  open: boolean;
  onOpen: (open: boolean) => void;
}

/** A station of the chain; its list opens under the pointer, with the focus, or by a press, and Esc closes it. */
export function Station({ station, here, last, atEnd, open, onOpen }: Props) {
  const { t, language } = useMessages();
  const list = useId();
  const button = useRef<HTMLButtonElement>(null);
  const returning = useRef(false);
  const { icon: Icon, hue } = lookOf(station.label);
  const word = stationWord(station.label);
  const none = station.count === 0;
  const count = new Intl.NumberFormat(language).format(station.count);

  function byPointer(wanted: boolean) {
    return ({ pointerType, currentTarget }: PointerEvent) => {
      if (pointerType !== "mouse" || (!wanted && currentTarget.contains(document.activeElement))) return;
      onOpen(wanted);
    };
  }

  function onFocus() {
    if (!returning.current && button.current?.matches(":focus-visible")) onOpen(true);
    returning.current = false;
  }

  function onBlur({ currentTarget, relatedTarget }: FocusEvent) {
    if (relatedTarget && !currentTarget.contains(relatedTarget)) onOpen(false);
  }

  function onKeyDown(event: KeyboardEvent) {
    if (event.key !== "Escape" || !open) return;
    event.preventDefault();
    event.stopPropagation();
    onOpen(false);
    if (document.activeElement === button.current) return;
    returning.current = true;
    button.current?.focus();
  }

  return (
    <li
      onPointerEnter={byPointer(true)}
      onPointerLeave={byPointer(false)}
      onBlur={onBlur}
      onKeyDown={onKeyDown}
      className="flex items-center sm:relative"
    >
      <button
        ref={button}
        type="button"
        aria-expanded={open}
        aria-controls={open ? list : undefined}
        aria-current={station.here ? "step" : undefined}
        onFocus={onFocus}
        onClick={() => onOpen(true)}
        className={`inline-flex min-h-9 items-center gap-1.5 rounded px-2 hover:bg-sunk ${none ? "text-soft" : ""} ${
          station.here ? "font-semibold underline decoration-2 underline-offset-8" : ""
        }`}
        style={station.here ? { textDecorationColor: hue } : undefined}
      >
        <Icon size={16} aria-hidden="true" style={{ color: none ? "var(--soft)" : hue }} />
        {word ? t(word) : station.label}
        {none && <span className="sr-only">{t("chain.none")}</span>}
        {(station.count > 1 || station.more) && (
          <span className="numbers text-13 text-soft">{station.more ? `${count}+` : count}</span>
        )}
        {markedOf(station).map((item) => (
          <Mark key={item.id} item={item} />
        ))}
      </button>
      {!last && <span aria-hidden="true" className="h-px w-3 bg-line sm:w-5" />}
      {open && <StationList id={list} station={station} here={here} atEnd={atEnd} onGo={() => onOpen(false)} />}
    </li>
  );
}
