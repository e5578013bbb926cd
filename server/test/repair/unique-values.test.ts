/** A13, A17: the proof's row satisfies the table's own rules, or the plan names the column. */
import { describe, expect, it } from "vitest";
import { withRepairConnection } from "../../src/repair/connection/connection.ts";
import { findRepair } from "../../src/repair/model/repairs.ts";
import { verify } from "../../src/repair/verify/verify.ts";
import { readPlanFile } from "../../src/repair/plan/plan-file.ts";
import { useTestDatabase } from "../support/database.ts";
import { applyTo, confirmations, keysOf, newday } from "./apply-support.ts";
import { planOf, useFolder, useLegacyDatabase } from "./legacy.ts";
import { findBlocking } from "./plan-support.ts";

/** A column that every wallet fills with another value, made of its number. */
const filled = (type: string, of: string, rule = "") =>
  `alter table public.wallets add special ${type};
   update public.wallets w set special = ${of}
     from (select id, row_number() over (order by id)::int as n from public.wallets) r where r.id = w.id;
   alter table public.wallets alter special set not null; ${rule};`;
const unique = (type: string, of: string, rule = "") =>
  filled(type, of, `alter table public.wallets add unique (special); ${rule}`);
const check = (rule: string) =>
  `alter table public.wallets add constraint special_rule check (${rule})`;

const CODE = "'AB-' || lpad(r.n::text, 4, '0')";
const COLUMNS: Record<string, string> = {
  "bytea of 8 bytes": unique("bytea", "int8send(r.n)", check("length(special) = 8")),
  "code with a pattern": unique("text", CODE, check("special ~ '^[A-Z]{2}-[0-9]{4}$'")),
  "code in capitals": unique("varchar(7)", CODE, check("special = upper(special)")),
  "short code": unique("char(4)", "lpad(r.n::text, 4, '0')"),
  "like a pattern": unique("text", "'pre-' || r.n || '-post'", check("special like 'pre-%-post'")),
  smallint: unique("smallint", "r.n", check("special > 0")),
  numeric: unique("numeric(6,2)", "r.n", check("special between 0 and 9999")),
  "number above 1000": unique("bigint", "1000 + r.n", check("special > 1000")),
  uuid: unique("uuid", "gen_random_uuid()"),
  inet: unique("inet", "'10.0.0.0'::inet + r.n"),
  cidr: unique("cidr", "set_masklen(('10.0.0.0'::inet + r.n), 32)::cidr"),
  macaddr: unique("macaddr", "('08:00:2b:00:00:' || lpad(to_hex(r.n % 256), 2, '0'))::macaddr"),
  jsonb: unique("jsonb", "jsonb_build_object('n', r.n)"),
  "jsonb with a member": unique("jsonb", "jsonb_build_object('n', r.n)", check("special ? 'n'")),
  "jsonb of a shape": unique(
    "jsonb",
    "jsonb_build_object('code', r.n)",
    check("jsonb_typeof(special -> 'code') = 'number'"),
  ),
  "array of numbers": unique("int[]", "array[r.n]"),
  "array of texts": unique("text[]", "array[r.n::text]", check("cardinality(special) = 1")),
  bit: unique("bit(24)", "r.n::bit(24)"),
  varbit: unique("bit varying(40)", "r.n::bit(24)::varbit"),
  date: unique("date", "date '2020-01-01' + r.n"),
  timestamp: unique("timestamptz", "timestamptz '2020-01-01' + r.n * interval '1 day'"),
  interval: unique("interval", "r.n * interval '1 day'"),
  time: unique("time", "time '00:00' + r.n * interval '1 second'"),
  range: unique("int4range", "int4range(r.n, r.n + 1)"),
  multirange: unique("datemultirange", "datemultirange(daterange(date '2020-01-01' + r.n, null))"),
  point: filled(
    "point",
    "point(r.n, r.n)",
    "alter table public.wallets add exclude using gist (special with ~=)",
  ),
  xml: filled("xml", "xmlparse(content '<a>' || r.n || '</a>')"),
  "exclusion of ranges": filled(
    "tstzrange",
    "tstzrange(timestamptz '2020-01-01' + r.n * interval '1 day', timestamptz '2020-01-02' + r.n * interval '1 day')",
    `alter table public.wallets add exclude using gist (special with &&); ${check("not isempty(special)")}`,
  ),
  domain: `create domain public.code as text check (value ~ '^[a-z]{3}[0-9]{5}$');
    ${unique("public.code", "'abc' || lpad(r.n::text, 5, '0')")}`,
  "domain over a domain": `create domain public.base as varchar(8) check (value <> '');
    create domain public.code as public.base check (length(value) = 8);
    ${unique("public.code", "lpad(r.n::text, 8, '0')")}`,
  citext: `create extension citext; ${unique("public.citext", "'Name' || r.n")}`,
  enum: `create type public.colour as enum ('red', 'green', 'blue');
    ${filled("public.colour", "'red'", "create unique index on public.wallets (special, user_id)")}`,
  "one-to-one key": `create table public.profiles (id uuid primary key default gen_random_uuid(), n int);
    insert into public.profiles (n) select g from generate_series(1, 5000) g;
    ${unique("uuid", "(select p.id from public.profiles p where p.n = r.n)", "alter table public.wallets add foreign key (special) references public.profiles")}`,
  "expression index": filled(
    "text",
    CODE,
    "create unique index on public.wallets (lower(special))",
  ),
  "partial index": filled(
    "text",
    CODE,
    "create unique index on public.wallets (special) where special <> 'none'",
  ),
  "several columns": `alter table public.wallets add region text not null default 'eu';
    ${filled("int", "r.n", "create unique index on public.wallets (region, special)")}`,
  "generated column": filled(
    "text",
    CODE,
    "alter table public.wallets add lowered text generated always as (lower(special)) stored unique",
  ),
  "nullable and not distinct": `alter table public.wallets add special text;
    update public.wallets set special = id::text;
    create unique index on public.wallets (special) nulls not distinct;
    alter table public.wallets add constraint special_rule check (special is not null)`,
  "constant default": `alter table public.wallets add special text default 'x' not null;
    update public.wallets set special = id::text; alter table public.wallets add unique (special)`,
  "columns tied by a rule": `alter table public.wallets add status text not null default 'open', add closed_at timestamptz;
    update public.wallets set status = 'closed', closed_at = now();
    alter table public.wallets alter status drop default, add constraint special_rule
      check (status in ('open', 'closed') and (status = 'open') = (closed_at is null))`,
  "an id with a prefix": `insert into public.players (id, nickname) select 'x:' || id, nickname from public.players;
    update public.wallets set user_id = 'x:' || user_id;
    ${check("user_id ~ '^[a-z]{1,8}:[0-9A-Za-z_-]{1,255}$'")}`,
};

