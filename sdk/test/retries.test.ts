/** When the SDK asks again, and when it does not. */
import { createServer } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { createClient } from "../src/index.ts";
import { createRequest } from "../src/request.ts";

interface Answer {
  readonly status: number;
  readonly retryAfter?: string;
  readonly body?: object;
  /** The line breaks inside the answer. */
  readonly cut?: true;
}

interface Asked {
  readonly at: number;
  readonly key: string | undefined;
}

/** A server that gives these answers in turn, and the last one from then on. */
async function useServer(...answers: Answer[]): Promise<{ base: string; asked: Asked[] }> {
  const asked: Asked[] = [];
  const server = createServer((request, reply) => {
    const answer = answers[asked.length] ?? answers.at(-1) ?? { status: 500 };
    const { status, retryAfter, body, cut } = answer;
    asked.push({ at: performance.now(), key: request.headers["idempotency-key"] as string });
    reply.writeHead(status, retryAfter === undefined ? {} : { "retry-after": retryAfter });
    if (cut) reply.write('{"id":', () => reply.destroy());
    else reply.end(JSON.stringify(body ?? {}));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.close();
  });
  return { base: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

const gift = { from: "user-001", to: "user-002", currency: "game_coins", amount: "25" };
const BUSY = { status: 503, retryAfter: "1" };

describe("retries", () => {
  it.each([429, 503])("wait as long as Retry-After of a %i says", async (status) => {
    const { base, asked } = await useServer({ status, retryAfter: "1" }, { status: 200 });
    await createClient({ baseUrl: base }).transfers.post(gift);
    const [first, second] = asked;
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(990);
    expect([second?.key, asked.length]).toEqual([first?.key, 2]);
    expect(first?.key).toBeDefined();
  });

  it("understand a date, and one that has passed", async () => {
    const past = new Date(Date.now() - 60_000).toUTCString();
    const { base, asked } = await useServer({ status: 503, retryAfter: past }, { status: 200 });
    await createClient({ baseUrl: base }).wallets.get("user-001");
    expect(asked).toHaveLength(2);
  });

  it("are left to the caller when the server asks for more than half a minute", async () => {
    const { base, asked } = await useServer({ status: 429, retryAfter: "31" });
    const call = createClient({ baseUrl: base }).transfers.post(gift);
    await expect(call).rejects.toMatchObject({
      status: 429,
      retryable: true,
      retryAfterMs: 31_000,
    });
    expect(asked).toHaveLength(1);
  });

  it("repeat what was lost inside the answer, with the same key", async () => {
    const { base, asked } = await useServer(
      { status: 200, cut: true },
      { status: 200, body: { id: "t" } },
    );
    const transfer = await createClient({ baseUrl: base }).transfers.post(gift);
    expect([transfer.id, asked.length, asked[1]?.key]).toEqual(["t", 2, asked[0]?.key]);
  });

  it("of a file that breaks off end with an error of ours", async () => {
    const { base, asked } = await useServer({ status: 200, cut: true });
    const { wallets } = createClient({ baseUrl: base });
    const call = wallets.exportStatement("user-001", "cash", { format: "csv" });
    await expect(call).rejects.toMatchObject({ name: "NewDayApiError", code: "no_answer" });
    expect(asked).toHaveLength(4);
  });

  it("end after four tries", async () => {
    const { base, asked } = await useServer({ status: 503, retryAfter: "0" });
    const call = createClient({ baseUrl: base }).wallets.get("user-001");
    await expect(call).rejects.toMatchObject({ status: 503 });
    expect(asked).toHaveLength(4);
  });

  it("never happen to a write without a key, nor to a refusal that would be the same again", async () => {
    const keyless = await useServer(BUSY);
    const post = createRequest({ baseUrl: keyless.base });
    await expect(post({ method: "POST", path: ["x"], body: {} })).rejects.toMatchObject({
      status: 503,
    });
    expect(keyless.asked).toHaveLength(1);
    const body = { code: "import_limit", detail: "not today", retryable: false };
    const refusing = await useServer({ status: 429, body });
    const call = createClient({ baseUrl: refusing.base }).transfers.post(gift);
    await expect(call).rejects.toMatchObject({ code: "import_limit" });
    expect(refusing.asked).toHaveLength(1);
  });
});
