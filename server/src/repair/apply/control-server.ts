/**
 * The server end of a run's control socket: one JSON line in, one out, and the end for waiting
 * clients.
 */
import { toStoredJson } from "../model/stored-text.ts";
import { chmodSync, rmSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { controlFolder, socketPath } from "./control-folder.ts";
import { isLive, type ControlReply, type ControlRequest, type RunEnd } from "./control-client.ts";

/** Longer than any typed reason. */
const LONGEST_REQUEST = 4_096;

export interface ControlServer {
  /** Reports the final status to waiting clients, and removes the socket. */
  close(end: () => Promise<RunEnd>): Promise<void>;
}

/** Undefined where sockets are impossible, or another process runs this very run. */
export async function serveControl(
  runId: string,
  answer: (request: ControlRequest) => ControlReply,
): Promise<ControlServer | undefined> {
  const folder = controlFolder();
  const path = folder === undefined ? undefined : socketPath(folder, runId);
  if (path === undefined || (await isLive(path))) return undefined;
  rmSync(path, { force: true });
  const waiting = new Set<Socket>();
  const silent = new Set<Socket>();
  const server = createServer((socket) => receive(socket, answer, { waiting, silent }));
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(path, resolve);
  });
  chmodSync(path, 0o600);
  return {
    async close(end) {
      const closed = new Promise((resolve) => server.close(resolve));
      // A client that stays silent must not hold up our end.
      for (const socket of silent) socket.destroy();
      if (waiting.size > 0) {
        // A closed connection makes the other side report an unknown status, which is true then.
        const known = await end().catch(() => undefined);
        for (const socket of waiting) socket.end(known ? `${toStoredJson(known)}\n` : "");
      }
      await closed;
      rmSync(path, { force: true });
    },
  };
}

function receive(
  socket: Socket,
  answer: (request: ControlRequest) => ControlReply,
  { waiting, silent }: Readonly<Record<"waiting" | "silent", Set<Socket>>>,
): void {
  let text = "";
  silent.add(socket);
  socket.on("error", () => undefined);
  socket.on("close", () => [waiting, silent].forEach((set) => set.delete(socket)));
  socket.on("data", (chunk) => {
    text += String(chunk);
    if (text.length > LONGEST_REQUEST) socket.destroy();
    const end = text.indexOf("\n");
    if (end === -1) return;
    silent.delete(socket);
    const request = parse(text.slice(0, end));
    text = "";
    if (!request) {
      socket.destroy();
      return;
    }
    if (request.verb === "abort") waiting.add(socket);
    const line = `${toStoredJson(answer(request))}\n`;
    if (request.verb === "abort") socket.write(line);
    else socket.end(line);
  });
}

function parse(line: string): ControlRequest | undefined {
  try {
    return JSON.parse(line) as ControlRequest;
  } catch {
    return undefined;
  }
}
