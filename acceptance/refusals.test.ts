/** The message of a failed start: one line that a person can act on, and a true exit code. */
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { beforeAll, expect, it, onTestFinished } from "vitest";
import { freePort } from "../server/test/support/free-port.ts";
import { npmStart, run, useFolder } from "./support/new-day.ts";

const REFUSED = 3;

beforeAll(async () => {
  await run(process.execPath, ["scripts/bootstrap.mjs", "start"]);
});

async function serve(env: NodeJS.ProcessEnv) {
  const port = env["PORT"] ?? String(await freePort());
  const { code, output } = await run(process.execPath, ["server/dist/main.js"], {
    env: { ...env, PORT: port },
  });
  const lines = output.split("\n").filter(Boolean);
  return { code, line: lines.at(-1) ?? "", count: lines.length };
}

it("a database where nothing listens is named without its password, and nothing is made", async () => {
  const folder = useFolder();
  const { code, line, count } = await serve({
    DATABASE_URL: `postgres://newday:s3cret@127.0.0.1:${await freePort()}/newday`,
    NEWDAY_DATA_DIR: join(folder, "data"),
  });
  expect(line).toMatch(/^newday: .*127\.0\.0\.1:\d+\/newday.*nothing listens/);
  expect(line).not.toContain("s3cret");
  expect(count).toBe(1);
  expect(code).toBe(1);
  expect(readdirSync(folder)).toEqual([]);
});

it("a DATABASE_URL that is not PostgreSQL's is refused by its rule", async () => {
  const { code, line, count } = await serve({ DATABASE_URL: "mysql://u:s3cret@localhost/x" });
  expect(line).toContain("DATABASE_URL");
  expect(line).not.toContain("s3cret");
  expect([code, count]).toEqual([2, 1]);
});

it("a port in use is named before any folder is made", async () => {
  const folder = useFolder();
  const other = createServer();
  const port = await new Promise<number>((listening) => {
    other.listen(0, "127.0.0.1", () => listening((other.address() as { port: number }).port));
  });
  onTestFinished(() => void other.close());
  const { code, line, count } = await serve({
    PORT: String(port),
    NEWDAY_DATA_DIR: join(folder, "data"),
  });
  expect(line).toContain(`port ${port}`);
  expect([code, count]).toEqual([REFUSED, 1]);
  expect(readdirSync(folder)).toEqual([]);
});

it("a data folder of a newer PostgreSQL is left as it is", async () => {
  const data = join(useFolder(), "data");
  mkdirSync(data);
  writeFileSync(join(data, "newday.json"), '{"format":1,"postgresMajor":19}');
  const { code, line, count } = await serve({ NEWDAY_DATA_DIR: data });
  expect(line).toContain("PostgreSQL 19");
  expect([code, count]).toEqual([REFUSED, 1]);
  expect(readdirSync(data)).toEqual(["newday.json"]);
});

it("a folder with files of another program is left as it is", async () => {
  const data = join(useFolder(), "data");
  mkdirSync(data);
  writeFileSync(join(data, "holiday.jpg"), "");
  const { code, line } = await serve({ NEWDAY_DATA_DIR: data });
  expect(line).toContain("holiday.jpg");
  expect(code).toBe(REFUSED);
  expect(readdirSync(data)).toEqual(["holiday.jpg"]);
});

it("a data folder in use is refused by naming its owner, who goes on serving", async () => {
  const data = join(useFolder(), "data");
  const owner = await npmStart(process.cwd(), { NEWDAY_DATA_DIR: data });
  const { code, line, count } = await serve({ NEWDAY_DATA_DIR: data });
  expect(line).toMatch(/in use by New Day process \d+/);
  expect([code, count]).toEqual([REFUSED, 1]);
  expect((await owner.get("/readyz")).status).toBe(200);
  await owner.end("SIGTERM");
});
