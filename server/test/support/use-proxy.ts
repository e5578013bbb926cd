/** A wire proxy in front of a test's database. */
import type { TestDatabase } from "./database.ts";
import { onTestFinished } from "./test-end.ts";
import { startWireProxy, type WireProxyOptions } from "./wire-proxy.ts";

/** Listens until the test has finished; returns the URL of the database through the proxy. */
export async function useProxy(
  { server, name }: TestDatabase,
  options: Omit<WireProxyOptions, "server">,
): Promise<string> {
  const proxy = await startWireProxy({ server, ...options });
  onTestFinished(() => proxy.close());
  return `postgres://${server.user}@127.0.0.1:${proxy.port}/${name}`;
}
