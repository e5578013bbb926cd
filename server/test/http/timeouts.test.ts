import { connect, type Socket } from "node:net";
import { text } from "node:stream/consumers";
import { expect, it } from "vitest";
import { useTestApp } from "../support/app.ts";

/** Sends a byte every half second, so that the connection is never idle. */
function trickle(socket: Socket): void {
  const timer = setInterval(() => socket.write(" "), 500);
  socket.on("close", () => clearInterval(timer));
  socket.on("error", () => clearInterval(timer));
}

it("M9: the request timeout of 15 s covers headers and bodies that trickle", async () => {
  const { app } = await useTestApp();
  const { port } = new URL(await app.listen({ host: "127.0.0.1", port: 0 }));
  const head = "HTTP/1.1\r\nHost: x\r\nContent-Type: application/json";
  const started = performance.now();
  const replies = await Promise.all(
    [
      `POST /api/allinone/auth/login ${head}\r\nContent-Length: 1000\r\n\r\n{`,
      `POST /api/allinone/auth/login ${head}\r\nTransfer-Encoding: chunked\r\n\r\n3e8\r\n{`,
      `POST /api/v1/transfers ${head}\r\nContent-Length: 1000\r\n\r\n{`,
      `POST /api/allinone/auth/login HTTP/1.1\r\nX-Slow: `,
    ].map((beginning) => {
      const socket = connect({ host: "127.0.0.1", port: Number(port) });
      socket.write(beginning);
      trickle(socket);
      return text(socket);
    }),
  );
  expect(performance.now() - started).toBeLessThan(20_000);
  const statuses = replies.map((reply) => /^HTTP\/1\.1 (\d+)/.exec(reply)?.[1]);
  expect(statuses).toEqual(["408", "408", "401", "408"]);
  expect(replies[0]).toContain('"errorCode":"REQUEST_TIMEOUT"');
}, 60_000);
