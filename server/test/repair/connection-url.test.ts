/** A6, A7, A8, A9: the driver and pg_dump reach the same database as the same role. */
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { libpqVariables, readConnectionParameters } from "../../src/db/connection-parameters.ts";
import { withRepairConnection } from "../../src/repair/connection/connection.ts";
import { startNewday } from "./apply-support.ts";
import { useFolder, useLegacyDatabase } from "./legacy.ts";
import { useOwner } from "./owner.ts";
import { useTestDatabase } from "../support/database.ts";
import { onTestFinished } from "../support/test-end.ts";

const read = (url: string, environment = {}) =>
  readConnectionParameters(url, { USER: "login", ...environment });

describe("A6: the forms of a URL", () => {
  it.each([
    ["postgres://u:p%ss@db:6000/game", { password: "p%ss", host: "db", port: 6000 }],
    ["postgres://u:a#b?c@db/game", { password: "a#b?c", database: "game" }],
    ["postgres://u:a%0Ab@db/game", { password: "a\nb" }],
    ["postgresql://u@%2Frun%2Fpg/game", { host: "/run/pg", database: "game" }],
    ["postgres://u@/game?host=/run/pg&port=6000", { host: "/run/pg", port: 6000 }],
    ["postgres://u@[::1]:6000/game", { host: "::1", port: 6000 }],
    ["postgres://db/a#b%2Fc%3Fd=e", { database: "a#b/c?d=e", user: "login" }],
    ["postgres://db", { database: "login" }],
    ["postgres://u@[fe80::1%25eth0]/game", { host: "fe80::1%eth0" }],
    [
      "postgres://u%40d:p%3A%2F%40%25@db:/g%C3%A9",
      { user: "u@d", password: "p:/@%", port: 5432, database: "gé" },
    ],
    ["postgres://db/game?%68ost=other&us%65r=u", { host: "other", user: "u" }],
    [
      "postgres://db/game?host=%2Frun%2Fpg&dbname=a%26b%3Dc",
      { host: "/run/pg", database: "a&b=c" },
    ],
    [
      "postgres://u@db/game?target_session_attrs=read-write&load_balance_hosts=random",
      { host: "db" },
    ],
    ["postgres://u@db/game?gssencmode=prefer&channel_binding=prefer", { host: "db" }],
    ["postgres://u@db/game?ssl=true", { tls: { mode: "verify-full" } }],
    ["postgres://u@db/game?sslrootcert=system", { tls: { mode: "verify-full" } }],
    [
      "postgres://u@db/game?sslmode=require&channel_binding=require",
      { tls: { mode: "verify-full" } },
    ],
    [
      "postgres://u@db/game?sslmode=verify-ca&sslcert=/c%20d.crt&sslkey=/k",
      { tls: { mode: "verify-ca", certificate: "/c d.crt", key: "/k" } },
    ],
    ["postgres:///?user=u&password=p+q", { user: "u", password: "p+q", database: "u" }],
  ])("%s", (url, expected) => {
    expect(read(url)).toMatchObject(expected);
  });

  it("leaves what the URL omits to the environment", () => {
    const environment = { PGHOST: "db", PGPORT: "6000", PGUSER: "u", PGDATABASE: "game" };
    expect(read("postgres://", environment)).toMatchObject({
      host: "db",
      port: 6000,
      user: "u",
      database: "game",
    });
  });

  it.each([
    ["postgres://a:1,b:2/game", /several hosts: a:1,b:2/],
    ["postgres://db/game?hostaddr=10.0.0.1", /parameter hostaddr/],
    ["postgres://db/game?sslmode=maybe", /sslmode=maybe/],
    ["postgres://db/game?host=a,b", /several hosts: a,b/],
    ["postgres://db/game?port=1,2", /several hosts: db:1,2/],
    ["postgres://u@%40abstract/game", /host=@abstract/],
    ["postgres://db/game?gssencmode=require", /gssencmode=require/],
    ["postgres://db/game?target_session_attrs=standby", /target_session_attrs=standby/],
    ["postgres://db/game?channel_binding=require", /channel_binding=require/],
    ["postgres://db/game?sslmode=no-verify&channel_binding=require", /channel_binding=require/],
    [
      "postgres://db/game?sslrootcert=system&sslmode=verify-ca",
      /sslrootcert=system&sslmode=verify-ca/,
    ],
    ["postgres://db/game?sslnegotiation=direct", /sslnegotiation=direct/],
    ["postgres://db/game?passfile=/p", /parameter passfile/],
    ["postgres://db/game?service=game", /parameter service/],
    ["postgres://db/game?require_auth=none", /parameter require_auth/],
    ["postgres://db/game?sslcrl=/c", /parameter sslcrl/],
    ["postgres://db:0/game", /not a URL/],
    ["postgres://db:65536/game", /not a URL/],
    ["postgres://db:port/game", /not a URL/],
  ])("%s is refused in words", (url, words) => {
    expect(() => read(url)).toThrow(words);
  });

  it.each([
    [{ PGHOSTADDR: "10.0.0.1" }, /PGHOSTADDR/],
    [{ PGSERVICE: "game" }, /service's name/],
    [{ PGHOST: "a,b" }, /several hosts/],
    [{ PGGSSENCMODE: "require" }, /gssencmode=require/],
    [{ PGTARGETSESSIONATTRS: "standby" }, /target_session_attrs=standby/],
    [{ PGCHANNELBINDING: "require" }, /channel_binding=require/],
  ])("refuses a variable that would lead pg_dump elsewhere: %o", (environment, words) => {
    expect(() => read("postgres://", environment)).toThrow(words);
  });

  it("reads a complete URL beside a service's name in the environment", () => {
    expect(read("postgres://u@db/game", { PGSERVICE: "other" })).toMatchObject({ host: "db" });
  });

  it("reaches the same database in plan and backup, whatever its name and its variables are", async () => {
    const host = await useTestDatabase({ server: "pg15", template: "empty" });
    const name = `${host.name}/#?=%`;
    await host.db.query(`create database "${name}" template template0`);
    onTestFinished(() => host.db.query(`drop database "${name}" with (force)`));
    const { user, port, host: folder } = host.server;
    const path = encodeURIComponent(name);
    const url = `postgres://${encodeURIComponent(folder)}:${port}/${path}`;
    const tables = `create table public.players (id text primary key);
      create table public.wallets (id serial primary key, user_id text not null unique references public.players)`;
    await withRepairConnection(`${url}?user=${user}`, "fixture", (client) => client.script(tables));
    const plan = join(useFolder(), "plan.json");
    const dumps = join(useFolder(), "dumps");
    for (const step of [
      ["plan", "--out", plan],
      ["backup", "--plan", plan, "--backup-dir", dumps],
    ]) {
      const run = startNewday([...step, "--database-url", url], { PGUSER: user });
      expect(await run.ended, run.output()).toBe(0);
    }
  });
});

it("A7: a name of the application in the URL does not replace ours", async () => {
  const { url } = await useLegacyDatabase();
  const [row] = await withRepairConnection(`${url}&application_name=psql`, "probe", (client) =>
    client.query("select current_setting('application_name') as name"),
  );
  expect(row).toEqual({ name: "newday-repair probe" });
});

describe("A8: a role that the session takes at its start", () => {
  it.each(["URL", "PGOPTIONS"])("dumps too, given by %s", async (place) => {
    const database = await useLegacyDatabase("pg15");
    const owner = await useOwner(database);
    const role = /\/\/([^@]+)@/.exec(owner)?.[1] ?? "";
    const member = `member_of_${role}`;
    await database.db.query(`create role ${member} login noinherit in role ${role}`);
    onTestFinished(() => database.db.query(`drop role ${member}`));
    const options = `-c role=${role}`;
    const url = owner.replace(`//${role}@`, `//${member}@`);
    const given = place === "URL" ? `${url}&options=${encodeURIComponent(options)}` : url;
    const environment = place === "URL" ? {} : { PGOPTIONS: options };
    const folder = useFolder();
    const plan = join(folder, "plan.json");
    for (const step of [
      ["plan", "--out", plan],
      ["backup", "--plan", plan, "--backup-dir", folder],
    ]) {
      const run = startNewday([...step, "--database-url", given], environment);
      expect(await run.ended, run.output()).toBe(0);
    }
  });
});

describe("A9: the proof of the server", () => {
  it.each([
    [
      "sslmode=verify-full&sslrootcert=system",
      { PGSSLMODE: "verify-full", PGSSLROOTCERT: "roots" },
    ],
    ["sslmode=verify-full", { PGSSLMODE: "verify-full", PGSSLROOTCERT: "roots" }],
    ["sslmode=require", { PGSSLMODE: "verify-full", PGSSLROOTCERT: "roots" }],
    ["sslmode=verify-ca&sslrootcert=/ca.pem", { PGSSLMODE: "verify-ca", PGSSLROOTCERT: "/ca.pem" }],
    ["sslmode=no-verify", { PGSSLMODE: "require" }],
    ["", { PGSSLMODE: "disable" }],
  ])("is the same for pg_dump: %s", (query, expected) => {
    expect(libpqVariables(read(`postgres://db/game?${query}`), "roots")).toMatchObject(expected);
  });
});
