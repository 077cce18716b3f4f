import { useEffect } from "react";
import { useMessages } from "@/messages/react.tsx";
import { Button } from "@/ui/Button.tsx";
import { Page } from "@/ui/Page.tsx";

/** A page that could not be loaded, or fell over: what is around it stays; with the network it is tried again. */
export function RouteProblem() {
  const { t } = useMessages();
  useEffect(() => {
    const again = () => location.reload();
    addEventListener("online", again);
    return () => removeEventListener("online", again);
  }, []);
  return (
    <Page title={t("route.title")} lead={t("route.text")}>
      <Button className="mt-4" onClick={() => location.reload()}>
        {t("error.retry")}
      </Button>
    </Page>
  );
}
