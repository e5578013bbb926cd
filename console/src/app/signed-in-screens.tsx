import { SessionGate } from "./session-gate.tsx";
import { Shell } from "./shell.tsx";

export function SignedInScreens() {
  return <SessionGate>{(session) => <Shell session={session} />}</SessionGate>;
}