describe("A17: the proof finds a value for a column of its own rules", () => {
  it.each(Object.entries(COLUMNS))("%s", async (_, sql) => {
    const database = await useLegacyDatabase("pg15", sql);
    const plan = await planOf(database.url);
    expect(findBlocking(plan)).toEqual([]);
    await applyTo(database.url, plan);
    expect(await keysOf(database)).toEqual([]);
  });

  const EMPTY: Record<string, string> = {
    pattern: "code text not null unique check (code ~ '^[A-Z]{3}-\\d{4}(-[a-f0-9]{2,4})?$')",
    list: "code text not null unique check (code in ('gold', 'silver'))",
    length: "code text not null unique check (char_length(code) = 11 and code ~ '^[0-9]+$')",
    bounds: "code int not null unique check (code > 5000 and code < 5003)",
    "several types":
      "a date not null unique, b inet not null unique, c bit(9) not null unique, d numeric(4,1) not null unique",
  };
  it.each(Object.entries(EMPTY))("of a table without rows, from the rules: %s", async (_, sql) => {
    const { url, db } = await useTestDatabase({ server: "pg15", template: "empty" });
    await withRepairConnection(url, "fixture", (client) =>
      client.script(`create table public.players (id text primary key);
        create table public.wallets (id serial primary key, ${sql},
          user_id text not null unique references public.players)`),
    );
    const plan = await planOf(url);
    expect(findBlocking(plan)).toEqual([]);
    await applyTo(url, plan);
    expect(await db.query("select from pg_constraint where contype = 'f'")).toEqual([]);
  });
});

const CHECKSUM = `create function public.valid(text) returns boolean immutable language sql as
    $$ select substr(md5(left($1, 6)), 1, 6) = right($1, 6) $$;
  ${unique("text", "lpad(r.n::text, 6, '0') || substr(md5(lpad(r.n::text, 6, '0')), 1, 6)", check("public.valid(special)"))}`;

