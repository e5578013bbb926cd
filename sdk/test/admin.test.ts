/** The operators' entry and docs/openapi-admin.json, held together both ways. */
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { createAdminClient } from "../src/admin/index.ts";
import { operationsOf, readOpenapi } from "../../scripts/generate/openapi-model.ts";
import { openWallets } from "../../server/src/ledger/wallets/open-wallets.ts";
import { useClient } from "../../server/test/support/client.ts";
import { useOwner } from "../../server/test/support/operator-browser.ts";

/** They need the cookie of a person's login. */
const OF_LOGINS = [
  "postSetUp",
  "postOperatorSession",
  "getOperatorSession",
  "deleteOperatorSession",
  "postOwnPassword",
  "postSecondFactor",
  "postSecondFactorConfirmation",
];

it("calls every operation that a machine may by its method and path", async () => {
  const asked: string[] = [];
  const admin = createAdminClient({
    baseUrl: "http://newday.invalid",
    fetch: (url, init) => {
      asked.push(`${init?.method} ${decodeURIComponent(new URL(new Request(url).url).pathname)}`);
      return Promise.resolve(new Response("{}"));
    },
  });
  const operations = operationsOf(readOpenapi(readFileSync("docs/openapi-admin.json", "utf8")));
  const ofMachines = operations.filter(
    ({ operation }) => !OF_LOGINS.includes(operation.operationId),
  );
  expect(Object.keys(admin)).toEqual(ofMachines.map(({ operation }) => operation.operationId));
  expect(operations.length - ofMachines.length).toBe(OF_LOGINS.length);
  const calls = Object.values(admin) as ((...given: string[]) => Promise<unknown>)[];
  for (const [place, call] of calls.entries())
    await call(...(ofMachines[place]?.path.match(/\{\w+\}/g) ?? []));
  expect(asked).toEqual(ofMachines.map(({ method, path }) => `${method} ${path}`));
});

it("finds a user, freezes them and reads the act in the log", async () => {
  const server = await useClient();
  await openWallets(server.services, ["user-001"]);
  const owner = await useOwner(server);
  const { body } = await owner.call("POST", "/keys", { label: "bot", role: "support" });
  const admin = createAdminClient({ baseUrl: server.base, token: body.secret });
  const found = await admin.searchUsers({ q: "ser-00" });
  expect(found.data.map(({ userId }) => userId)).toContain("user-001");
  await admin.postUserFreeze("user-001", { reason: "double spending" });
  const log: string[] = [];
  for await (const act of admin.listActs({ subject: "user-001" })) log.push(act.what);
  expect(log).toHaveLength(1);
  await expect(admin.listOperators()).rejects.toMatchObject({ status: 403 });
});
