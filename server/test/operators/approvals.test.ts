/** The second person: what needs one, who may be it, and what is judged again at the approval. */
import { beforeAll, describe, expect, it } from "vitest";
import { useTestApp } from "../support/app.ts";
import { expectSound } from "../support/ledger.ts";
import { logIn } from "../support/market.ts";
import {
  newKey,
  useOperatorOf,
  useOwner,
  type AdminReply,
  type OperatorBrowser,
} from "../support/operator-browser.ts";
import { share } from "../support/test-end.ts";

const REASON = "ticket 4711";

const opened = share(async () => {
  const test = await useTestApp();
  const owner = await useOwner(test);
  const lin = await useOperatorOf(test, owner, { login: "lin", role: "economist" });
  const mei = await useOperatorOf(test, owner, { login: "mei", role: "economist" });
  const sol = await useOperatorOf(test, owner, { login: "sol", role: "support" });
  return { test, owner, lin, mei, sol };
});

beforeAll(async () => {
  const { owner } = opened();
  const set = await owner.call("PUT", "/act-limits/game_coins", { maximum: "500", reason: REASON });
  expect(set.body).toMatchObject({ before: { maximum: "100000" }, after: { maximum: "500" } });
});

function adjust(by: OperatorBrowser, userId: string, amount: string, key = newKey()) {
  const body = { currency: "game_coins", amount, reason: REASON };
  return by.call("POST", `/users/${userId}/adjustments`, body, key);
}

function previewOf(by: OperatorBrowser, userId: string, amount: string) {
  const body = { currency: "game_coins", amount, reason: REASON };
  return by.call("POST", `/users/${userId}/adjustments?dryRun=true`, body);
}

function approve(by: OperatorBrowser, id: string, key = newKey(), query = "") {
  return by.call("POST", `/approvals/${id}/approval${query}`, {}, key);
}

/** An adjustment that waits. */
async function ask(userId: string, amount = "-700"): Promise<string> {
  await logIn(opened().test, userId);
  const asked = await adjust(opened().lin, userId, amount);
  expect(asked.status).toBe(202);
  return asked.body.approval;
}

const codeOf = ({ status, body }: AdminReply) => body.code ?? status;

async function balanceOf(userId: string): Promise<string> {
  const preview = await previewOf(opened().mei, userId, "1");
  return preview.body.before.balance;
}

const acts = async (subject: string) =>
  (await opened().owner.call("GET", `/acts?subject=${subject}`)).body.data.map(
    ({ what, operator }: { what: string; operator: string }) => `${what} by ${operator}`,
  );

describe("an act beyond the limit", () => {
  it("changes nothing until another operator approves it, and is in the log as both did it", async () => {
    await logIn(opened().test, "ap-1");
    const key = newKey();
    const preview = await previewOf(opened().lin, "ap-1", "-700");
    expect(preview.body).toMatchObject({ needsApproval: true, after: { balance: "300" } });
    const asked = await adjust(opened().lin, "ap-1", "-700", key);
    expect([asked.status, asked.body.transferId, asked.body.needsApproval]).toEqual([
      202,
      null,
      true,
    ]);
    const again = await adjust(opened().lin, "ap-1", "-700", key);
    expect(again.body).toEqual({ ...asked.body, replayed: true });
    expect(await balanceOf("ap-1")).toBe("1000");

    const id = asked.body.approval as string;
    const listed = await opened().mei.call("GET", "/approvals?status=pending&limit=1");
    expect(listed.body.data[0]).toMatchObject({
      id,
      what: "user adjust",
      subject: "ap-1",
      before: { balance: "1000" },
      after: { balance: "300" },
      askedBy: "operator:lin",
      isOwn: false,
    });
    const key2 = newKey();
    const done = await approve(opened().mei, id, key2);
    expect(done.body).toMatchObject({
      after: { balance: "300" },
      approval: id,
      needsApproval: false,
    });
    expect((await approve(opened().mei, id, key2)).body).toEqual({ ...done.body, replayed: true });
    expect(codeOf(await approve(opened().owner, id))).toBe("approval_decided");
    expect(await balanceOf("ap-1")).toBe("300");
    expect(await acts("ap-1")).toEqual(["user adjust by operator:lin"]);
    expect(await acts(id)).toEqual([
      "approval approve by operator:mei",
      "approval ask by operator:lin",
    ]);
    await expectSound(opened().test.database.db);
  });

  it("cannot be split: what one person moves on a day counts together, by their keys too", async () => {
    const { test, owner } = opened();
    await logIn(test, "ap-2");
    const by = await useOperatorOf(test, owner, { login: "tess", role: "economist" });
    expect((await adjust(by, "ap-2", "300")).status).toBe(201);
    expect((await adjust(by, "ap-2", "-201")).status).toBe(202);
    expect((await adjust(by, "ap-2", "-200")).status).toBe(201);
    expect((await adjust(by, "ap-2", "-1")).status).toBe(202);
  });

  it("of several at once is done alone only as far as the limit goes", async () => {
    const { test, owner } = opened();
    await logIn(test, "ap-3");
    const by = await useOperatorOf(test, owner, { login: "uma", role: "economist" });
    const replies = await Promise.all(
      Array.from({ length: 6 }, () => adjust(by, "ap-3", "200", newKey())),
    );
    expect(replies.filter(({ status }) => status === 201)).toHaveLength(2);
    expect(await balanceOf("ap-3")).toBe("1400");
  });

  it("that is impossible is refused at once, and no approval is asked for", async () => {
    await logIn(opened().test, "ap-4");
    expect(codeOf(await adjust(opened().lin, "ap-4", "-1001"))).toBe("insufficient_funds");
    const { body } = await opened().mei.call("GET", "/approvals");
    expect(body.data.map(({ subject }: { subject: string }) => subject)).not.toContain("ap-4");
  });
});

