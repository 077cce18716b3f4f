import type { MessageKey } from "@/messages/catalogue.ts";
import { useMessages } from "@/messages/react.tsx";

interface Look {
  shape: string;
  hue: string;
  word: MessageKey;
}

/** Of 1 to 4: shape, colour and word, so never by colour alone. */
const LOOKS: Record<number, Look> = {
  1: { shape: "○", hue: "var(--severity-1)", word: "severity.1" },
  2: { shape: "◔", hue: "var(--severity-2)", word: "severity.2" },
  3: { shape: "◑", hue: "var(--severity-3)", word: "severity.3" },
  4: { shape: "●", hue: "var(--severity-4)", word: "severity.4" },
};

interface Props {
  value: unknown;
  /** The shape alone; its word is read aloud. */
  small?: boolean;
}

export function Severity({ value, small = false }: Props) {
  const { t } = useMessages();
  const look = typeof value === "number" ? LOOKS[value] : undefined;
  if (!look) return null;
  return (
    <span className="whitespace-nowrap" style={{ color: look.hue }}>
      <span aria-hidden="true">{look.shape}</span>
      <span className={small ? "sr-only" : ""}> {t(look.word)}</span>
    </span>
  );
}
