import { type KeyboardEvent, useEffect, useEffectEvent, useId, useLayoutEffect, useRef, useState } from "react";
import type { MeDTO } from "trm-os-client";
import { excessOf } from "@/data/lengths.ts";
import { type Chip, type Words, withChip, withContent } from "@/data/recognising.ts";
import type { MessageKey } from "@/messages/catalogue.ts";
import { useMessages } from "@/messages/react.tsx";
import { TooLong } from "@/ui/TooLong.tsx";
import { type Mention, mentionAt, replaced } from "./mention.ts";
import { Offers } from "./Offers.tsx";
import { besides, firstOf, keyOf, type Offer, useOffers } from "./offers.ts";

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
  const [pointed, point] = useState<string | null>(null);
  const [awaited, setAwaited] = useState(false); // Enter came before what it takes
  const caret = useRef<number | null>(null);
  const closed = useRef<number | null>(null);
  const left = useRef<Chip[]>([]);
  const { offers, pending, failed } = useOffers(mention, me);
  const chosen = offers.find((offer) => keyOf(offer) === pointed) ?? firstOf(offers);
  const open = mention !== null && (mention.text.trim() !== "" || mention.kind === "Person");

  useLayoutEffect(() => {
    if (caret.current === null) return;
    field.current?.focus();
    field.current?.setSelectionRange(caret.current, caret.current);
    caret.current = null;
  });
  const takeAwaited = useEffectEvent(() => {
    setAwaited(false);
    if (chosen) take(chosen);
  });
  useEffect(() => {
    if (awaited && !pending) takeAwaited();
  }, [awaited, pending]);

  function look() {
    const one = field.current;
    const found = one && one.selectionStart === one.selectionEnd ? mentionAt(one.value, one.selectionStart) : null;
    if (found?.from !== closed.current) closed.current = null;
    setMention(closed.current === null ? found : null);
    if (found?.text === mention?.text && found?.from === mention?.from) return;
    point(null);
    setAwaited(false);
  }

  function take(offer: Offer) {
    if (!mention) return;
    const { insert, instead, ...chip } = offer;
    const next = replaced(words.content, mention, insert, instead);
    onChange({ ...words, content: next.text, chips: withChip(words.chips, chip as Chip) });
    setMention(null);
    point(null);
    caret.current = next.caret;
  }

  function onKeyDown(event: KeyboardEvent) {
    if (!open || event.nativeEvent.isComposing || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const step = ({ ArrowDown: 1, ArrowUp: -1 } as const)[event.key];
    if (event.key === "Escape") {
      event.stopPropagation();
      closed.current = mention.from;
      setMention(null);
    } else if (step && offers.length > 0) {
      const next = besides(offers, chosen, step);
      point(next ? keyOf(next) : null);
    } else if ((event.key === "Enter" || event.key === "Tab") && chosen) take(chosen);
    else if (event.key === "Enter" && pending && mention.kind !== "Project") setAwaited(true);
    else return;
    event.preventDefault();
  }

  const said = mention && offers.length === 0 && !pending ? wordOf(mention, failed) : null;
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
        aria-describedby={`${id}-signs ${id}-long`}
        placeholder={t("recognise.example")}
        value={words.content}
        aria-invalid={excessOf(words.content) > 0 || undefined}
        onChange={(event) => {
          const next = withContent(words, event.target.value, left.current);
          left.current = next.left;
          onChange(next.words);
          look();
        }}
        onSelect={look}
        onBlur={() => setMention(null)}
        onKeyDown={onKeyDown}
        className="mt-1 field-sizing-content max-h-[50vh] min-h-32 w-full rounded border border-line bg-raised px-4 py-3 text-18 placeholder:text-soft"
      />
      <TooLong id={`${id}-long`} text={words.content} />
      {open && <Offers id={id} offers={offers} said={said} chosen={chosen} onTake={take} />}
    </div>
  );
}

/** What is said where nothing is offered: a word alone may be a name, a sentence is none. */
function wordOf({ kind, text }: Mention, failed: boolean): MessageKey | null {
  if (text.trim() === "" || /\s/.test(text)) return null;
  if (failed) return "recognise.unasked";
  return kind === "Person" ? "recognise.nobody" : "recognise.nothing";
}
