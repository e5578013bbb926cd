/** One HTTP call to the server that served this page. Each reports whether the server answered. */
import { ApiError } from "./api-error.ts";
import { reportAnswer, reportSilence } from "./connection.ts";
import type { Problem } from "@newday/sdk/admin";

/** Longer than the server's own limit of a statement; a person waits no longer. */
const TIMEOUT_MS = 20_000;
/** A proxy answers so when the server behind it is gone. */
const GATEWAY_STATUSES = new Set([502, 504]);

/** Errors: `ApiError`; with the code `no_answer` when the server was unreachable. */
export async function send(path: string, init: RequestInit): Promise<unknown> {
  const reply = await fetch(path, { ...init, signal: AbortSignal.timeout(TIMEOUT_MS) }).catch(
    () => undefined,
  );
  if (!reply || GATEWAY_STATUSES.has(reply.status)) throw noAnswer();
  const text = await reply.text().catch(() => undefined);
  if (text === undefined) throw noAnswer();
  reportAnswer();
  const body = parse(text);
  if (reply.ok) return body;
  throw new ApiError(reply.status, (body ?? {}) as Partial<Problem>);
}

function noAnswer(): ApiError {
  reportSilence();
  return new ApiError(0, { code: "no_answer" });
}

function parse(text: string): unknown {
  if (text === "") return undefined;
  try {
    return JSON.parse(text);
  } catch {
    // A page of a proxy instead of an answer.
    return {
      code: "unexpected_answer",
      title: "The answer is not from New Day.",
      titleZh: "响应不是来自 New Day。",
    };
  }
}
