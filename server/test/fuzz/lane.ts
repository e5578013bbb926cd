/** One caller after the other: a lane has users of its own and sends its requests in order, so a seed repeats it. */
import fc from "fast-check";
import { encode, type Sent } from "./encode.ts";
import type { Client } from "./http-client.ts";
import { parse, type Answer, type Judge } from "./judge.ts";
import { Memory } from "./memory.ts";
import type { Report } from "./report.ts";
import type { CallerName, Plan } from "./requests.ts";

/** No request may keep its caller waiting longer, whatever it holds. */
const HANG_MS = 2_000;
/** Between two logins of the lane's user: a request of it may have ended the session. */
const PLANS_PER_LOGIN = 150;
const LANE_SEEDS = 1_000_003;
const UNANSWERED_MAX = 20;

export interface Grounds {
  readonly client: Client;
  readonly report: Report;
  readonly plans: fc.Arbitrary<Plan>;
  readonly judge: Judge;
  readonly starvedMs: (from: number, until: number) => number;
  readonly keys: Readonly<Record<"platform" | "operator" | "service", string>>;
}

export class Lane {
  sent = 0;
  slowestMs = 0;
  readonly #memory = new Memory();
  readonly #users: readonly string[];
  #keys = 0;
  #unanswered = 0;
  #token: string | undefined;

  readonly #grounds: Grounds;
  readonly #seed: number;
  readonly #at: number;

  constructor(grounds: Grounds, seed: number, at: number) {
    this.#grounds = grounds;
    this.#seed = seed;
    this.#at = at;
    this.#users = ["ada", "bo", "cy"].map((name) => `${name}-${at}`);
  }

  /** Opens its users and gives each of them things to move. */
  async prepare(): Promise<void> {
    for (const userId of this.#users) {
      this.#memory.add("user", userId);
      await this.#open(userId);
    }
  }

  async #open(userId: string): Promise<void> {
    await this.#mustSucceed("PUT", `/api/v1/wallets/${userId}`, {});
    for (const currency of ["game_coins", "cash", "computing_power"])
      await this.#mustSucceed(
        "POST",
        "/api/v1/mints",
        { userId, currency, amount: "5000" },
        "operator",
      );
    for (const name of ["blade", "任务跳过卡", "生命药水"]) {
      const item = {
        userId,
        name,
        type: name === "blade" ? "weapon" : "consumable",
        quantity: 200,
      };
      const { itemId } = (await this.#mustSucceed("POST", "/api/v1/items/grants", item)) as {
        itemId?: string;
      };
      if (itemId !== undefined) this.#memory.add("items", itemId);
    }
  }

  async run(requests: number, end: number): Promise<void> {
    for (let batch = 0; this.sent < requests && performance.now() < end; batch += 1) {
      await this.#login();
      const seed = this.#seed + LANE_SEEDS * (this.#at + 1) + batch;
      for (const plan of fc.sample(this.#grounds.plans, { seed, numRuns: PLANS_PER_LOGIN })) {
        if (this.sent >= requests || performance.now() >= end) return;
        await this.#send(plan);
        this.sent += 1;
      }
    }
  }

  async #send(plan: Plan): Promise<void> {
    const { report, judge, client } = this.#grounds;
    const { operation } = plan;
    const sent = encode(plan, this.#memory, this.#credentials(), () => this.#newKey());
    const started = performance.now();
    let answer: Answer;
    try {
      answer = await client.send(sent);
    } catch (error) {
      report.add(operation.id, { kind: "no answer", rule: String(error) }, sent, undefined);
      this.#unanswered += 1;
      if (this.#unanswered > UNANSWERED_MAX)
        throw new Error("the server does not answer", { cause: error });
      return;
    }
    this.#unanswered = 0;
    report.count(answer.status);
    this.#judgeTime(operation.id, sent, answer, started);
    for (const fault of judge(operation, sent, answer))
      report.add(operation.id, fault, sent, answer);
    if (answer.status >= 300) return;
    this.#memory.learn(operation, parse(answer.text));
    const { etag } = answer.headers;
    if (typeof etag === "string") this.#memory.add("etag", etag);
  }

  #judgeTime(operation: string, sent: Sent, answer: Answer, started: number): void {
    const ended = performance.now();
    const elapsed = ended - started;
    // Only a late reply is worth a look into /proc.
    const own = elapsed <= HANG_MS ? elapsed : elapsed - this.#grounds.starvedMs(started, ended);
    this.slowestMs = Math.max(this.slowestMs, own);
    if (own > HANG_MS)
      this.#grounds.report.add(
        operation,
        { kind: "hang", rule: `over ${HANG_MS} ms` },
        sent,
        answer,
      );
  }

  #credentials(): Readonly<Record<CallerName, string | undefined>> {
    return {
      ...this.#grounds.keys,
      user: this.#token,
      revoked: `nd_token_${"x".repeat(43)}`,
      none: undefined,
    };
  }

  #newKey(): string {
    this.#keys += 1;
    return `lane-${this.#at}-${this.#keys}`;
  }

  /** A request of the lane may have frozen its user, who then could not log in, or erased one. */
  async #restore(): Promise<void> {
    const target = `/api/v1/users/${this.#users[0]}/unfreeze`;
    for (const caller of ["platform", "operator"] as const) {
      const { status, text } = await this.#ask(
        "POST",
        target,
        { reason: "the next login" },
        caller,
      );
      const code = status < 300 ? "already_so" : (parse(text) as { code?: string }).code;
      if (code === "wallet_not_found") return this.#open(this.#users[0] ?? "");
      if (code !== "already_so") throw new Error(`${target}: ${status} ${text}`);
    }
  }

  async #login(): Promise<void> {
    await this.#restore();
    const body = { allinoneUserId: this.#users[0] };
    const reply = await this.#mustSucceed("POST", "/api/allinone/auth/login", body);
    this.#token = (reply as { token: string }).token;
  }

  async #mustSucceed(
    method: string,
    target: string,
    body: object,
    caller: "platform" | "operator" = "platform",
  ): Promise<unknown> {
    const { status, text } = await this.#ask(method, target, body, caller);
    if (status >= 300) throw new Error(`${method} ${target}: ${status} ${text}`);
    return parse(text);
  }

  #ask(method: string, target: string, body: object, caller: "platform" | "operator") {
    const headers = {
      "content-type": "application/json",
      authorization: `Bearer ${this.#grounds.keys[caller]}`,
      "idempotency-key": this.#newKey(),
    };
    const bytes = Buffer.from(JSON.stringify(body));
    return this.#grounds.client.send({ method, target, headers, body: bytes });
  }
}
