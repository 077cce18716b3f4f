import type { ReactNode } from "react";
import type { MeDTO, TensionDTO, TensionStatus } from "trm-os-client";
import type { TensionFilters } from "@/data/tensions.ts";

/** What board and list are given. */
export interface ViewProps {
  me: MeDTO;
  filters: TensionFilters;
  /** Opens the menu of states, with one of them chosen if it is known; absent for who may not write. */
  onMove: ((tension: TensionDTO, to?: TensionStatus) => void) | undefined;
  /** Tells an outcome. */
  say: (outcome: string) => void;
  /** Shown where there is nothing at all. */
  empty: ReactNode;
}
