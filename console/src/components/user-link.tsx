import { AnchorLink } from "./anchor-link.tsx";

/** A user by the public id, as a link to what is known of the user. */
export function UserLink({ userId }: { userId: string }) {
  return (
    <AnchorLink to="/console/users" search={{ q: userId }} className="breaking">
      {userId}
    </AnchorLink>
  );
}
