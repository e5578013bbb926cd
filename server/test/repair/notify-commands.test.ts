/** `notify` and `watch --notify` as a person runs them: the receivers and the exit codes. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import type { TestDatabase } from "../support/database.ts";
import { until } from "../support/until.ts";
import { applyTo, newday, startNewday } from "./apply-support.ts";
import { planOf, useLegacyDatabase } from "./legacy.ts";

beforeAll(() => {
  newday(["explain", "B01"]);
});

/** A chat room that keeps what it is told. */
async function useChat(status = 200): Promise<{ url: string; told: string[] }> {
  const told: string[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      told.push((JSON.parse(body) as { text: string }).text);
      response.statusCode = status;
      response.end("ok");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/room`, told };
}

async function useRepaired(): Promise<TestDatabase> {
  const database = await useLegacyDatabase();
  await applyTo(database.url, await planOf(database.url));
  return database;
}

function start(args: readonly string[], { url }: TestDatabase, chatUrl: string) {
  return startNewday([...args, "--database-url", url], { NEWDAY_NOTIFY_CHAT_URL: chatUrl });
}

async function run(args: readonly string[], database: TestDatabase, chatUrl: string) {
  const { ended, output } = start(args, database, chatUrl);
  return { status: await ended, output: output() };
}

describe("notify", () => {
  it("tells once that it is done, and the second time that it was told", async () => {
    const database = await useRepaired();
    const chat = await useChat();
    const first = await run(["notify"], database, chat.url);
    expect(first.status, first.output).toBe(0);
    const second = await run(["notify"], database, chat.url);
    expect(second.status, second.output).toBe(0);
    expect(second.output).toContain("was delivered earlier");
    expect(chat.told).toHaveLength(1);
    expect(newday(["status", "--database-url", database.url]).stdout).toContain("NOTIFIED");
  });

  it("refuses to call done what is not, and sends no notice", async () => {
    const database = await useLegacyDatabase();
    const chat = await useChat();
    const { status, output } = await run(["notify"], database, chat.url);
    expect(status, output).toBe(3);
    expect(output).toContain("still there");
    expect(chat.told).toEqual([]);
  });

  it("ends with 8 when the room refuses, and leaves the repair verified", async () => {
    const database = await useRepaired();
    const chat = await useChat(403);
    const { status, output } = await run(["notify"], database, chat.url);
    expect(status, output).toBe(8);
    expect(newday(["verify", "--database-url", database.url]).status).toBe(0);
  });

  it("records what the partner answered, and the report shows it as vouched for", async () => {
    const database = await useRepaired();
    const answer = "works for our users, ticket AIO-4711";
    const recorded = newday(["notify", "--partner-answer", answer, "--database-url", database.url]);
    expect(recorded.status, recorded.stderr).toBe(0);
    const { stdout } = newday(["report", "--database-url", database.url]);
    expect(stdout).toMatch(/✎ \*\*Partner answered.*\n.*AIO-4711/);
  });
});

describe("watch --notify", () => {
  it("tells that the window has closed at the first external user, and that the key is back, and ends with 10", async () => {
    const database = await useRepaired();
    const chat = await useChat();
    const args = ["watch", "--for", "10m", "--every", "1s", "--notify"];
    const { ended, output } = start(args, database, chat.url);
    await until(() => output().includes("no key; rows of external users: 0"));
    await database.db.query("insert into public.wallets (user_id) values ('first-stranger')");
    await until(() => chat.told.length === 1);
    await database.db.query(
      "alter table public.wallets add constraint orm foreign key (user_id) references public.players (id) not valid",
    );
    expect(await ended, output()).toBe(10);
    expect(chat.told).toHaveLength(2);
    expect(chat.told.join("\n")).not.toContain("first-stranger");
    const { stdout } = newday(["status", "--database-url", database.url]);
    expect(stdout).toContain("watch failed");
  });
});
