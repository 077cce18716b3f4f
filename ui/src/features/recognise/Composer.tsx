import { type KeyboardEvent, useId, useRef, useState } from "react";
import type { MeDTO } from "trm-os-client";
import { type Chip, type Words, withChip } from "@/data/recognising.ts";
import { useMessages } from "@/messages/react.tsx";
import { type Mention, mentionAt, replaced } from "./mention.ts";
import { Offers } from "./Offers.tsx";
import { type Offer, useOffers } from "./offers.ts";

interface Props {
  words: Words;
  me: MeDTO;
  onChange: (words: Words) => void;
}

/** One large field; after a sign, names are offered as one types. */
export function Composer({ words, me, onChange }: Props) {
  const { t } = useMessages();
  const field = useRef<HTMLTextAreaElement>(null);
  const id = useId();
  const [mention, setMention] = useState<Mention | null>(null);
  const [place, setPlace] = useState(0);
  const { offers, pending } = useOffers(mention, me);
  const chosen = offers[Math.min(place, offers.length - 1)];
  const open = mention !== null && (mention.text.trim() !== "" || mention.kind === "Person");

  function look() {
    const one = field.current;
    setMention(one && one.selectionStart === one.selectionEnd ? mentionAt(one.value, one.selectionStart) : null);
    setPlace(0);
  }

  function take(offer: Offer) {
    if (!mention) return;
    const { insert, ...chip } = offer;
    const next = replaced(words.content, mention, insert);
    onChange({ ...words, content: next.text, chips: withChip(words.chips, chip as Chip) });
    setMention(null);
    requestAnimationFrame(() => {
      field.current?.focus();
      field.current?.setSelectionRange(next.caret, next.caret);
    });
  }

  function onKeyDown(event: KeyboardEvent) {
    if (!open || event.nativeEvent.isComposing || event.ctrlKey || event.metaKey) return;
    if (event.key === "Escape") {
      event.stopPropagation();
      setMention(null);
    } else if (event.key === "ArrowDown" && offers.length) setPlace((place + 1) % offers.length);
    else if (event.key === "ArrowUp" && offers.length) setPlace((place + offers.length - 1) % offers.length);
    else if ((event.key === "Enter" || event.key === "Tab") && chosen) take(chosen);
    else return;
    event.preventDefault();
  }

  return (
    <div className="relative">
      <label htmlFor={id} className="block font-medium">
        {t("recognise.content")}
      </label>
      <p id={`${id}-signs`} className="text-13 text-soft">
        {t("recognise.signs")}
      </p>
      <textarea
        ref={field}
        id={id}
        dir="auto"
        rows={4}
        aria-autocomplete="list"
        aria-haspopup="listbox"
        aria-controls={open ? `${id}-offers` : undefined}
        aria-activedescendant={open && chosen ? `${id}-${offers.indexOf(chosen)}` : undefined}
        aria-describedby={`${id}-signs`}
        placeholder={t("recognise.example")}
        value={words.content}
        maxLength={10_000}
        onChange={(event) => {
          onChange({ ...words, content: event.target.value });
          look();
        }}
        onSelect={look}
        onBlur={() => setMention(null)}
        onKeyDown={onKeyDown}
        className="mt-1 field-sizing-content max-h-[50vh] min-h-32 w-full rounded border border-line bg-raised px-4 py-3 text-18 placeholder:text-soft"
      />
      {open && <Offers id={id} mention={mention} offers={offers} pending={pending} chosen={chosen} onTake={take} />}
    </div>
  );
}
