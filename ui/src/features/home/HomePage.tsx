import { useQuery } from "@tanstack/react-query";
import { useServices } from "@/data/api.ts";
import { meQuery } from "@/data/queries.ts";
import { offers } from "@/data/scopes.ts";
import { useMessages } from "@/messages/react.tsx";
import { Page } from "@/ui/Page.tsx";
import { Feed } from "./Feed.tsx";
import { Sent } from "./Sent.tsx";
import { Waiting } from "./Waiting.tsx";

/** What waits for me, and what happened since I was here. */
export function HomePage() {
  const { t } = useMessages();
  const { client } = useServices();
  const me = useQuery(meQuery(client)).data;
  if (!me) return null;
  return (
    <Page title={t("nav.home")}>
      <section aria-labelledby="waits" className="mt-6">
        <h2 id="waits" className="text-18 font-semibold">
          {t("home.waits")}
        </h2>
        <Waiting me={me} />
      </section>
      <section aria-labelledby="happened" className="mt-10">
        <h2 id="happened" className="text-18 font-semibold">
          {t("home.feed")}
        </h2>
        {offers(me.scopes, "feed") ? (
          <>
            {offers(me.scopes, "recognise") && <Sent reader={me.identityId} />}
            <Feed reader={me.identityId} />
          </>
        ) : (
          <p className="mt-2 text-soft">{t("home.feedRefused")}</p>
        )}
      </section>
    </Page>
  );
}
