/** `/api/admin/repair`: the repair followed from a browser; it reads only. */
import { describe, expect, it } from "vitest";
import { useSession } from "../repair/session.ts";
import { applyTo, holdAsOld } from "../repair/apply-support.ts";
import { planOf } from "../repair/legacy.ts";
import { useTestApp } from "../support/app.ts";
import { useTestDatabase } from "../support/database.ts";
import { useOperatorOf, useOwner } from "../support/operator-browser.ts";
import { share } from "../support/test-end.ts";

const world = share(async () => {
  const database = await useTestDatabase();
  const server = await useTestApp({ database, env: { DATABASE_URL: database.url } });
  return { ...server, owner: await useOwner(server) };
});

const read = async (path: string) => {
  const { status, body } = await world().owner.call("GET", `/repair${path}`);
  return { status, body };
};

describe("the repair over HTTP", () => {
  it("is for owners", async () => {
    const economist = await useOperatorOf(world(), world().owner, {
      login: "eve",
      role: "economist",
    });
    for (const path of ["", "/plan", "/runbook", "/rollback"])
      expect((await economist.call("GET", `/repair${path}`)).status).toBe(403);
  });

  it("names the session that holds the tables, and what ends it, and plans beside it", async () => {
    const session = await useSession(world().database, "nightly report");
    await holdAsOld(session, "lock table public.wallets in row exclusive mode");
    const { body } = await read("");
    const blocker = body.blockers.find(({ isInTheWay }: { isInTheWay: boolean }) => isInTheWay);
    expect(blocker).toMatchObject({ mode: "RowExclusiveLock", pid: session.handshakePid });
    expect(blocker.unblock).toContain(`--pid ${session.handshakePid} --started '`);
    expect(blocker.unblock).toContain("--terminate");
    expect(body.keys).toHaveLength(1);
    const { body: plan } = await read("/plan");
    expect(plan.keys[0]).toMatchObject({ name: "wallets_user_id_players_id_fk" });
    expect(plan.locks.length).toBe(2);
    await session.query("rollback");
  });

  it("ticks the checklist and opens rollback options as the command repairs", async () => {
    expect((await read("/rollback")).body.code).toBe("rollback_refused");
    const before = (await read("/runbook")).body;
    expect(before).toMatchObject({ runId: null, markdown: null });
    const { url } = world().database;
    const plan = await planOf(url);
    await applyTo(url, plan);
    const { body } = await read("");
    expect(body).toMatchObject({ keys: [], runner: null });
    expect(body.runs[0]).toMatchObject({ runId: plan.id, repair: "wallets" });
    expect(body.journal).toMatchObject({ intact: true });
    const { body: runbook } = await read(`/runbook?run=${plan.id}`);
    const dropped = runbook.checklist.find(
      ({ title }: { title: { en: string } }) => title.en === "Foreign keys dropped",
    );
    expect(dropped.box).toBe("☑");
    expect(runbook.markdown.zh).toContain("运行手册");
    const { body: rollback } = await read("/rollback");
    expect(rollback.options.find(({ name }: { name: string }) => name === "exact").open).toBe(true);
  });

  it("answers 404 for a run that the journal does not have", async () => {
    expect((await read("/runbook?run=00000000-none")).status).toBe(404);
  });
});
