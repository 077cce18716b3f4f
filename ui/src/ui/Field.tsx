import { type TextareaHTMLAttributes, useId } from "react";

interface Props extends TextareaHTMLAttributes<HTMLTextAreaElement> {
  label: string;
  help?: string;
}

/** A labelled field that grows with what is typed. */
export function Field({ label, help, className = "", ...rest }: Props) {
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
        aria-describedby={help ? `${id}-help` : undefined}
        className="mt-1 field-sizing-content max-h-[50vh] min-h-16 w-full rounded border border-line bg-raised px-3 py-2 placeholder:text-soft"
        {...rest}
      />
    </div>
  );
}
