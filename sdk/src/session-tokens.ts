/** Tokens of a user's sessions for a page that gets assertions from its own server. */
import type { OpenedSession } from "./generated/api-types.ts";
import { operationsOf } from "./operations/generated/operations.ts";
import { createRequest, type ClientOptions, type TokenSource } from "./request.ts";

export interface SessionOptions extends Omit<ClientOptions, "token"> {
  /** Asks the platform's server for a new assertion of its user. */
  readonly getAssertion: () => string | Promise<string>;
}

/**
 * Returns a token source for `createClient`. It logs in at the first call, and again when the server
 * has refused the token: sessions end after seven days, or earlier. Calls at once share one login.
 */
export function sessionTokens({ getAssertion, ...client }: SessionOptions): TokenSource {
  const { sessions } = operationsOf(createRequest(client));
  let current: OpenedSession | undefined;
  let opening: Promise<OpenedSession> | undefined;
  const open = async () => sessions.open({ assertion: await getAssertion() });
  return async (refused) => {
    if (current === undefined || current.token === refused) {
      opening ??= open().finally(() => (opening = undefined));
      current = await opening;
    }
    return current.token;
  };
}
