import { type TextareaHTMLAttributes, useId } from "react";
import { excessOf } from "@/data/lengths.ts";
import { TooLong } from "./TooLong.tsx";

interface Props extends Omit<TextareaHTMLAttributes<HTMLTextAreaElement>, "maxLength" | "value"> {
  label: string;
  help?: string;
  value?: string;
  /** Letters that fit; more are kept, and told. */
  most?: number;
}

/** A labelled field that grows with what is typed. */
export function Field({ label, help, most, className = "", ...rest }: Props) {
  const id = useId();
  return (
    <div className={className}>
      <label htmlFor={id} className="block font-medium">
        {label}
      </label>
      {help && (
        <p id={`${id}-help`} className="text-13 text-soft">
          {help}
        </p>
      )}
      <textarea
        id={id}
        dir="auto"
        rows={2}
        aria-describedby={help ? `${id}-help ${id}-long` : `${id}-long`}
        aria-invalid={excessOf(rest.value ?? "", most) > 0 || undefined}
        className="mt-1 field-sizing-content max-h-[50vh] min-h-16 w-full rounded border border-line bg-raised px-3 py-2 placeholder:text-soft"
        {...rest}
      />
      <TooLong id={`${id}-long`} text={rest.value ?? ""} most={most} />
    </div>
  );
}
