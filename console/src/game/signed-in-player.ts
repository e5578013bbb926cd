/** The player who is signed in, as the browser keeps them (docs/contract.md 2.3). */

const STORED_AS = "newday_user";

export interface SignedInPlayer {
  readonly userId: string;
  readonly username: string;
  readonly token: string;
}

/** undefined without a signed-in player, or when another program wrote something else there. */
export function readSignedInPlayer(): SignedInPlayer | undefined {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(STORED_AS) ?? "null");
    return isPlayer(stored) ? stored : undefined;
  } catch {
    return undefined;
  }
}

export function storeSignedInPlayer({ userId, username, token }: SignedInPlayer): void {
  localStorage.setItem(STORED_AS, JSON.stringify({ userId, username, token }));
}

export function removeSignedInPlayer(): void {
  localStorage.removeItem(STORED_AS);
}

/** Calls `react` when another tab signs in or out. Returns the function that stops it. */
export function onOtherTabs(react: () => void): () => void {
  const listener = ({ key }: StorageEvent) => {
    if (key === STORED_AS || key === null) react();
  };
  window.addEventListener("storage", listener);
  return () => window.removeEventListener("storage", listener);
}

function isPlayer(value: unknown): value is SignedInPlayer {
  if (typeof value !== "object" || value === null) return false;
  const { userId, username, token } = value as Record<string, unknown>;
  return [userId, username, token].every((one) => typeof one === "string" && one !== "");
}
