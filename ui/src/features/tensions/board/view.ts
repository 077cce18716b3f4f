import type { ReactNode } from "react";
import type { MeDTO, TensionDTO } from "trm-os-client";
import type { TensionFilters } from "@/data/tensions.ts";

/** What board and list are given. */
export interface ViewProps {
  me: MeDTO;
  filters: TensionFilters;
  /** Opens the menu of states; absent for who may not write. */
  onMove: ((tension: TensionDTO) => void) | undefined;
  /** Tells an outcome. */
  say: (outcome: string) => void;
  /** Shown where there is nothing at all. */
  empty: ReactNode;
}
