/** A New Day that listens, and one whose answers were spoilt on the way, for checks from outside. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { runChecks } from "../../../integration/checks/run-checks.ts";
import { withBrowserRules } from "../../../integration/checks/browser-rules.ts";
import type { Report } from "../../../integration/checks/model.ts";
import { fetchTransport } from "../../../integration/checks/transport.ts";
import { useTestApp, type TestApp } from "./app.ts";
import { onTestFinished } from "./test-end.ts";

/** Listens on a port of its own and gives the address; closed with the app. */
export async function listen({ app }: TestApp): Promise<string> {
  return app.listen({ host: "127.0.0.1", port: 0 });
}

export async function useListeningApp(): Promise<string> {
  return listen(await useTestApp());
}

export interface Passing {
  readonly method: string;
  readonly url: string;
  status: number;
  readonly headers: Map<string, string>;
  body: string;
}

/** A server before `base` that lets `spoil` change every answer that passes. */
export async function useSpoilingProxy(
  base: string,
  spoil: (answer: Passing) => void,
): Promise<string> {
  const proxy = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { method = "GET", url = "/" } = request;
      const headers = new Headers();
      for (const name of ["content-type", "authorization", "origin", "idempotency-key"])
        if (typeof request.headers[name] === "string") headers.set(name, request.headers[name]);
      for (const name of ["access-control-request-method", "access-control-request-headers"])
        if (typeof request.headers[name] === "string") headers.set(name, request.headers[name]);
      const body = chunks.length > 0 ? Buffer.concat(chunks) : undefined;
      const passOn = async () => {
        const inner = await fetch(base + url, { method, headers, ...(body ? { body } : {}) });
        const answer: Passing = {
          method,
          url,
          status: inner.status,
          headers: new Map(inner.headers),
          body: await inner.text(),
        };
        spoil(answer);
        // The body was decoded, and may be another one now.
        for (const name of [
          "content-encoding",
          "content-length",
          "transfer-encoding",
          "connection",
        ])
          answer.headers.delete(name);
        response.writeHead(answer.status, Object.fromEntries(answer.headers)).end(answer.body);
      };
      passOn().catch(() => response.destroy()); // the test has ended, and the server with it
    });
  });
  await new Promise<void>((listening) => proxy.listen(0, "127.0.0.1", listening));
  onTestFinished(() => {
    proxy.closeAllConnections();
    proxy.close();
  });
  return `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
}

/** One run of all checks against `base`, as `newday doctor` makes it. */
export function examine(base: string): Promise<Report> {
  const own = fetchTransport(fetch);
  return runChecks({ base, own, fromDisk: withBrowserRules(own, "null") });
}
