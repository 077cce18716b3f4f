import { X } from "lucide-react";
import { type ReactNode, useEffect, useLayoutEffect, useRef } from "react";
import { useMessages } from "@/messages/react.tsx";
import { Button } from "@/ui/Button.tsx";

const SIDE =
  "my-0 mr-0 ml-auto h-dvh max-h-dvh w-[min(34rem,100vw)] max-w-none animate-arrive overflow-y-auto " +
  "overscroll-contain border-l border-line bg-raised p-0 text-ink shadow-xl backdrop:bg-black/40";
const SHEET = "max-sm:mt-auto max-sm:h-[88dvh] max-sm:w-full max-sm:rounded-t max-sm:border-t max-sm:border-l-0";
const HEAD = "sticky top-0 z-10 flex items-center justify-between gap-4 border-b border-line bg-raised px-5 py-3";

interface Props {
  title: string;
  /** What is shown: where it becomes another, one reads on at the top. */
  of: string;
  onClose: () => void;
  children: ReactNode;
}

/** A modal drawer at the right, on a phone a sheet: the browser keeps the focus inside and gives it back. */
export function Drawer({ title, of, onClose, children }: Props) {
  const { t } = useMessages();
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  // Before it leaves the document, or the focus would be lost.
  useLayoutEffect(() => {
    const one = dialog.current;
    one?.showModal();
    return () => one?.close();
  }, []);
  useEffect(() => {
    if (!of) return;
    dialog.current?.scrollTo(0, 0);
    heading.current?.focus();
  }, [of]);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the browser closes it with Esc; a click beside it is a shortcut
    <dialog
      ref={dialog}
      aria-label={title}
      onClose={() => dialog.current && !dialog.current.open && onClose()}
      onClick={(event) => event.target === event.currentTarget && dialog.current?.close()}
      className={`${SIDE} ${SHEET}`}
    >
      <div className="min-h-full">
        <div className={HEAD}>
          <h2 ref={heading} tabIndex={-1} className="text-18 font-semibold outline-none">
            {title}
          </h2>
          <Button look="bare" onClick={() => dialog.current?.close()}>
            <X size={18} aria-hidden="true" />
            {t("why.close")} <kbd className="text-13 max-sm:hidden">Esc</kbd>
          </Button>
        </div>
        <div className="px-5 pt-3 pb-16">{children}</div>
      </div>
    </dialog>
  );
}
