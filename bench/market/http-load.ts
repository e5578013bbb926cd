/** Load over HTTP keep-alive with as little work as possible on the client's side of the machine. */
import { connect, type Socket } from "node:net";

export const CONNECTIONS = 64;

export interface LoadResult {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly byStatus: Readonly<Record<string, number>>;
}

/** Asks for the next request of a connection as bytes; called once for each. */
export type NextRequest = (connection: number) => Buffer;

/** A request as it goes over the wire; clients send JSON and a token. */
export function requestBytes(
  method: "GET" | "POST",
  path: string,
  {
    token,
    body,
    headers = [],
  }: { token?: string; body?: object; headers?: readonly string[] } = {},
): Buffer {
  const payload = body ? JSON.stringify(body) : "";
  const lines = [
    `${method} ${path} HTTP/1.1`,
    "Host: localhost",
    ...(token ? [`Authorization: Bearer ${token}`] : []),
    ...(body ? ["Content-Type: application/json"] : []),
    ...headers,
    ...(method === "POST" ? [`Content-Length: ${Buffer.byteLength(payload)}`] : []),
  ];
  return Buffer.from(`${lines.join("\r\n")}\r\n\r\n${payload}`);
}

export async function runLoad(
  port: number,
  seconds: number,
  next: NextRequest,
): Promise<LoadResult> {
  const latencies: number[] = [];
  const byStatus: Record<string, number> = {};
  const started = performance.now();
  const until = started + seconds * 1_000;
  await Promise.all(
    Array.from({ length: CONNECTIONS }, (_, index) =>
      runConnection(port, until, {
        next: () => next(index),
        done(status, milliseconds) {
          byStatus[status] = (byStatus[status] ?? 0) + 1;
          latencies.push(milliseconds);
        },
      }),
    ),
  );
  const elapsed = (performance.now() - started) / 1_000;
  latencies.sort((a, b) => a - b);
  return {
    perSecond: latencies.length / elapsed,
    p50Ms: latencies[Math.floor(latencies.length * 0.5)] ?? 0,
    p99Ms: latencies[Math.floor(latencies.length * 0.99)] ?? 0,
    byStatus,
  };
}

interface ConnectionHandlers {
  readonly next: () => Buffer;
  readonly done: (status: string, milliseconds: number) => void;
}

function runConnection(
  port: number,
  until: number,
  { next, done }: ConnectionHandlers,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket: Socket = connect({ port, host: "127.0.0.1", noDelay: true });
    let received = "";
    let sentAt = 0;
    const send = () => {
      if (performance.now() >= until) {
        socket.end();
        return resolve();
      }
      sentAt = performance.now();
      socket.write(next());
    };
    socket.on("connect", send);
    socket.on("error", reject);
    // One byte per character: only lengths and the status line matter here.
    socket.setEncoding("latin1");
    socket.on("data", (chunk: string) => {
      received += chunk;
      const end = received.indexOf("\r\n\r\n");
      if (end < 0) return;
      const length = Number(/content-length: (\d+)/i.exec(received.slice(0, end))?.[1] ?? 0);
      if (received.length < end + 4 + length) return;
      const status = received.slice(9, 12);
      received = "";
      done(status, performance.now() - sentAt);
      send();
    });
  });
}
