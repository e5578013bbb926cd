import { describe, expect, it } from "vitest";
import { ERRORS } from "../../../src/errors/error-table.ts";
import { useTestApp } from "../../support/app.ts";

describe("/docs", () => {
  it("shows every operation in both languages and loads nothing from elsewhere", async () => {
    const { app } = await useTestApp();
    const page = await app.inject("/docs");
    expect(page.statusCode).toBe(200);
    expect(page.headers["content-security-policy"]).toContain("default-src 'none'");
    expect(page.body).not.toMatch(/<script|src="http|href="http/);
    const { paths } = (await app.inject("/api/v1/openapi.json")).json<{
      paths: Record<string, Record<string, { operationId: string; "x-summary-zh": string }>>;
    }>();
    const operations = Object.values(paths).flatMap((methods) => Object.values(methods));
    const missing = operations.filter(
      ({ operationId, "x-summary-zh": zh }) =>
        !/^\p{Script=Han}/u.test(zh) ||
        ![`id="${operationId}"`, zh].every((one) => page.body.includes(one)),
    );
    expect(missing).toEqual([]);
  });

  it("has a page for every error, which its `type` points to", async () => {
    const { app } = await useTestApp();
    const list = await app.inject("/docs/errors");
    for (const code of Object.keys(ERRORS)) {
      expect(list.body).toContain(`/docs/errors/${code}`);
      const page = await app.inject(`/docs/errors/${code}`);
      expect([page.statusCode, page.body.includes(`<code>${code}</code>`)]).toEqual([200, true]);
    }
    const { type } = (await app.inject("/api/v1/wallets/alice")).json<{ type: string }>();
    expect((await app.inject(type)).statusCode).toBe(200);
    expect((await app.inject("/docs/errors/constructor")).statusCode).toBe(404);
  });
});
