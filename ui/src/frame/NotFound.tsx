import { Link } from "@tanstack/react-router";
import { useMessages } from "@/messages/react.tsx";
import { Page } from "@/ui/Page.tsx";

export function NotFound() {
  const { t } = useMessages();
  return (
    <Page title={t("notFound.title")} lead={t("notFound.text")}>
      <Link to="/" className="mt-4 inline-block text-accent underline">
        {t("notFound.home")}
      </Link>
    </Page>
  );
}
