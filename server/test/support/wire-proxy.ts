/** A proxy between a client and PostgreSQL that can be slow, or break the line at a chosen moment. */
import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import { join } from "node:path";
import type { CommandCompleteMessage } from "pg-protocol/dist/messages";
import { Parser } from "pg-protocol/dist/parser";

/**
 * What to do with bytes that the client sent: pass them on; break the line before the server sees
 * them; or pass them on and break it before the client hears the answer. `lose-commit` and
 * `mute-commit` do so only if that answer is the one to a COMMIT, which a server that found a lock
 * taken does not give; the latter is silent from then on, with both lines open.
 */
export type Verdict = "pass" | "cut-before" | "cut-after" | "lose-commit" | "mute-commit";

export interface WireProxyOptions {
  readonly server: { readonly host: string; readonly port: number };
  /** Where to listen; a free port by default. */
  readonly port?: number;
  /** Added in each direction. */
  readonly delayMs?: number;
  /** Called for every chunk of the client, in order, over all connections. */
  readonly judge?: (chunk: Buffer) => Verdict;
  /** Called for every chunk that is passed on; the answers to it wait until the promise is kept. */
  readonly hold?: (chunk: Buffer) => Promise<void> | undefined;
  /** Keeps the server's side open after a cut or a killed client, as a dead router leaves it. */
  readonly halfOpen?: boolean;
}

export interface WireProxy {
  readonly port: number;
  close(): Promise<void>;
}

/** Listens on the loopback; the server is reached by its Unix socket. */
export async function startWireProxy(options: WireProxyOptions): Promise<WireProxy> {
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(join(options.server.host, `.s.PGSQL.${options.server.port}`));
    client.setNoDelay(true);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on("close", () => sockets.delete(socket));
    }
    joinSockets(client, upstream, options);
  });
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      // Deaf first: a client that comes while the others are sent away would be waited for.
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

function joinSockets(client: Socket, upstream: Socket, options: WireProxyOptions): void {
  const { delayMs = 0, judge = () => "pass" as const, halfOpen = false } = options;
  const state = { deaf: false, mute: false, awaited: "pass" as Verdict };
  const hasCommitted = commitReader();
  let held: Promise<void> | undefined;
  const later = (work: () => void) => (delayMs > 0 ? setTimeout(work, delayMs) : work());
  client.on("data", (chunk) => {
    if (state.deaf) return;
    state.awaited = judge(chunk);
    held = options.hold?.(chunk) ?? held;
    if (state.awaited !== "cut-before") later(() => upstream.write(chunk));
    if (!state.awaited.startsWith("cut")) return;
    state.deaf = true;
    client.destroy();
    if (state.awaited === "cut-before" && !halfOpen) upstream.destroy();
  });
  upstream.on("data", (chunk) => {
    if (state.mute) return;
    if (hasCommitted(chunk) && state.awaited.endsWith("commit")) {
      state.deaf = true;
      state.mute = state.awaited === "mute-commit";
      if (!state.mute) client.destroy();
    }
    if (state.mute) return;
    // The answer that no client will read: the server has done its work, and now sees the end.
    if (state.deaf) upstream.end();
    else if (held) void held.then(() => client.write(chunk));
    else if (!client.destroyed) later(() => client.write(chunk));
  });
  client.on("close", () => state.deaf || halfOpen || upstream.destroy());
  upstream.on("close", () => client.destroy());
  client.on("error", () => undefined);
  upstream.on("error", () => undefined);
}

/** Reads a server's messages in order; tells whether a chunk holds the end of a COMMIT. */
function commitReader(): (chunk: Buffer) => boolean {
  const parser = new Parser();
  return (chunk) => {
    let found = false;
    parser.parse(chunk, (message) => {
      found ||=
        message.name === "commandComplete" && (message as CommandCompleteMessage).text === "COMMIT";
    });
    return found;
  };
}

/** True for the batch of a repair: the only message that both drops and commits. */
export function isCutBatch(chunk: Buffer): boolean {
  const text = chunk.toString("latin1");
  return text.includes("drop constraint %I") && text.includes("commit");
}

/** Judges the first chunk that matches, and lets all others pass. */
export function atFirst(matches: (chunk: Buffer) => boolean, verdict: Verdict) {
  let done = false;
  return (chunk: Buffer): Verdict => {
    if (done || !matches(chunk)) return "pass";
    done = true;
    return verdict;
  };
}
