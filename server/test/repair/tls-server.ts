/** A server of its own that speaks TLS on the loopback. Needs Debian's PostgreSQL 15. */
import { spawnSync } from "node:child_process";
import { chmodSync, chownSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished } from "vitest";
import { clusterOwner, initializeCluster, startCluster } from "../../src/db/cluster.ts";
import { freePort } from "../support/free-port.ts";

const BIN = "/usr/lib/postgresql/15/bin";

export interface TlsServer {
  /** Of the superuser, without TLS. */
  readonly url: string;
  readonly port: number;
  /** The file of the server's certificate, which is its own authority. */
  readonly certificate: string;
  /** The server's own key. */
  readonly key: string;
  /** Makes a client certificate for this login by that authority; returns parameters of a URL. */
  certify(login: string): string;
  stop(): Promise<void>;
}

/** The certificate is made for this server. */
export async function startTlsServer(): Promise<TlsServer> {
  const folder = mkdtempSync(join(tmpdir(), "newday-tls-"));
  const owner = clusterOwner();
  if (owner) chownSync(folder, owner.uid, owner.gid);
  chmodSync(folder, 0o755);
  const dataDir = join(folder, "data");
  initializeCluster({ binDir: BIN, dataDir, superuser: "newday" });
  const [cert, key] = [join(folder, "server.crt"), join(folder, "server.key")];
  makeCertificate(cert, key);
  if (owner) for (const file of [cert, key]) chownSync(file, owner.uid, owner.gid);
  const port = await freePort();
  const cluster = await startCluster({
    binDir: BIN,
    dataDir,
    socketDir: folder,
    port,
    superuser: "newday",
    settings: {
      fsync: "off",
      // Its certificate names the first one only.
      listen_addresses: "127.0.0.1,127.0.0.2",
      // The longest there is: who waits for the server to end a login waits longer than a test may.
      authentication_timeout: 600,
      ssl: "on",
      ssl_cert_file: cert,
      ssl_key_file: key,
      ssl_ca_file: cert,
    },
  });
  return {
    url: `postgres://newday@127.0.0.1:${port}/postgres`,
    port,
    certificate: cert,
    key,
    certify: (login) => certifyClient({ folder, cert, key }, login),
    async stop() {
      await cluster.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** `startTlsServer` for one test; returns the superuser's URL. */
export async function useTlsServer(): Promise<string> {
  const server = await startTlsServer();
  onTestFinished(() => server.stop());
  return server.url;
}

function certifyClient(
  { folder, cert, key }: { folder: string; cert: string; key: string },
  login: string,
): string {
  const [own, request, ownKey] = ["crt", "csr", "key"].map((end) =>
    join(folder, `${login}.${end}`),
  ) as [string, string, string];
  const wanted = ["-newkey", "rsa:2048", "-nodes", "-subj", `/CN=${login}`];
  for (const args of [
    ["req", ...wanted, "-keyout", ownKey, "-out", request],
    ["x509", "-req", "-in", request, "-CA", cert, "-CAkey", key, "-CAcreateserial", "-out", own],
  ]) {
    const made = spawnSync("openssl", args, { encoding: "utf8" });
    expect(made.status, made.stderr).toBe(0);
  }
  return `sslcert=${own}&sslkey=${ownKey}`;
}

function makeCertificate(cert: string, key: string): void {
  const options = [
    "-x509",
    "-newkey",
    "rsa:2048",
    "-nodes",
    "-days",
    "2",
    "-subj",
    "/CN=localhost",
  ];
  const names = ["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"];
  const made = spawnSync("openssl", ["req", ...options, ...names, "-keyout", key, "-out", cert], {
    encoding: "utf8",
  });
  expect(made.status, made.stderr).toBe(0);
  chmodSync(key, 0o600);
}
