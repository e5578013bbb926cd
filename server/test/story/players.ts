/** Players of the legacy file with a part of their own in the story. */

/** Reads on this repository's server, as long as the story goes. */
export const READING_PLAYER = "user-001";
/** Left alone by the old server's players, so that both servers can be compared. */
export const QUIET_PLAYER = "user-004";

/** Logs a player in on this repository's server and returns the token. */
export async function logIn(base: string, userId: string): Promise<string> {
  const login = await fetch(`${base}/api/allinone/auth/login`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ allinoneUserId: userId, allinoneUsername: "Player" }),
  });
  return ((await login.json()) as { token: string }).token;
}
