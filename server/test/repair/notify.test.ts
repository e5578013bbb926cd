/** Notifying the partner: signed, once, with a receipt, and no secret in the journal. */
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { SMTPServer } from "smtp-server";
import { Webhook } from "standardwebhooks";
import { describe, expect, onTestFinished, test } from "vitest";
import { withRepairConnection } from "../../src/repair/connection/connection.ts";
import { emitter } from "../../src/repair/model/events.ts";
import { findRepair } from "../../src/repair/model/repairs.ts";
import { openJournal } from "../../src/repair/journal/journal.ts";
import { readEvents } from "../../src/repair/journal/journal-queries.ts";
import { findRun } from "../../src/repair/journal/run-story.ts";
import type { Channel } from "../../src/repair/aftercare/channels.ts";
import { composeNotice, NOTICE_KINDS } from "../../src/repair/aftercare/notice.ts";
import { notify } from "../../src/repair/aftercare/notify.ts";
import { useTestDatabase } from "../support/database.ts";

const SECRET = `whsec_${Buffer.from("0123456789abcdef0123456789abcdef").toString("base64")}`;

const NOTICE = composeNotice(
  "done",
  {
    environment: "production",
    repairTitle: { en: "Untie wallets from players", zh: "解除钱包与玩家的外键绑定" },
    partner: findRepair("wallets").partner,
    runId: "run-1",
    headHash: "ab".repeat(32),
    at: "2026-11-22T03:00:00.000Z",
    contact: "on-call@newday.example",
  },
  "en",
);

interface Taken {
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

/** A receiver that answers with the given statuses in turn, the last one for ever. */
async function useReceiver(...statuses: number[]): Promise<{ url: string; taken: Taken[] }> {
  const taken: Taken[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      taken.push({ headers: request.headers, body });
      response.statusCode = statuses[taken.length - 1] ?? statuses.at(-1) ?? 204;
      response.end("taken");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook/s3cret`, taken };
}

async function send(url: string, channels: readonly Channel[], runId = "run-1") {
  return withRepairConnection(url, "test", async (client) => {
    const journal = await openJournal({ runId, client, local: undefined });
    const past = (await findRun(client, { id: runId }))?.events ?? [];
    const said: string[] = [];
    const emit = emitter(({ type, text }) => said.push(`${type} ${text.en}`));
    const deliveries = await notify({
      journal,
      emit,
      notice: NOTICE,
      channels,
      past,
      delaysMs: [1, 1, 1],
    });
    return { deliveries, said, rows: await readEvents(client) };
  });
}

describe("notify", () => {
  test("signs a webhook so that the reference library accepts it and a changed body is refused", async () => {
    const { url } = await useTestDatabase({ template: "empty" });
    const receiver = await useReceiver(204);
    await send(url, [{ kind: "webhook", url: receiver.url, secret: SECRET }]);
    const [taken] = receiver.taken;
    const headers = taken?.headers as Record<string, string>;
    const verifier = new Webhook(SECRET);
    expect(verifier.verify(taken?.body ?? "", headers)).toMatchObject({
      type: "repair.done",
      data: { environment: "production", headHash: "ab".repeat(32) },
    });
    expect(() => verifier.verify(`${taken?.body} `, headers)).toThrow();
  });

  test("tries again after a 503 under the same id, says so at once, and journals queue, try and receipt", async () => {
    const { url } = await useTestDatabase({ template: "empty" });
    const receiver = await useReceiver(503, 503, 200);
    const { deliveries, rows, said } = await send(url, [
      { kind: "webhook", url: receiver.url, secret: SECRET },
    ]);
    expect(said[0]).toMatch(/^waiting Try 1 by webhook .*503 taken; again in/);
    expect(deliveries).toMatchObject([{ status: "delivered", attempts: 3, answer: "200 taken" }]);
    const ids = receiver.taken.map(({ headers }) => headers["webhook-id"]);
    expect(new Set(ids).size).toBe(1);
    expect(rows.map(({ body }) => (JSON.parse(body) as { status: string }).status)).toEqual([
      "queued",
      "delivered",
    ]);
  });

  test("does not send a delivered notice again when the command is run again", async () => {
    const { url } = await useTestDatabase({ template: "empty" });
    const receiver = await useReceiver(200);
    const channels: Channel[] = [{ kind: "chat", url: receiver.url }];
    await send(url, channels);
    const { deliveries } = await send(url, channels);
    expect(deliveries).toMatchObject([{ status: "delivered_before" }]);
    expect(receiver.taken).toHaveLength(1);
  });

  test("says so when no receiver takes it, and gives up at once on a refusal that time cannot mend", async () => {
    const { url } = await useTestDatabase({ template: "empty" });
    const refusing = await useReceiver(401);
    const { deliveries } = await send(url, [
      { kind: "webhook", url: refusing.url, secret: SECRET },
      { kind: "chat", url: "http://127.0.0.1:1/nobody" },
    ]);
    expect(deliveries).toMatchObject([
      { status: "failed", attempts: 1 },
      { status: "failed", attempts: 4 },
    ]);
    expect(deliveries[1]?.answer).toMatch(/ECONNREFUSED|bad port/);
  });

  test("mails through SMTP with a stable Message-ID and journals the server's answer", async () => {
    const { url } = await useTestDatabase({ template: "empty" });
    const mails: string[] = [];
    const sink = new SMTPServer({
      authOptional: true,
      disabledCommands: ["STARTTLS"],
      onData(stream, _session, done) {
        let text = "";
        stream.on("data", (chunk: Buffer) => (text += chunk.toString()));
        stream.on("end", () => {
          mails.push(text);
          done();
        });
      },
    });
    await new Promise<void>((resolve) => sink.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => sink.close());
    const { port } = sink.server.address() as AddressInfo;
    const { deliveries } = await send(url, [
      {
        kind: "mail",
        smtpUrl: `smtp://127.0.0.1:${port}`,
        from: "ops@newday.example",
        to: "partner@allinone.example",
      },
    ]);
    expect(deliveries).toMatchObject([{ status: "delivered", channel: "mail …@allinone.example" }]);
    expect(deliveries[0]?.answer).toMatch(/^250 /);
    expect(mails[0]).toMatch(/Message-ID: <msg_[0-9a-f]{32}@newday\.repair>/i);
  });

  test("keeps paths, passwords and mailboxes out of the journal", async () => {
    const { url } = await useTestDatabase({ template: "empty" });
    const receiver = await useReceiver(200);
    const { rows } = await send(url, [
      { kind: "webhook", url: receiver.url, secret: SECRET },
      { kind: "mail", smtpUrl: "smtp://me:hunter2@127.0.0.1:1", from: "a@b.c", to: "partner@x.y" },
    ]);
    const text = JSON.stringify(rows);
    for (const secret of ["s3cret", SECRET, "hunter2", "partner@"])
      expect(text).not.toContain(secret);
  });

  test("every notice is complete in both languages", () => {
    for (const kind of NOTICE_KINDS) {
      const notice = composeNotice(
        kind,
        { ...NOTICE.facts, detail: { en: "why", zh: "原因" } },
        "zh",
      );
      expect(notice.text).not.toMatch(/\{\w+\}/);
      expect(notice.subject).toMatch(/[一-鿿]/);
      expect(notice.text).toMatch(/联系人.*Contact: /s);
    }
  });
});
