/**
 * The connection of a check to the server. A page or terminal provides one transport for its own
 * origin and one for the origin `null`, as a page opened from disk has it.
 */

export interface WireRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface WireAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Rejects after a failed request (unreachable, timed out, hidden by the rules of CORS). */
export type Transport = (request: WireRequest) => Promise<WireAnswer>;

/** The clients of the contract give up after 10 s; a later answer counts as missing. */
export const CLIENT_TIMEOUT_MS = 10_000;

/** A transport over `fetch`. In a browser it has the origin of the page, and `extra` forbids caching. */
export function fetchTransport(
  fetchImplementation: typeof fetch,
  extra: RequestInit = {},
): Transport {
  return async ({ method, url, headers, body }) => {
    const response = await fetchImplementation(url, {
      method,
      headers,
      ...extra,
      credentials: "omit",
      redirect: "follow",
      signal: AbortSignal.timeout(CLIENT_TIMEOUT_MS),
      ...(body === undefined ? {} : { body }),
    });
    return {
      status: response.status,
      headers: Object.fromEntries(response.headers.entries()),
      body: await response.text(),
    };
  };
}
