/** A client's view of a really listening server: fetch, with the headers that the client sends. */
import { useTestApp, type TestApp } from "./app.ts";

export interface ClientRequest {
  readonly method?: string;
  readonly body?: unknown;
  readonly token?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface ClientReply {
  readonly status: number;
  readonly headers: Headers;
  // oxlint-disable-next-line typescript/no-explicit-any -- a client reads whatever came
  readonly body: any;
}

export interface TestClient extends TestApp {
  readonly base: string;
  readonly call: (path: string, request?: ClientRequest) => Promise<ClientReply>;
}

/** `always` are the headers that this client puts on every request, such as its origin. */
export async function useClient(
  always: Readonly<Record<string, string>> = {},
  options: Parameters<typeof useTestApp>[0] = {},
): Promise<TestClient> {
  const test = await useTestApp(options);
  const base = await test.app.listen({ host: "127.0.0.1", port: 0 });
  return { ...test, base, call: (path, request) => call(base + path, always, request) };
}

async function call(
  url: string,
  always: Readonly<Record<string, string>>,
  { method = "GET", body, token, headers = {} }: ClientRequest = {},
): Promise<ClientReply> {
  const reply = await fetch(url, {
    method,
    headers: {
      ...always,
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await reply.text();
  return {
    status: reply.status,
    headers: reply.headers,
    body: text ? JSON.parse(text) : undefined,
  };
}
