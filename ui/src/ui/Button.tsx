import type { ButtonHTMLAttributes } from "react";

const LOOKS = {
  main: "bg-accent text-on-accent px-4 py-2 font-medium hover:brightness-110",
  quiet: "border border-line px-3 py-1 hover:bg-sunk",
  bare: "px-2 py-1 text-soft hover:text-ink hover:bg-sunk",
} as const;

interface Props extends ButtonHTMLAttributes<HTMLButtonElement> {
  look?: keyof typeof LOOKS;
}

export function Button({ look = "quiet", className = "", ...rest }: Props) {
  return (
    <button
      type="button"
      className={`inline-flex min-h-8 items-center gap-2 rounded disabled:opacity-50 aria-disabled:opacity-50 ${LOOKS[look]} ${className}`}
      {...rest}
    />
  );
}
