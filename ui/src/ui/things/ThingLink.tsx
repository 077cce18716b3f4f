import { Link } from "@tanstack/react-router";
import { placeOf } from "@/data/places.ts";
import { useMessages } from "@/messages/react.tsx";
import { lookOf } from "@/ui/kinds.ts";
import { kindWord } from "./words.ts";

interface Props {
  thing: { label: string; id: string; name?: string | null | undefined };
  /** Says its kind by an icon, too. */
  icon?: boolean;
  className?: string;
}

/** A thing by its name, which leads to its page. */
export function ThingLink({ thing, icon = false, className = "" }: Props) {
  const { t } = useMessages();
  const { icon: Icon, hue } = lookOf(thing.label);
  const kind = kindWord(thing.label);
  const word = kind ? t(kind) : thing.label;
  return (
    <Link
      {...placeOf(thing)}
      className={`inline-flex min-w-0 max-w-full items-start gap-1.5 hover:underline ${className}`}
    >
      {icon && (
        <>
          <Icon size={16} className="mt-1 shrink-0" style={{ color: hue }} aria-hidden="true" />
          {thing.name && <span className="sr-only">{word}: </span>}
        </>
      )}
      <bdi className="min-w-0 break-words">{thing.name ?? word}</bdi>
    </Link>
  );
}
