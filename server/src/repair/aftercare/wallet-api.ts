/** Calls `GET {base}/api/shared/wallet/{id}` as a partner would. */
import type { Message } from "../../lib/messages.ts";

const CALL_TIMEOUT_MS = 15_000;

export interface WalletAnswer {
  /** 0 for an unreachable API. */
  readonly status: number;
  readonly walletId: string | undefined;
  readonly isNew: boolean | undefined;
  /** Undefined where the answer names no coins. */
  readonly gameCoins: number | undefined;
  /** The message for a person. */
  readonly words: Message;
}

/** `pathId` goes into the URL as it is, so that a probe can send what client libraries refuse. */
export async function callWallet(base: string, pathId: string): Promise<WalletAnswer> {
  const url = `${base.replace(/\/+$/, "")}/api/shared/wallet/${pathId}`;
  try {
    const response = await fetch(url, {
      // A cached answer would hide the database.
      headers: { "cache-control": "no-cache", accept: "application/json" },
      redirect: "manual",
      signal: AbortSignal.timeout(CALL_TIMEOUT_MS),
    });
    return answerOf(response.status, await response.text());
  } catch (error) {
    return {
      status: 0,
      walletId: undefined,
      isNew: undefined,
      gameCoins: undefined,
      words: noAnswer(error),
    };
  }
}

/** The system's own words, such as `connect ECONNREFUSED`, stay as they are in both languages. */
function noAnswer(error: unknown): Message {
  const seconds = CALL_TIMEOUT_MS / 1000;
  if (error instanceof Error && error.name === "TimeoutError")
    return { en: `no answer within ${seconds} s`, zh: `${seconds} 秒内没有响应` };
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  const words = cause instanceof Error ? cause.message : String(cause);
  return { en: `no answer (${words})`, zh: `没有响应（${words}）` };
}

interface Body {
  readonly id?: string;
  readonly gameCoins?: unknown;
  readonly wallet?: { readonly id?: string; readonly gameCoins?: unknown };
  readonly data?: { readonly id?: string; readonly wallet?: { readonly id?: string } };
  readonly isNewWallet?: boolean;
  readonly code?: string;
  readonly error?: string | { readonly code?: string };
}

function answerOf(status: number, text: string): WalletAnswer {
  const body = parse(text);
  const walletId = body.wallet?.id ?? body.data?.wallet?.id ?? body.data?.id ?? body.id;
  const error = typeof body.error === "object" ? body.error.code : undefined;
  const words = [status, body.code ?? error].filter(Boolean).join(" ");
  return {
    status,
    walletId: status === 200 && typeof walletId === "string" ? walletId : undefined,
    isNew: body.isNewWallet,
    gameCoins: numberOf(body.wallet?.gameCoins ?? body.gameCoins),
    words: { en: words, zh: words },
  };
}

function numberOf(value: unknown): number | undefined {
  return typeof value === "number" ? value : undefined;
}

function parse(text: string): Body {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : {};
  } catch {
    return {};
  }
}
