/**
 * Reads a libpq URL and libpq's environment once: the driver and the child processes get the same.
 *
 * `URL` is stricter than libpq: a raw `#`, `?` or `%` in a password and a socket folder as a host
 * are legal there. So the parts are split here, as libpq splits them.
 */
import { readFileSync } from "node:fs";
import { checkServerIdentity, rootCertificates, type ConnectionOptions } from "node:tls";
import { operatorName } from "../lib/operator-name.ts";
import { refusal } from "../errors/refusals.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

/** The proof of the server that driver and child processes demand. */
export type TlsMode = "disable" | "no-verify" | "verify-ca" | "verify-full";

export interface ConnectionParameters {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly database: string;
  /** Undefined leaves it to a password file. */
  readonly password: string | undefined;
  /** Settings at the start of the session, such as `-c role=NAME`. */
  readonly options: string | undefined;
  readonly tls: {
    readonly mode: TlsMode;
    /** Undefined takes the authorities that Node.js trusts. */
    readonly rootCertificate: string | undefined;
    readonly certificate: string | undefined;
    readonly key: string | undefined;
  };
}

const DEFAULT_PORT = "5432";

/** libpq's keywords and their variables. */
const VARIABLES = {
  host: "PGHOST",
  port: "PGPORT",
  user: "PGUSER",
  dbname: "PGDATABASE",
  password: "PGPASSWORD",
  options: "PGOPTIONS",
  sslmode: "PGSSLMODE",
  sslrootcert: "PGSSLROOTCERT",
  sslcert: "PGSSLCERT",
  sslkey: "PGSSLKEY",
  gssencmode: "PGGSSENCMODE",
  channel_binding: "PGCHANNELBINDING",
  target_session_attrs: "PGTARGETSESSIONATTRS",
} as const;

type Keyword = keyof typeof VARIABLES;

/** Without effect on who answers: our own limits replace some, other programs read the others. */
const WITHOUT_EFFECT: ReadonlySet<string> = new Set([
  "application_name",
  "fallback_application_name",
  "connect_timeout",
  "client_encoding",
  "keepalives",
  "keepalives_idle",
  "keepalives_interval",
  "keepalives_count",
  "tcp_user_timeout",
  "statement_timeout",
  "lock_timeout",
  "idle_in_transaction_session_timeout",
  "query_timeout",
  "uselibpqcompat",
  "sslcompression",
  "sslsni",
  // Of one host there is nothing to balance.
  "load_balance_hosts",
  // Options of Prisma.
  "schema",
  "pgbouncer",
  "connection_limit",
  "pool_timeout",
]);

/**
 * Resolves the URL against the environment. Throws `repair_usage` for a malformed URL and for a
 * parameter that the driver and pg_dump would read in different ways.
 */
export function readConnectionParameters(
  url: string,
  environment: Environment = process.env,
): ConnectionParameters {
  const fromUrl = splitUrl(url);
  refuseOtherServer(environment, fromUrl);
  const given = { ...fromVariables(environment), ...fromUrl };
  const host = given.host ?? "localhost";
  if (`${host}${given.port ?? ""}`.includes(","))
    throw refusal("database_url_hosts", { hosts: [host, given.port].filter(Boolean).join(":") });
  // The driver knows no abstract sockets.
  if (host.startsWith("@")) throw refusal("database_url_parameter", { parameter: `host=${host}` });
  const mode = host.startsWith("/") ? "disable" : tlsModeOf(given);
  if (given.channel_binding === "require" && !mode.startsWith("verify"))
    throw refusal("database_url_parameter", { parameter: "channel_binding=require" });
  const port = Number(given.port ?? DEFAULT_PORT);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw invalidUrl();
  const user = given.user ?? environment["USER"] ?? operatorName();
  return {
    host,
    port,
    user,
    database: given.dbname ?? user,
    password: given.password,
    options: given.options,
    tls: {
      // A Unix socket is exempt from TLS.
      mode,
      rootCertificate: given.sslrootcert === "system" ? undefined : given.sslrootcert,
      certificate: given.sslcert,
      key: given.sslkey,
    },
  };
}

type Given = Partial<Record<Keyword, string>>;

function fromVariables(environment: Environment): Given {
  const pairs = Object.entries(VARIABLES).map(([word, name]) => [word, environment[name]] as const);
  for (const [word, value] of pairs) if (value) isCarried(word, value);
  return withoutEmpty(pairs) as Given;
}

/** libpq would follow these variables to another server than the driver. */
function refuseOtherServer(environment: Environment, url: Given): void {
  if (environment["PGHOSTADDR"])
    throw refusal("database_url_parameter", { parameter: "PGHOSTADDR" });
  const isComplete = url.host && url.user && url.dbname;
  if (environment["PGSERVICE"] && !isComplete) throw refusal("database_url_service", {});
}

/** libpq takes an empty value for an absent one. */
function withoutEmpty(pairs: readonly (readonly (string | undefined)[])[]) {
  return Object.fromEntries(pairs.filter(([, value]) => value !== undefined && value !== ""));
}

const URL_PARTS =
  /^postgres(?:ql)?:\/\/(?:(?<login>[^@/]*)@)?(?<hosts>[^/?]*)(?:\/(?<dbname>[^?]*))?(?:\?(?<query>.*))?$/s;
const HOST_PARTS = /^(?<host>\[[^\]]*\]|[^:]*)(?::(?<port>\d*))?$/;

