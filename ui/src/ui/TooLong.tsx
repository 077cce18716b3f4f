import { excessOf } from "@/data/lengths.ts";
import { useMessages } from "@/messages/react.tsx";

/** Says by how much a text is too long; what was typed or pasted stays whole. */
export function TooLong({ id, text, most }: { id?: string; text: string; most?: number | undefined }) {
  const { t } = useMessages();
  const count = excessOf(text, most);
  return (
    <p id={id} role="status" className={count > 0 ? "text-13 font-medium" : "sr-only"}>
      {count > 0 && t("write.tooLong", { count })}
    </p>
  );
}
