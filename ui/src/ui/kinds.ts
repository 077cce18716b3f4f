import {
  BookOpen,
  CircleDot,
  FolderKanban,
  HandHeart,
  type LucideIcon,
  MessageSquare,
  Scale,
  Sparkles,
  Trophy,
  UserRound,
  Zap,
} from "lucide-react";

interface Look {
  icon: LucideIcon;
  /** A CSS colour. */
  hue: string;
}

const KINDS: Record<string, Look> = {
  Tension: { icon: Zap, hue: "var(--kind-tension)" },
  Project: { icon: FolderKanban, hue: "var(--kind-project)" },
  Task: { icon: FolderKanban, hue: "var(--kind-project)" },
  WIN: { icon: Trophy, hue: "var(--kind-win)" },
  Recognition: { icon: HandHeart, hue: "var(--kind-recognition)" },
  KnowledgeSnippet: { icon: BookOpen, hue: "var(--kind-knowledge)" },
  Comment: { icon: MessageSquare, hue: "var(--soft)" },
  Decision: { icon: Scale, hue: "var(--soft)" },
  Delegation: { icon: Scale, hue: "var(--soft)" },
  Person: { icon: UserRound, hue: "var(--soft)" },
  Identity: { icon: UserRound, hue: "var(--soft)" },
  SeverityModel: { icon: Sparkles, hue: "var(--soft)" },
};

/** Icon and hue of a thing by its label in the graph. */
export function lookOf(label: string): Look {
  return KINDS[label] ?? { icon: CircleDot, hue: "var(--soft)" };
}
