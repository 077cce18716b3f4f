import { useRouter } from "@tanstack/react-router";
import type { AnchorHTMLAttributes, MouseEvent } from "react";

/** A path of this page, as an address. */
type Path = `/${string}`;

/**
 * The link of a row among thousands: the router's own link, which follows every move of the page, costs a row as much
 * as all the rest of it.
 */
export function RowLink({ to, ...rest }: { to: Path } & Omit<AnchorHTMLAttributes<HTMLAnchorElement>, "href">) {
  const router = useRouter();

  function go(event: MouseEvent<HTMLAnchorElement>) {
    const elsewhere = event.metaKey || event.ctrlKey || event.shiftKey || event.altKey || event.button !== 0;
    if (elsewhere || event.defaultPrevented) return;
    event.preventDefault();
    void router.navigate({ href: to });
  }

  const preload = () => void router.preloadRoute({ to }).catch(() => undefined);
  return <a {...rest} href={to} onClick={go} onPointerEnter={preload} onFocus={preload} />;
}
