import { once } from "node:events";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { useTestApp } from "../support/app.ts";

const BODY = '{"allinoneUserId":"ada"}';
const LOGIN = `POST /api/allinone/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${BODY.length}\r\n\r\n`;

it.each([
  ["/api/v1/currencies", "application/problem+json", '"code":"shutting_down"'],
  ["/api/shared/wallet/ada", "application/json", '"errorCode":"SHUTTING_DOWN"'],
])(
  "a stopping server answers what it has begun, and refuses the next call of %s by name",
  async (path, type, code) => {
    const { app } = await useTestApp();
    const { port } = new URL(await app.listen({ host: "127.0.0.1", port: 0 }));
    const socket = connect({ host: "127.0.0.1", port: Number(port) });
    await once(socket, "connect");
    const replies = text(socket);
    socket.write(LOGIN);
    await sleep(200); // the server waits for the body
    const closed = app.close();
    await sleep(50); // the close has begun
    socket.write(`${BODY}GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`);
    const [first = "", second = ""] = (await replies).split(/(?<=\})(?=HTTP\/1\.1)/);
    await closed;
    expect(first).toContain("HTTP/1.1 200");
    expect(second).toContain("HTTP/1.1 503");
    expect(second).toContain(type);
    expect(second).toContain(code);
    expect(second.toLowerCase()).toContain("retry-after: ");
  },
);

it("a stop ends when the last request is answered, although its client keeps the connection", async () => {
  const { app } = await useTestApp();
  const { port } = new URL(await app.listen({ host: "127.0.0.1", port: 0 }));
  const socket = connect({ host: "127.0.0.1", port: Number(port) });
  await once(socket, "connect");
  const reply = text(socket);
  socket.write(LOGIN);
  await sleep(200); // the server waits for the body
  const closed = app.close();
  await sleep(50); // the close has begun
  socket.write(BODY);
  await closed;
  expect(await reply).toContain("HTTP/1.1 200");
}, 30_000);
