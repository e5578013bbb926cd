/** The watch counts what clients feel: failed foreign keys of the log, answers 5xx of the metrics. */
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import type { Database } from "../../src/db/database.ts";
import { findRepair } from "../../src/repair/model/repairs.ts";
import { emitter, type RepairEvent } from "../../src/repair/model/events.ts";
import { followServerLog } from "../../src/repair/aftercare/failed-foreign-keys.ts";
import { inWords, type Sense } from "../../src/repair/aftercare/sense.ts";
import { followMetrics } from "../../src/repair/aftercare/server-errors.ts";
import { watch } from "../../src/repair/aftercare/watch.ts";
import { startServer } from "../support/server-process.ts";
import { until } from "../support/until.ts";
import { applyTo, newday, startNewday } from "./apply-support.ts";
import { planOf, useFolder, useLegacyDatabase } from "./legacy.ts";
import { useLoggingServer } from "./log-server.ts";

const KEY = "orm_made_this";
const BRING_BACK = `alter table public.wallets add constraint ${KEY} foreign key (user_id) references public.players (id) on delete cascade`;
const NEVER = new AbortController().signal;

beforeAll(() => {
  newday(["explain", "B01"]);
});

/** The story of a night: an old migration brings the key, a client meets it, somebody drops it. */
async function failOnce(db: Database, id = "a-stranger"): Promise<void> {
  await db.query(BRING_BACK);
  await expect(
    db.query("insert into public.wallets (user_id) values ($1)", [id]),
  ).rejects.toThrow();
  await db.query(`alter table public.wallets drop constraint ${KEY}`);
}

async function useSense(url: string, path: string): Promise<Sense> {
  const sense = await followServerLog({ target: url, repair: findRepair("wallets"), path });
  onTestFinished(() => sense.close());
  return sense;
}

describe("failed foreign keys", () => {
  it.each([
    ["pg15", "%m [%p] %q%u@%d %e "],
    ["pg15", "%m [%p] "],
    ["pg18", "%m [%p] %q%u@%d %e "],
  ] as const)(
    "of a real client are counted in every form of a real log: %s, prefix %s",
    async (version, prefix) => {
      const { db, url, log } = await useLoggingServer(version, { log_line_prefix: prefix });
      for (const form of ["log", "csv", "json"] as const) {
        // The collector writes when it comes to it; only what comes later is counted.
        await failOnce(db, `before-the-${form}`);
        await until(() => readFileSync(log(form), "utf8").includes(`before-the-${form}`));
        const sense = await useSense(url, log(form));
        expect(await sense.read(NEVER)).toMatchObject({ total: 0, trouble: undefined });
        await failOnce(db);
        await expect(db.query("select 1 from no_such_table")).rejects.toThrow();
        let total = 0;
        await until(async () => (total = (await sense.read(NEVER)).total ?? 0) > 0);
        expect(total, form).toBe(1);
        const reading = await sense.read(NEVER);
        expect(inWords(reading)[0]).toBe(`failed foreign keys in the log: 1: ${KEY} 1`);
        expect(JSON.stringify(reading)).not.toContain("stranger");
      }
    },
  );

  it("are not seen where the server does not log errors, and that is said", async () => {
    const { url, log } = await useLoggingServer("pg15", { log_min_messages: "fatal" });
    const { trouble } = await (await useSense(url, log("log"))).read(NEVER);
    expect(trouble?.[0]).toContain("log_min_messages = fatal");
  });

  it("that came and went between two looks end the watch with a warning, in the terminal and the journal", async () => {
    const { db, url, log } = await useLoggingServer("pg15");
    await db.query(BRING_BACK);
    await applyTo(url, await planOf(url));
    const { ended, output, child } = startNewday([
      "watch", "--for", "10m", "--every", "1s", "--server-log", log("csv"), "--database-url", url,
    ]); // prettier-ignore
    await until(() => output().includes("no key; rows of strangers: 0"));
    expect(output()).toContain("failed foreign keys in the log: 0");
    expect(output()).toContain("not watched: answers 5xx (--metrics-url <url> would show them)");
    // In one transaction no look can see the key; the client's error is logged all the same.
    await expect(
      db.transaction(async (tx) => {
        await tx.query(BRING_BACK);
        await tx.query("insert into public.wallets (user_id) values ('nobody-knows-me')");
      }),
    ).rejects.toThrow();
    await until(() => output().includes(`failed foreign keys in the log: 1 (+1): ${KEY} 1`));
    child.kill("SIGINT");
    expect(await ended, output()).toBe(0);
    expect(output()).toMatch(/! watched for .*failed foreign keys in the log: 1: orm_made_this 1/);
    expect(output()).not.toContain("nobody-knows-me");
    const rows = await db.query<{ body: string }>(
      "select body from newday.repair_events where body like '%failedForeignKeys%'",
    );
    expect(rows.map(({ body }) => JSON.parse(body) as object)).toMatchObject([
      { outcome: "stopped", failedForeignKeys: { total: 1, byConstraint: { [KEY]: 1 } } },
    ]);
  });
});