describe("an approval", () => {
  it("is not given by who asked, nor by a key that they made, nor by a key of that key", async () => {
    const { test, owner } = opened();
    await logIn(test, "own-1");
    const asked = await adjust(owner, "own-1", "-700");
    const id = asked.body.approval as string;
    expect(codeOf(await approve(owner, id))).toBe("approval_of_own");
    const made = await owner.call("POST", "/keys", { label: "robot", role: "owner" });
    const by = (secret: string) => ({ authorization: `Bearer ${secret}` });
    const withKey = (secret: string, url: string, payload: object) =>
      test.app.inject({
        method: "POST",
        url: `/api/admin${url}`,
        payload,
        headers: { ...by(secret), ...newKey() },
      });
    const byKey = await withKey(made.body.secret, `/approvals/${id}/approval`, {});
    expect(byKey.json().code).toBe("approval_of_own");
    const next = await withKey(made.body.secret, "/keys", { label: "robot 2", role: "owner" });
    const byNext = await withKey(next.json().secret, `/approvals/${id}/approval`, {});
    expect(byNext.json().code).toBe("approval_of_own");
    // An economist may not decide for an owner.
    expect(codeOf(await approve(opened().mei, id))).toBe("role_missing");
  });

  it("needs the asker's role", async () => {
    const id = await ask("role-1");
    expect(codeOf(await approve(opened().sol, id))).toBe("role_missing");
    expect((await approve(opened().owner, id)).status).toBe(201);
  });

  it("judges the present state: it is refused, and goes through once that allows it", async () => {
    const id = await ask("anew-1");
    expect((await adjust(opened().mei, "anew-1", "-400")).status).toBe(201);
    expect(codeOf(await approve(opened().owner, id))).toBe("insufficient_funds");
    await adjust(opened().owner, "anew-1", "400");
    const preview = await approve(opened().owner, id, newKey(), "?dryRun=true");
    expect(preview.body).toMatchObject({ before: { balance: "1000" }, dryRun: true });
    expect((await approve(opened().owner, id)).body).toMatchObject({ after: { balance: "300" } });
  });

  it("of two at once does the act once", async () => {
    const id = await ask("race-1");
    const replies = await Promise.all([approve(opened().owner, id), approve(opened().mei, id)]);
    const codes = replies.map(codeOf);
    expect([codes.includes(201), codes.includes("approval_decided")]).toEqual([true, true]);
    expect(await balanceOf("race-1")).toBe("300");
  });

  it("ends by a rejection with a reason, also by who asked", async () => {
    const { lin, mei } = opened();
    for (const [userId, by] of [
      ["no-1", mei],
      ["no-2", lin],
    ] as const) {
      const id = await ask(userId);
      const path = `/approvals/${id}/rejection`;
      expect(codeOf(await by.call("POST", path, {}, newKey()))).toBe("missing_fields");
      const rejected = await by.call("POST", path, { reason: "not proved" }, newKey());
      expect(rejected.body).toMatchObject({ after: { status: "rejected" } });
      expect(codeOf(await approve(opened().owner, id))).toBe("approval_decided");
      const { body } = await mei.call("GET", "/approvals?status=rejected&limit=1");
      expect(body.data[0]).toMatchObject({ id, status: "rejected", decisionReason: "not proved" });
      expect(await balanceOf(userId)).toBe("1000");
    }
  });

  it("expires", async () => {
    const id = await ask("late-1");
    await opened().test.database.db.query(
      "update newday.approvals set expires_at = now() - interval '1 second' where id = $1",
      [id],
    );
    expect(codeOf(await approve(opened().owner, id))).toBe("approval_expired");
    const { body } = await opened().mei.call("GET", "/approvals?status=pending");
    const row = body.data.find((one: { id: string }) => one.id === id);
    expect(row.status).toBe("expired");
  });
});
