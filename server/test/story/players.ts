/** Players of the legacy file with a part of their own in the story. */
import { fetchTransport } from "../../../integration/checks/transport.ts";
import { withSignedLogins } from "../../src/cli/sign-logins.ts";

/** Reads on this repository's server, as long as the story goes. */
export const READING_PLAYER = "user-001";
/** Left alone by the old server's players, so that both servers can be compared. */
export const QUIET_PLAYER = "user-004";

/** Logs a player in on this repository's server and returns the token; with the platform's secret, by a proof. */
export async function logIn(base: string, userId: string, secret?: string): Promise<string> {
  const secrets = new Map(secret === undefined ? [] : [["allinone", secret]]);
  const login = await withSignedLogins(
    fetchTransport(fetch),
    secrets,
  )({
    method: "POST",
    url: `${base}/api/allinone/auth/login`,
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ allinoneUserId: userId, allinoneUsername: "Player" }),
  });
  return (JSON.parse(login.body) as { token: string }).token;
}
