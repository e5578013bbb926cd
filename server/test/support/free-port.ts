import { createServer } from "node:net";

// Below what the kernel hands out by itself (32768 and up on Linux): between this look and the
// start of the server under test, no connection and no `listen(0)` of another test can take it.
const FIRST_PORT = 10_000;
const PORTS = 20_000;

/** A port of 127.0.0.1 where nothing listens, for a program that cannot choose one by itself. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = FIRST_PORT + Math.floor(Math.random() * PORTS);
    if (await isFree(port)) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen(port, "127.0.0.1", () => probe.close(() => resolve(true)));
  });
}
