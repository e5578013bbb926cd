import { AnchorLink } from "./anchor-link.tsx";

/** Accounts of a platform itself have no page. */
const SYSTEM = "system:";

/** A user by id, as a link to their page. */
export function UserLink({ userId }: { userId: string }) {
  if (userId.startsWith(SYSTEM)) return <span className="breaking">{userId}</span>;
  return (
    <AnchorLink to="/console/users/$userId" params={{ userId }} inherit className="breaking">
      {userId}
    </AnchorLink>
  );
}
