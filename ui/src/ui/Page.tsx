import { type ReactNode, useEffect } from "react";
import { useMessages } from "@/messages/react.tsx";

/** A page: its title, also in the browser's tab, and one column of content. */
export function Page({ title, lead, children }: { title: string; lead?: string; children: ReactNode }) {
  const { t } = useMessages();
  useEffect(() => {
    document.title = `${title} · ${t("app.name")}`;
  }, [title, t]);
  return (
    <div className="mx-auto w-full max-w-[80ch] px-4 py-6 sm:px-8">
      <h1 className="text-24 font-semibold tracking-tight">{title}</h1>
      {lead && <p className="mt-1 max-w-[72ch] text-soft">{lead}</p>}
      {children}
    </div>
  );
}
