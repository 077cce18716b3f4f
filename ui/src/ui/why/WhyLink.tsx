import { Link } from "@tanstack/react-router";
import { useMessages } from "@/messages/react.tsx";
import { asking, deeper } from "./opened.ts";

const LOOK =
  "shrink-0 whitespace-nowrap rounded text-13 text-soft underline decoration-dotted underline-offset-4 " +
  "hover:bg-sunk hover:text-ink";

interface Props {
  /** What is asked about: a thing's id, or `<id>/<TYPE>/<id>`. */
  of: string;
  /** What it is called, for whoever does not see where it stands. */
  name: string;
  /** Where it stands in a line of text. */
  small?: boolean;
}

/** The quiet question beside what is shown; it opens the answer beside the page. */
export function WhyLink({ of, name, small = false }: Props) {
  const { t } = useMessages();
  return (
    <Link
      to="."
      search={asking(of)}
      state={deeper}
      resetScroll={false}
      preload={false}
      aria-label={t("why.of", { name })}
      aria-haspopup="dialog"
      className={`${LOOK} ${small ? "px-1" : "px-2 py-1"}`}
    >
      {t("why.ask")}
    </Link>
  );
}
