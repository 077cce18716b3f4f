import { Chain } from "@/ui/chain/Chain.tsx";
import { useWhyKey } from "@/ui/why/opened.ts";
import { WhyLink } from "@/ui/why/WhyLink.tsx";

/** What stands under the title of anything: its chain, and why it is so, by the key `w` too. */
export function Standing({ id, name }: { id: string; name: string }) {
  useWhyKey(id);
  return (
    <div className="mt-2 flex flex-wrap items-center justify-between gap-x-4">
      <Chain id={id} />
      <WhyLink of={id} name={name} />
    </div>
  );
}
