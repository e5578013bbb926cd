/** Sends any bytes that a client could send, and keeps connections. */
import { Agent, request } from "node:http";
import type { Sent } from "./encode.ts";
import type { Answer } from "./judge.ts";

/** Clients give up then (docs/contract.md 1). */
const GIVE_UP_MS = 10_000;

export interface Client {
  /** Rejects when the server closes the connection or is silent for ten seconds. */
  readonly send: (sent: Pick<Sent, "method" | "target" | "headers" | "body">) => Promise<Answer>;
  readonly close: () => void;
}

export function createClient(base: string): Client {
  const agent = new Agent({ keepAlive: true });
  const { hostname, port } = new URL(base);
  return {
    send: ({ method, target, headers, body }) =>
      new Promise((resolve, reject) => {
        const length = body === undefined ? {} : { "content-length": body.byteLength };
        const call = request(
          { agent, hostname, port, method, path: target, headers: { ...headers, ...length } },
          (response) => {
            const chunks: Buffer[] = [];
            response.on("data", (chunk: Buffer) => chunks.push(chunk));
            response.on("error", reject);
            response.on("end", () =>
              resolve({
                status: response.statusCode ?? 0,
                headers: response.headers,
                text: Buffer.concat(chunks).toString(),
              }),
            );
          },
        );
        call.setTimeout(GIVE_UP_MS, () => call.destroy(new Error("no reply for 10 s")));
        call.on("error", reject);
        call.end(body);
      }),
    close: () => agent.destroy(),
  };
}
