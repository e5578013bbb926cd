import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { withRepairConnection } from "../../src/repair/connection/connection.ts";
import { findRepair } from "../../src/repair/model/repairs.ts";
import { verify } from "../../src/repair/verify/verify.ts";
import { applyTo, factsOf } from "./apply-support.ts";
import { planOf } from "./legacy.ts";
import { findBlocking } from "./plan-support.ts";
import { usePrimary, useStandby } from "./standby-server.ts";

it("is refused on a standby by B02, and on the promoted copy by its timeline", async () => {
  const database = await usePrimary();
  const plan = await planOf(database.url);
  const standby = await useStandby(database.server, database.name);

  expect(findBlocking(await planOf(standby.url))).toEqual(["B02"]);
  await expect(applyTo(standby.url, plan)).rejects.toMatchObject({
    details: { finding: "B02" },
  });
  const proof = await withRepairConnection(standby.url, "test", (client) =>
    verify(client, findRepair("wallets")),
  );
  expect(proof.checks.find(({ id }) => id === "behaviour")?.ok).toBeUndefined();

  await standby.db.query("select pg_promote()");
  for (let waiting = true; waiting; await sleep(100)) {
    const [row] = await standby.db.query<{ standby: boolean }>(
      "select pg_is_in_recovery() as standby",
    );
    waiting = row?.standby ?? true;
  }
  await expect(applyTo(standby.url, plan)).rejects.toThrow(/B01.*timeline/);
  expect((await factsOf(database)).keys).toHaveLength(1);
  expect((await applyTo(database.url, plan)).outcome).toBe("repaired");
});
