import { type ReactNode, useEffect } from "react";
import { useMessages } from "@/messages/react.tsx";

interface Props {
  title: string;
  lead?: string;
  /** Lists beside what they lead to take the full width. */
  wide?: boolean;
  children: ReactNode;
}

/** A page: its title, also in the browser's tab, and one column of content. */
export function Page({ title, lead, wide = false, children }: Props) {
  const { t } = useMessages();
  useEffect(() => {
    document.title = `${title} · ${t("app.name")}`;
  }, [title, t]);
  return (
    <div className={`mx-auto w-full px-4 py-6 sm:px-8 ${wide ? "max-w-[140ch]" : "max-w-[80ch]"}`}>
      <h1 className="text-24 font-semibold tracking-tight">{title}</h1>
      {lead && <p className="mt-1 max-w-[72ch] text-soft">{lead}</p>}
      {children}
    </div>
  );
}