function splitUrl(url: string): Given {
  const parts = URL_PARTS.exec(url)?.groups;
  if (!parts) throw invalidUrl();
  const { login = "", hosts = "", dbname = "", query = "" } = parts;
  if (hosts.includes(",")) throw refusal("database_url_hosts", { hosts });
  const place = HOST_PARTS.exec(hosts)?.groups;
  if (!place) throw invalidUrl();
  const colon = login.indexOf(":");
  const [user, password] =
    colon < 0 ? [login, ""] : [login.slice(0, colon), login.slice(colon + 1)];
  return withoutEmpty([
    ["user", decode(user)],
    ["password", decode(password)],
    ["host", decode((place["host"] ?? "").replaceAll(/^\[|\]$/g, ""))],
    ["port", place["port"]],
    ["dbname", decode(dbname)],
    ...readQuery(query),
  ]) as Given;
}

function readQuery(query: string): [string, string][] {
  return query
    .split("&")
    .filter((pair) => pair !== "")
    .map((pair) => {
      const at = pair.indexOf("=");
      const name = at < 0 ? pair : pair.slice(0, at);
      return forLibpq(decode(name), at < 0 ? "" : decode(pair.slice(at + 1)));
    })
    .filter(([name, value]) => isCarried(name, value));
}

/** As JDBC writes it; libpq knows this form too. */
function forLibpq(name: string, value: string): [string, string] {
  return name === "ssl" && value === "true" ? ["sslmode", "require"] : [name, value];
}

/** Values that the driver fulfils; others would hold for pg_dump alone. */
const FULFILLED: Readonly<Record<string, readonly string[]>> = {
  sslnegotiation: ["postgres"],
  gssencmode: ["disable", "prefer"],
  channel_binding: ["disable", "prefer", "require"],
  // The plan checks by itself that the server is a writable primary (B02).
  target_session_attrs: ["any", "read-write", "primary"],
};

function isCarried(name: string, value: string): boolean {
  const fulfilled = FULFILLED[name];
  if (fulfilled && value !== "" && !fulfilled.includes(value))
    throw refusal("database_url_parameter", { parameter: `${name}=${value}` });
  if (name in VARIABLES) return true;
  if (WITHOUT_EFFECT.has(name) || fulfilled) return false;
  throw refusal("database_url_parameter", { parameter: name });
}

/** A percent sign without two hexadecimal digits is itself. */
function decode(text: string): string {
  return text.replaceAll(/(?:%[0-9a-f]{2})+/gi, (run) => {
    try {
      return decodeURIComponent(run);
    } catch {
      return run;
    }
  });
}

/** The driver's words: `prefer` and `require` verify the server, which is stricter than libpq. */
function tlsModeOf({ sslmode: mode, sslrootcert }: Given): TlsMode {
  const isSystem = sslrootcert === "system";
  switch (mode) {
    case undefined:
      return isSystem ? "verify-full" : "disable";
    case "disable":
    case "allow":
    case "no-verify":
    case "verify-ca":
      // As libpq: public authorities certify everybody, so that the name has to be compared.
      if (isSystem)
        throw refusal("database_url_parameter", {
          parameter: `sslrootcert=system&sslmode=${mode}`,
        });
      return mode === "allow" ? "disable" : mode;
    case "prefer":
    case "require":
    case "verify-full":
      return "verify-full";
    default:
      throw refusal("database_url_parameter", { parameter: `sslmode=${mode}` });
  }
}

function invalidUrl() {
  return refusal("database_url_invalid", {}, { details: { option: "--database-url" } });
}

/** The driver's TLS options; false for a connection without TLS. */
export function tlsOptionsOf({ host, tls }: ConnectionParameters): ConnectionOptions | false {
  if (tls.mode === "disable") return false;
  return {
    rejectUnauthorized: tls.mode !== "no-verify",
    // The driver names no host to Node.js when it is an address; libpq compares addresses too.
    checkServerIdentity: (_, certificate) =>
      tls.mode === "verify-full" ? checkServerIdentity(host, certificate) : undefined,
    ...(tls.rootCertificate && tls.mode !== "no-verify"
      ? { ca: readCertificate(tls.rootCertificate) }
      : {}),
    ...(tls.certificate ? { cert: readCertificate(tls.certificate) } : {}),
    ...(tls.key ? { key: readCertificate(tls.key) } : {}),
  };
}

function readCertificate(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw refusal("database_url_file", { path }, { cause });
  }
}

/** The authorities that Node.js trusts, for a libpq without `sslrootcert=system`. */
export function trustedAuthorities(): string {
  return rootCertificates.join("\n");
}

/**
 * libpq's variables for a child process, without the password. `authorities` is a file with
 * `trustedAuthorities`.
 */
export function libpqVariables(
  { host, port, user, database, options, tls }: ConnectionParameters,
  authorities: string,
): Record<string, string> {
  return {
    PGHOST: host,
    PGPORT: String(port),
    PGUSER: user,
    PGDATABASE: database,
    // The driver knows no encryption by Kerberos.
    PGGSSENCMODE: "disable",
    PGSSLMODE: tls.mode === "no-verify" ? "require" : tls.mode,
    ...(options === undefined ? {} : { PGOPTIONS: options }),
    ...(tls.mode.startsWith("verify") ? { PGSSLROOTCERT: tls.rootCertificate ?? authorities } : {}),
    ...(tls.certificate ? { PGSSLCERT: tls.certificate } : {}),
    ...(tls.key ? { PGSSLKEY: tls.key } : {}),
  };
}
