import { lookup } from "node:dns/promises";
import { createServer, type AddressInfo } from "node:net";
import { networkInterfaces } from "node:os";
import type { FastifyInstance } from "fastify";
import type { Config } from "../config.ts";
import { NewDayError } from "../errors/errors.ts";
import type { Message } from "../lib/messages.ts";

const LOCALHOST = "localhost";
/** Every interface of the machine, in IPv4 and IPv6. */
const UNSPECIFIED = new Set(["0.0.0.0", "::"]);
/** An address of this name that the machine lacks, such as ::1 without IPv6. */
const ABSENT = new Set(["EADDRNOTAVAIL", "EAFNOSUPPORT", "EINVAL"]);

/**
 * Refuses before anything is opened or created when the port is taken or may not be used, on any of
 * the addresses of the host. Returns the addresses to listen on. Errors: `port_in_use`,
 * `config_invalid`.
 */
export async function refusePortInUse({ host, port }: Config): Promise<string[]> {
  const usable: string[] = [];
  const failures: unknown[] = [];
  for (const address of await addressesOf(host)) {
    const failure = await failureOfListening(address, port);
    if (!failure) usable.push(address);
    else if (ABSENT.has(failure.code ?? "")) failures.push(explain(failure, host, port));
    else throw explain(failure, host, port);
  }
  if (usable.length === 0) throw failures[0];
  return usable;
}

/**
 * Listens on all addresses that `refusePortInUse` found. Errors: as there, when another program has
 * taken the port meanwhile.
 */
export async function listen(
  app: FastifyInstance,
  config: Config,
  addresses: readonly string[],
): Promise<void> {
  const { host, port } = config;
  await app.listen({ host, port }).catch((error: unknown) => {
    throw isSystemError(error) ? explain(error, host, port) : error;
  });
  requireAddresses(app.addresses(), addresses, config);
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && "syscall" in error;
}

/**
 * Throws `port_in_use` unless the server listens on all addresses that `refusePortInUse` found: a
 * client that comes to the missing one would meet another program, or none.
 */
export function requireAddresses(
  bound: readonly (AddressInfo | string)[],
  wanted: readonly string[],
  { host, port }: Config,
): void {
  if (host !== LOCALHOST) return; // any other name has one address
  const found = bound.filter((info) => typeof info !== "string"); // a string is a Unix socket
  const missing = wanted.find((address) => !found.some((info) => info.address === address));
  if (missing !== undefined) throw portInUse(found[0]?.port ?? port, `${host} (${missing})`);
}

/** The names under which other machines reach a host; the host itself unless it means all of them. */
export function reachableHosts(host: string): string[] {
  if (!UNSPECIFIED.has(host)) return [host];
  const outside = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ internal, family }) => !internal && family === "IPv4")
    .map(({ address }) => address);
  return [LOCALHOST, ...outside];
}

/** Only `localhost` is listened on in all its addresses; of another name the first one counts. */
async function addressesOf(host: string): Promise<string[]> {
  if (host !== LOCALHOST) return [host];
  const found = await lookup(host, { all: true });
  return [...new Set(found.map(({ address }) => address))];
}

function failureOfListening(
  host: string,
  port: number,
): Promise<NodeJS.ErrnoException | undefined> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", resolve);
    probe.listen({ host, port, exclusive: true }, () => probe.close(() => resolve(undefined)));
  });
}

function explain(error: NodeJS.ErrnoException, host: string, port: number): NewDayError {
  const address = (error as { address?: string }).address;
  const place = address === undefined || address === host ? host : `${host} (${address})`;
  if (error.code === "EADDRINUSE") return portInUse(port, place);
  const rule: Message =
    error.code === "EACCES"
      ? { en: `may not use port ${port}`, zh: `无权使用端口 ${port}` }
      : { en: `cannot listen on ${place}`, zh: `无法在 ${place} 上监听` };
  return new NewDayError("config_invalid", { rule, host, port }, { cause: error });
}

function portInUse(port: number, place: string): NewDayError {
  return new NewDayError(
    "port_in_use",
    { host: place, port },
    {
      message: {
        en: `port ${port} of ${place} is in use by another program; set PORT to another one`,
        zh: `${place} 的端口 ${port} 已被其他程序占用；请用 PORT 指定其他端口`,
      },
    },
  );
}
