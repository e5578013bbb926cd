import { expect, it } from "vitest";
import { useTestApp } from "../support/app.ts";
import { caller } from "../support/market.ts";

const KEY = `nd_service_${"k".repeat(40)}`;

it("tells Prometheus how long the posting queue is and what the engine has posted", async () => {
  const test = await useTestApp({ env: { NEWDAY_SERVICE_KEYS: KEY } });
  await caller(test, "game", KEY).post("/api/wallet/init", { userId: "p1" });
  const { body } = await test.app.inject({ method: "GET", url: "/metrics" });
  expect(body).toMatch(/^newday_posting_queue_depth 0$/m);
  expect(body).toMatch(/^newday_posting_operations_total [1-9]/m);
  expect(body).toMatch(/^newday_posting_repeats_total \d/m);
});
