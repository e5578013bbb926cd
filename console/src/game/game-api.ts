/**
 * The calls of the players' page. It uses the surface of the partner's clients, whose token the link brings and
 * which answers before the adoption too; the SDK speaks /api/v1, which begins after it.
 */
import type { SignedInPlayer } from "./signed-in-player.ts";

/** Clients give up after 10 s (docs/contract.md 1). */
const TIMEOUT_MS = 10_000;
const NO_CONTENT = 204;
const UNAUTHORIZED = 401;

export interface Balances {
  readonly gameCoins: number;
  readonly computingPower: number;
  /** Minor units, `cashScale` digits to the whole. */
  readonly cash: number;
  readonly cashScale: number;
}

export interface OwnedItem {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly type: string;
  readonly rarity: string;
  readonly quantity: number;
  readonly icon: string;
}

export interface Possessions {
  readonly balances: Balances;
  readonly items: readonly OwnedItem[];
}

/** Why a call failed: the token is over, or the server cannot answer now. */
export type Failure = "expired" | "invalid" | "unreachable";

export class CallFailed extends Error {
  readonly failure: Failure;
  constructor(failure: Failure) {
    super(failure);
    this.failure = failure;
  }
}

export function failureOf(error: unknown): Failure {
  return error instanceof CallFailed ? error.failure : "unreachable";
}

/** The player of the link that opened this page; undefined without a link. Errors: `CallFailed`. */
export function openLink(): Promise<SignedInPlayer | undefined> {
  return call<SignedInPlayer | undefined>("POST", "/game/link");
}

/** Logs in with the link's token, as docs/contract.md 2.3 says; opens the wallet. Errors: `CallFailed`. */
export async function logInWithToken({ userId, username, token }: SignedInPlayer): Promise<void> {
  await call("POST", "/api/allinone/auth/login", { body: { userId, username, token } });
}

/** Errors: `CallFailed`. */
export async function readPossessions({ token }: SignedInPlayer): Promise<Possessions> {
  const [balances, { items }] = await Promise.all([
    call<Balances>("GET", "/api/allinone/wallet/balance", { token }),
    call<{ readonly items: readonly OwnedItem[] }>("GET", "/api/allinone/inventory", { token }),
  ]);
  return { balances, items };
}

/** Revokes the token, and with it every link that carries it. Errors: `CallFailed`. */
export async function logOut({ token }: SignedInPlayer): Promise<void> {
  await call("POST", "/api/allinone/auth/logout", { token });
}

interface CallOptions {
  readonly token?: string;
  readonly body?: object;
}

async function call<Reply>(
  method: "GET" | "POST",
  path: string,
  { token, body }: CallOptions = {},
): Promise<Reply> {
  const reply = await fetch(path, {
    method,
    headers: {
      "content-type": "application/json",
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  }).catch(() => undefined);
  if (reply?.status === NO_CONTENT) return undefined as Reply;
  const answer: unknown = await reply?.json().catch(() => undefined);
  if (reply?.ok && answer !== undefined) return answer as Reply;
  if (reply?.status === UNAUTHORIZED)
    throw new CallFailed(reasonOf(answer) === "expired" ? "expired" : "invalid");
  throw new CallFailed("unreachable");
}

function reasonOf(answer: unknown): unknown {
  return (answer as { details?: { reason?: unknown } } | undefined)?.details?.reason;
}
