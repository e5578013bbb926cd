import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, type ReactNode } from "react";
import type { OperatorSession } from "@newday/sdk/admin";
import { isSignedOut } from "../api/queries.ts";
import { sessionQuery } from "../api/session.ts";
import { Loaded } from "../components/loaded.tsx";
import { SilenceBanner } from "../frame/silence-banner.tsx";

/** Shows its content to an operator who is signed in, and leads others to the sign-in and back. */
export function SessionGate({ children }: { children: (session: OperatorSession) => ReactNode }) {
  const query = useQuery(sessionQuery());
  const navigate = useNavigate();
  const isOut = query.data === null || isSignedOut(query.error);
  useEffect(() => {
    if (!isOut) return;
    // Read at this moment: the router's own location is on its way to the sign-in already.
    const { pathname, search } = window.location;
    const from = pathname === "/" ? {} : { to: `${pathname}${search}` };
    void navigate({ to: "/console/sign-in", search: from, replace: true });
  }, [isOut, navigate]);
  if (query.data && !isOut) return children(query.data);
  return (
    <main className="alone">
      <SilenceBanner />
      {!isOut && <Loaded query={query}>{() => null}</Loaded>}
    </main>
  );
}