/** A server whose metrics a test writes itself. */
async function useMetrics(answer: () => { status?: number; body?: string; never?: boolean }) {
  const server = createServer((_request, response) => {
    const { status = 200, body = "", never } = answer();
    if (never) return;
    response.writeHead(status, status === 302 ? { location: "/elsewhere" } : {});
    response.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  onTestFinished(close);
  const { port } = server.address() as AddressInfo;
  return { url: new URL(`http://127.0.0.1:${port}/metrics`), close };
}

describe("answers 5xx", () => {
  it("of a New Day server whose database is not repaired are counted by its own metrics", async () => {
    const database = await useLegacyDatabase("pg15");
    const base = await startServer({ DATABASE_URL: database.url }).base;
    const sense = followMetrics(new URL(`${base}/metrics`));
    expect(await sense.read(NEVER)).toMatchObject({ total: 0, trouble: undefined });
    expect(await sense.read(NEVER)).toMatchObject({ total: 0, trouble: undefined });
    expect((await fetch(`${base}/api/shared/wallet/a-stranger`)).status).toBe(503);
    expect((await fetch(`${base}/api/shared/wallet/%zz`)).status).toBe(400);
    const reading = await sense.read(NEVER);
    expect(inWords(reading)[0]).toBe("answers 5xx: 1 (+1): newday_http_requests_total");
    expect(inWords(reading)[1]).toBe("5xx 应答：1（+1）：newday_http_requests_total");
  });

  it("are unknown and not zero while nobody answers, and are counted from the first answer", async () => {
    let answer: Parameters<typeof useMetrics>[0] = () => ({ status: 503 });
    const { url } = await useMetrics(() => answer());
    const sense = followMetrics(url);
    const refused = await sense.read(NEVER);
    expect(inWords(refused)[0]).toBe("answers 5xx: unknown");
    expect(refused.trouble?.[0]).toContain("answered 503");
    expect(refused.facts["total"]).toBeNull();
    answer = () => ({ body: 'a_total{status="500"} 5' });
    expect(await sense.read(NEVER)).toMatchObject({ total: 0, trouble: undefined });
    answer = () => ({ status: 302 });
    expect((await sense.read(NEVER)).trouble?.[0]).toContain("answered 302");
    answer = () => ({ body: 'a_total{status="500"} 7' });
    expect(await sense.read(NEVER)).toMatchObject({ total: 2, growth: 2, trouble: undefined });
  });

  it("are not waited for: a server that says nothing, or is away, is a state", async () => {
    const silent = await useMetrics(() => ({ never: true }));
    expect((await followMetrics(silent.url).read(NEVER)).trouble?.[0]).toContain("within 5.0 s");
    silent.close();
    expect((await followMetrics(silent.url).read(NEVER)).trouble?.[0]).toContain("ECONNREFUSED");
  });

  it("cannot be seen where no counter knows the status, and that is said at the second look", async () => {
    const { url } = await useMetrics(() => ({ body: "<html>log in</html>" }));
    const sense = followMetrics(url);
    await sense.read(NEVER);
    expect((await sense.read(NEVER)).trouble?.[0]).toContain("no counter by HTTP status");
  });

  it("warn in the line of the look and at the end, and blindness is said once", async () => {
    const { url: target } = await useLegacyDatabase(
      "pg15",
      "alter table public.wallets drop constraint wallets_user_id_players_id_fk",
    );
    let looks = 0;
    const bodies = [{ body: 'a_total{code="500"} 1' }, { status: 500 }, { status: 500 }];
    const { url } = await useMetrics(() => bodies[looks++] ?? { body: 'a_total{code="500"} 3' });
    const events: RepairEvent[] = [];
    const stop = new AbortController();
    const result = await watch({
      target,
      repair: findRepair("wallets"),
      schema: undefined,
      forMs: 60_000,
      everyMs: 50,
      senses: [followMetrics(url)],
      emit: emitter((event) => {
        events.push(event);
        if (event.text[0].includes("(+2)")) stop.abort();
      }),
      signal: stop.signal,
      onWindowClosed: () => Promise.resolve(),
    });
    expect(result).toMatchObject({
      felt: true,
      failedForeignKeys: null,
      serverErrors: { total: 2, counter: "a_total", state: "seen" },
    });
    expect(result.text[0]).toContain("answers 5xx: 2: a_total");
    expect(events.map(({ type, text }) => [type, text[0]])).toEqual([
      ["note", "not watched: failed foreign keys (--server-log <file> would show them)"],
      ["waiting", expect.stringContaining("; answers 5xx: 0")],
      ["warning", "the metrics answered 500; answers 5xx are not seen now"],
      ["note", "seen again: answers 5xx: 2 (+2): a_total"],
      ["warning", expect.stringContaining("answers 5xx: 2 (+2): a_total")],
    ]);
  });
});

describe("the options of the watch", () => {
  it("refuse what would show a zero that means nothing, naming option, rule and remedy", async () => {
    const { url } = await useLegacyDatabase("pg15");
    const folder = useFolder();
    const cases: readonly (readonly [readonly string[], string])[] = [
      [["--server-log", join(folder, "x.log")], "give --for, for example --for 24h"],
      [["--for", "1s", "--metrics-url", "newday.example"], "https://newday.example/metrics"],
      [["--for", "1s", "--metrics-url", "file:///etc/hosts"], "http or https address"],
    ];
    for (const [args, words] of cases) {
      const { status, stderr } = newday(["watch", ...args, "--database-url", url]);
      expect(status, stderr).toBe(2);
      expect(stderr).toContain(words);
    }
  });

  it("refuse a log that cannot be read with exit 2, and go on without one that is to come", async () => {
    const database = await useLegacyDatabase("pg15");
    await applyTo(database.url, await planOf(database.url));
    const folder = useFolder();
    const look = (path: string) =>
      newday(["watch", "--for", "1s", "--every", "1s", "--json", "--server-log", path, "--database-url", database.url]); // prettier-ignore
    const refused = look(folder);
    expect(refused.status, refused.stdout).toBe(2);
    expect(refused.stdout).toContain("--server-log");
    const coming = look(join(folder, "later.log"));
    expect(coming.status, coming.stdout).toBe(0);
    const events = coming.stdout.trim().split("\n").map((line) => JSON.parse(line) as object); // prettier-ignore
    expect(events).toContainEqual(
      expect.objectContaining({ sense: "failedForeignKeys", seen: false }),
    );
    expect(events).toContainEqual(
      expect.objectContaining({
        outcome: "completed",
        failedForeignKeys: { total: 0, bytesRead: 0, state: "absent", byConstraint: {} },
        serverErrors: null,
      }),
    );
  });
});
