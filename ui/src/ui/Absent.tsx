import { useMessages } from "@/messages/react.tsx";

/** Said where the gateway has nothing to show, be it that there is none or that it is not for the reader. */
export function Absent() {
  const { t } = useMessages();
  return <p className="mt-3 max-w-[72ch] text-soft">{t("things.gone")}</p>;
}
