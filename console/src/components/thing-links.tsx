import { AnchorLink } from "./anchor-link.tsx";

interface ThingLinkProps {
  readonly id: string;
  /** Shown instead of the id. */
  readonly children?: string;
}

/** An item as a link to its page. */
export function ItemLink({ id, children = id }: ThingLinkProps) {
  return (
    <AnchorLink to="/console/items/$id" params={{ id }} inherit className="breaking">
      {children}
    </AnchorLink>
  );
}

/** A listing as a link to its page. */
export function ListingLink({ id, children = id }: ThingLinkProps) {
  return (
    <AnchorLink to="/console/market/$id" params={{ id }} inherit className="breaking">
      {children}
    </AnchorLink>
  );
}

/** A transfer as a link to its page. */
export function TransferLink({ id, children = id }: ThingLinkProps) {
  return (
    <AnchorLink to="/console/transfers/$id" params={{ id }} inherit className="breaking">
      {children}
    </AnchorLink>
  );
}
