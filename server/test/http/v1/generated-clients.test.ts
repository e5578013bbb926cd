/** The OpenAPI document, met by other people's tools: what is refused by form stands in it. */
import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { useTestApp } from "../../support/app.ts";
import { useV1 } from "./support.ts";

async function readDocument() {
  const { app } = await useTestApp();
  // oxlint-disable-next-line typescript/no-explicit-any -- a tool reads whatever stands in it
  return (await app.inject("/api/v1/openapi.json")).json() as any;
}

/** Every object in the document, with its path. */
function* nodes(value: unknown, path = ""): Generator<[string, Record<string, unknown>]> {
  if (typeof value !== "object" || value === null) return;
  yield [path, value as Record<string, unknown>];
  for (const [name, part] of Object.entries(value)) yield* nodes(part, `${path}/${name}`);
}

describe("O1: the OpenAPI document", () => {
  it("has patterns that ECMA-262, RE2, Python, Java and .NET share", async () => {
    const patterns = [...nodes(await readDocument())].flatMap(([, { pattern }]) =>
      typeof pattern === "string" ? [pattern] : [],
    );
    expect(patterns.length).toBeGreaterThan(20);
    for (const pattern of new Set(patterns)) {
      expect(pattern).not.toMatch(/\\[pPuU]|\(\?|\\[1-9QEk]/);
      expect(() => new RegExp(pattern, "u")).not.toThrow();
      expect(pattern).not.toMatch(/[\ud800-\udfff]/); // .NET reads halves of letters
      expect(pattern).not.toContain("\ufeff"); // Go refuses a source file with this mark inside
      // RE2 repeats a part at most 1,000 times.
      for (const [, most] of pattern.matchAll(/\{\d*,?(\d+)\}/g))
        expect(Number(most)).toBeLessThanOrEqual(1000);
    }
    const compile = "import json,re,sys\nfor p in json.load(sys.stdin): re.compile(p)";
    const python = spawnSync("python3", ["-c", compile], {
      input: JSON.stringify(patterns),
      encoding: "utf8",
    });
    if (python.error === undefined) expect(python.stderr).toBe("");
  });

  it("names its licence as OpenAPI 3.1 asks", async () => {
    const { info } = await readDocument();
    expect(info.license).toEqual({ name: "Apache-2.0", identifier: "Apache-2.0" });
  });

  it("has no schema with a format of time and a pattern", async () => {
    for (const [path, { format, pattern }] of nodes(await readDocument()))
      expect([path, format !== undefined && pattern !== undefined]).toEqual([path, false]);
  });

  it("has no null beside a reference, which generators drop", async () => {
    for (const [path, { anyOf }] of nodes(await readDocument())) {
      const choices = Array.isArray(anyOf) ? (anyOf as { type?: string; $ref?: string }[]) : [];
      const isNullable = choices.some(({ type }) => type === "null");
      const refers = choices.some(({ $ref }) => $ref !== undefined);
      expect([path, isNullable && refers]).toEqual([path, false]);
    }
    for (const [path, { type }] of nodes(await readDocument()))
      expect([path, Array.isArray(type)]).toEqual([path, false]);
  });

  it("requires a body and a key where the server does, and only there", async () => {
    const { paths } = await readDocument();
    const required = (path: string, method: string) => {
      const { requestBody, parameters = [] } = paths[`/api/v1${path}`][method];
      const key = parameters.find(({ name }: { name: string }) => name === "Idempotency-Key");
      return [requestBody.required, key?.required ?? false];
    };
    const account = "/wallets/{userId}/accounts/{currency}";
    expect(required("/wallets/{userId}", "put")).toEqual([false, false]);
    expect(required(`${account}/close`, "post")).toEqual([false, true]);
    expect(required(`${account}/reopen`, "post")).toEqual([false, true]);
    expect(required(`${account}/freeze`, "post")).toEqual([true, true]);
    expect(required("/transfers", "post")).toEqual([true, false]); // has a dry run
    expect(required("/mints", "post")[0]).toBe(true);
    const { call } = await useV1();
    expect((await call("PUT", "/wallets/dora", { key: null })).status).toBe(201);
    expect((await call("POST", "/wallets/dora/accounts/cash/close")).status).toBe(201);
    const transfer = { from: "alice", to: "bob", currency: "game_coins", amount: "1" };
    expect(
      (await call("POST", "/transfers?dryRun=true", { key: null, body: transfer })).status,
    ).toBe(200);
    expect((await call("POST", "/transfers", { key: null, body: transfer })).status).toBe(400);
  });

  it("has the rules for names: of metadata, of prices, of an opened user and of a grant", async () => {
    const { components, paths } = await readDocument();
    const { Metadata, Prices, OpenedUserId } = components.schemas;
    expect(Metadata.propertyNames.pattern).toBe("^[A-Za-z][A-Za-z0-9_.-]{0,63}$");
    expect(Prices.propertyNames.pattern).toBe("^[a-z][a-z0-9_]{1,31}$");
    const [parameter] = paths["/api/v1/wallets/{userId}"].put.parameters;
    expect(parameter.schema.$ref ?? parameter.schema).toMatch(/OpenedUserId$/);
    const grant = paths["/api/v1/items/grants"].post.requestBody.content["application/json"].schema;
    expect(grant.properties.name).toMatchObject({ minLength: 1, maxLength: 255 });

    const { call } = await useV1();
    const refused = async (path: string, body?: object, method = "POST") => {
      const reply = await call(method, path, body === undefined ? {} : { body });
      return [reply.status, reply.body.field, reply.body.code];
    };
    for (const userId of ["Ünal", "a b", "_x", "a%2Fb", "x".repeat(256)]) {
      const fits =
        new RegExp(OpenedUserId.pattern, "u").test(decodeURIComponent(userId)) &&
        userId.length <= 255;
      const reply = await refused(
        `/wallets/${encodeURIComponent(decodeURIComponent(userId))}`,
        {},
        "PUT",
      );
      expect([userId, fits, ...reply]).toEqual([userId, false, 400, "userId", "invalid_user_id"]);
    }
    const transfer = { from: "alice", to: "bob", currency: "game_coins", amount: "1" };
    for (const name of ["", "1a", "a b", "é", "x".repeat(65), "a\u0000"])
      expect(await refused("/transfers", { ...transfer, metadata: { [name]: "x" } })).toEqual([
        400,
        ["metadata", name].filter(Boolean).join("."),
        "invalid_field",
      ]);
    expect((await refused("/items/grants", { userId: "alice", name: "", type: "weapon" }))[0]).toBe(
      400,
    );
  });

  it("is held by the server for texts and times: control characters and half letters are refused", async () => {
    const { call } = await useV1();
    const transfer = { from: "alice", to: "bob", currency: "game_coins", amount: "1" };
    for (const reference of ["a\u0000b", "\u007f", "a\u009fb", "\ud800", "x\udfffy", ""])
      expect((await call("POST", "/transfers", { body: { ...transfer, reference } })).status).toBe(
        400,
      );
    for (const metadata of [{ a: "\ud83d" }, { a: "\u001b" }])
      expect((await call("POST", "/transfers", { body: { ...transfer, metadata } })).status).toBe(
        400,
      );
    for (const effectiveAt of [
      "2026-11-22",
      "2026-11-22T25:00:00Z",
      "now",
      "2026-11-22 08:00:00Z",
    ]) {
      const reply = await call("POST", "/transfers", { body: { ...transfer, effectiveAt } });
      expect([reply.status, reply.body.field]).toEqual([400, "effectiveAt"]);
    }
    const good = { ...transfer, reference: "🐉 \\ud800", metadata: { "a.b-c_1": "龙" } };
    expect((await call("POST", "/transfers", { body: good })).status).toBe(201);
  });
});