describe("A17: where no value can be found", () => {
  it("the plan names the column and takes a value of the operator", async () => {
    const { url, db } = await useLegacyDatabase("pg15", CHECKSUM);
    const folder = useFolder();
    const on = ["--database-url", url];
    const asked = newday(["plan", ...on], folder);
    expect(asked.status, asked.stdout).toBe(3);
    expect(asked.stdout).toContain("wallets.special: no value found for special_rule");
    expect(asked.stdout).toContain("--probe-value wallets.special=VALUE");
    const [row] = await db.query<{ value: string }>(
      "select '999999' || substr(md5('999999'), 1, 6) as value",
    );
    const given = ["--probe-value", `wallets.special=${row?.value}`];
    const planned = newday(["plan", ...on, ...given, "--out", "plan.json"], folder);
    expect(planned.status, planned.stdout).toBe(0);
    const dumps = ["--backup-dir", "dumps"];
    const rehearsed = newday(["rehearse", ...on, "--plan", "plan.json", ...dumps], folder);
    expect(rehearsed.status, rehearsed.stdout).toBe(0);
    // The run journals the value: a verification on any later day needs no option.
    const { plan } = readPlanFile(`${folder}/plan.json`);
    const attested = ["--backup-attested", "test", ...confirmations(plan)];
    const applied = newday(["apply", ...on, "--plan", "plan.json", ...attested], folder);
    expect(applied.status, applied.stdout + applied.stderr).toBe(0);
    const verified = newday(["verify", ...on], folder);
    expect(verified.status, verified.stdout).toBe(0);
    expect(verified.stdout).toContain('row goes into "public"."wallets"');
    expect(newday(["plan", ...on, "--probe-value", "special"], folder).status).toBe(2);
  });

  it("an acceptance leaves the proof of the table to the catalogue", async () => {
    const database = await useLegacyDatabase("pg15", CHECKSUM);
    const plan = await planOf(database.url, "wallets", new Map([["B35", "a checksum"]]));
    expect(findBlocking(plan)).toEqual([]);
    await applyTo(database.url, plan);
    const { checks, verified } = await withRepairConnection(database.url, "test", (client) =>
      verify(client, findRepair("wallets")),
    );
    expect(verified).toBe(true);
    // The run journaled the acceptance: every later verification keeps to it, and ends with 0.
    expect(checks.find(({ id }) => id === "behaviour")).toMatchObject({
      ok: undefined,
      isAnswered: true,
    });
  });
});

it("A17: a row that a trigger refuses is named with both ways on, and an acceptance leaves it out", async () => {
  const database = await useLegacyDatabase(
    "pg15",
    `create function public.only_members() returns trigger language plpgsql as
       $$ begin if new.user_id !~ '^member' then raise 'members only'; end if; return new; end $$;
     create trigger only_members before insert on public.wallets for each row execute function public.only_members()`,
  );
  const { url } = database;
  await expect(applyTo(url, await planOf(url))).rejects.toThrow(
    /members only.*--probe-value.*--accept B35/s,
  );
  const folder = useFolder();
  const on = ["--database-url", url];
  const value = ["--probe-value", "wallets.user_id=member-new"];
  newday(["plan", ...on, ...value, "--out", "given.json"], folder);
  const given = newday(["rehearse", ...on, "--plan", "given.json", "--backup-dir", "d"], folder);
  expect(given.status, given.stdout + given.stderr).toBe(0);
  newday(["plan", ...on, "--accept", "B35=members only", "--out", "left.json"], folder);
  const left = newday(["rehearse", ...on, "--plan", "left.json", "--backup-dir", "d"], folder);
  expect(left.status, left.stdout + left.stderr).toBe(0);
  await applyTo(url, await planOf(url, "wallets", new Map([["B35", "members only"]])));
  expect(await keysOf(database)).toEqual([]);
}, 240_000);

describe("A13: an id of the longest promised length", () => {
  it("is what the proof inserts", async () => {
    const database = await useLegacyDatabase();
    const { probes } = await planOf(database.url);
    expect(probes.map(({ sql }) => sql).join()).toContain("255");
  });

  it("is asked of a rule that hides the length", async () => {
    const { url } = await useLegacyDatabase("pg15", check("length(user_id) <= 64"));
    const [found] = (await planOf(url)).findings.filter(({ id }) => id === "B26");
    expect(found?.evidence.en).toBe(
      "wallets.user_id: special_rule refuses an id of 255 characters",
    );
  });
});
