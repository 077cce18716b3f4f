import type { Asked } from "@/data/why.ts";
import { useMessages } from "@/messages/react.tsx";
import { Drawer } from "./Drawer.tsx";
import { useCloseWhy } from "./opened.ts";
import { WhyRelation } from "./WhyRelation.tsx";
import { WhyThing } from "./WhyThing.tsx";

/** Answers beside the page why a thing or a relation is so. */
export function WhyDrawer({ asked }: { asked: Asked }) {
  const { t } = useMessages();
  const close = useCloseWhy();
  const of = Object.values(asked).join("/");
  return (
    <Drawer title={t("why.title")} of={of} onClose={close}>
      {"type" in asked ? <WhyRelation key={of} asked={asked} /> : <WhyThing key={of} id={asked.id} />}
    </Drawer>
  );
}
