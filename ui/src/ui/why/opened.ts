import { useNavigate, useRouter } from "@tanstack/react-router";
import { useCallback } from "react";
import { usePageKeys } from "@/frame/pageKeys.ts";
import { useMessages } from "@/messages/react.tsx";

declare module "@tanstack/react-router" {
  interface HistoryState {
    /** How many steps back the page is without the drawer; absent where the drawer came with the address. */
    whyDepth?: number;
  }
}

interface Depth {
  whyDepth?: number;
}

/** The state of the address one question further. */
export function deeper<S extends Depth>(before: S): S {
  return { ...before, whyDepth: (before.whyDepth ?? 0) + 1 };
}

interface Search {
  why?: string | undefined;
}

/** The address with a question beside it, or with none. */
export function asking(why: string | undefined) {
  return <S extends Search>(before: S): S => ({ ...before, why });
}

/** Closes the drawer: as many steps back as led into it, else the same address without it. */
export function useCloseWhy(): () => void {
  const router = useRouter();
  const navigate = useNavigate();
  return useCallback(() => {
    const depth = router.state.location.state.whyDepth ?? 0;
    if (depth > 0) router.history.go(-depth);
    else
      void navigate({
        to: ".",
        search: asking(undefined),
        replace: true,
        resetScroll: false,
      });
  }, [router, navigate]);
}

/** Asks why of the thing that a page shows, by the key `w`. */
export function useWhyKey(of: string): void {
  const { t } = useMessages();
  const navigate = useNavigate();
  const run = () => void navigate({ to: ".", search: asking(of), state: deeper, resetScroll: false });
  usePageKeys([{ keys: "w", title: t("why.key"), run }]);
}
