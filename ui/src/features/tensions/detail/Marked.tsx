import type { Weight } from "trm-os-client";
import { partsOf } from "./marks.ts";

/** Texts with the words that weighed underlined: a line for, dots against; the lists beside say the same in words. */
export function Marked({ texts, words }: { texts: string[]; words: Weight[] }) {
  return (
    <div aria-hidden="true" className="my-2 border-l-2 border-line pl-3">
      {texts.map((text) => (
        <p key={text} dir="auto" className="whitespace-pre-wrap break-words">
          {partsOf(text, words).map((part) =>
            part.weight === null ? (
              part.text
            ) : (
              <span
                key={part.at}
                title={String(part.weight)}
                className={`underline decoration-accent underline-offset-4 ${part.weight > 0 ? "decoration-2" : "decoration-dotted"}`}
              >
                {part.text}
              </span>
            ),
          )}
        </p>
      ))}
    </div>
  );
}
