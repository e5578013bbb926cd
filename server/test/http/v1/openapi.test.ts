import { Validator } from "@seriousme/openapi-schema-validator";
import { Ajv } from "ajv";
import Fastify from "fastify";
import { beforeAll, describe, expect, it } from "vitest";
import { addV1 } from "../../../src/http/v1/v1-plugin.ts";
import { SCOPES } from "../../../src/identity/scopes.ts";
import { useTestApp } from "../../support/app.ts";
import { openForFile } from "../../support/test-end.ts";

interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly parameters?: readonly { name: string; in: string; required?: boolean }[];
  readonly requestBody?: object;
  readonly responses: Record<string, unknown>;
}

async function readDocument() {
  const { app, services } = await useTestApp();
  const text = (await app.inject("/api/v1/openapi.json")).body;
  const parsed = JSON.parse(text) as {
    openapi: string;
    paths: Record<string, Record<string, Operation>>;
    components: { schemas: Record<string, object> };
  };
  const operations = Object.entries(parsed.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, ...operation })),
  );
  return { services, text, parsed, operations };
}

let document: Awaited<ReturnType<typeof readDocument>>;
beforeAll(() => openForFile(async () => void (document = await readDocument())));

/** Every schema of a body, a reply or a parameter, and the components that they refer to. */
function schemasIn(part: unknown): object[] {
  if (typeof part !== "object" || part === null) return [];
  const { schema, schemas, ...rest } = part as { schema?: object; schemas?: object };
  const here = [schema, ...Object.values(schemas ?? {})].filter((one) => one !== undefined);
  return [...here, ...Object.values(rest).flatMap(schemasIn)];
}

describe("the OpenAPI document", () => {
  it("is valid OpenAPI 3.1", async () => {
    const { parsed } = document;
    expect(parsed.openapi).toBe("3.1.0");
    const result = await new Validator().validate(structuredClone(parsed));
    expect(result.errors ?? []).toEqual([]);
    expect(result.valid).toBe(true);
  });

  it("holds valid JSON Schemas only: the server does not check its own again", () => {
    const { parsed } = document;
    const ajv = new Ajv({ strict: false });
    const schemas = schemasIn(parsed);
    expect(schemas.length).toBeGreaterThan(500);
    for (const schema of schemas)
      expect([schema, ajv.validateSchema(schema), ajv.errors]).toEqual([schema, true, null]);
  });

  it("holds every route of /api/v1", async () => {
    const { services, operations } = document;
    const served: string[] = [];
    const app = Fastify();
    app.addHook("onRoute", ({ method, url }) => {
      for (const one of [method].flat())
        if (one !== "HEAD") served.push(`${one} ${url.replaceAll(/:(\w+)/g, "{$1}")}`);
    });
    await addV1(app, services);
    const documented = operations.map(({ path, method }) => `${method.toUpperCase()} ${path}`);
    expect(served.length).toBeGreaterThan(20);
    expect([...documented, "GET /api/v1/openapi.json"].sort()).toEqual(served.sort());
    await app.close();
  });

  it("gives every operation a name of its own, a summary, and the problems it can answer", () => {
    const { operations } = document;
    const names = operations.map(({ operationId }) => operationId);
    expect(new Set(names).size).toBe(names.length);
    for (const { operationId, summary, responses } of operations) {
      expect(operationId).toMatch(/^[a-z][A-Za-z]+$/);
      expect(summary).toBeTruthy();
      expect(Object.keys(responses)).toContain("400");
    }
  });

  it("gives every operation a success, 413 and 415 to each that takes a body, and a DELETE too", () => {
    const { operations } = document;
    for (const { operationId, requestBody, responses } of operations) {
      // A client may send a DELETE with a body, which is read before it is left aside.
      const reads = requestBody !== undefined || operationId.startsWith("delete");
      const statuses = Object.keys(responses);
      expect([operationId, statuses.includes("200") || statuses.includes("201")]).toEqual([
        operationId,
        true,
      ]);
      for (const status of ["413", "415"])
        expect([operationId, status, statuses.includes(status)]).toEqual([
          operationId,
          status,
          reads,
        ]);
    }
  });

  it("states the form of a new item's facts (O1)", () => {
    const { parsed } = document;
    const post = parsed.paths["/api/v1/items/grants"]?.["post"] as unknown as {
      requestBody: { content: { "application/json": { schema: { properties: object } } } };
    };
    const { properties } = post.requestBody.content["application/json"].schema;
    const validate = new Ajv({ strict: false }).compile({
      type: "object",
      properties: {
        ...properties,
        userId: {},
        type: {},
        rarity: {},
        quantity: {},
        reference: {},
        metadata: {},
        effectiveAt: {},
      },
    });
    const refused = [
      { name: "<b>" },
      { name: "\u200b" },
      { icon: "x".repeat(65) },
      { description: "a\u0000" },
      { imageUrl: "http://insecure.example/x.png" },
      { stats: { attack: 1e10 } },
      { stats: { "<": 1 } },
    ];
    for (const facts of refused) expect([facts, validate(facts)]).toEqual([facts, false]);
    const facts = {
      name: "能量饮料",
      description: "a\nb > c",
      icon: "⚔️",
      stats: { attack: 3, note: "" },
    };
    expect(validate({ ...facts, imageUrl: "https://new.example/x.png" })).toBe(true);
    expect(validate({ ...facts, imageUrl: "" })).toBe(true);
  });

  it("refers to named components, and to none that it lacks", () => {
    const { text, parsed } = document;
    const referred = [...text.matchAll(/"\$ref":"([^"]+)"/g)].map(([, target]) => target ?? "");
    expect(referred.length).toBeGreaterThan(50);
    for (const target of referred) {
      const name = target.replace("#/components/schemas/", "");
      expect(Object.keys(parsed.components.schemas)).toContain(name);
    }
    expect(Object.keys(parsed.components.schemas)).not.toContain("Unnamed");
  });

  it("demands an Idempotency-Key of every write that moves something", () => {
    const { operations } = document;
    const keyless = operations
      .filter(({ method }) => method !== "get")
      .filter(({ parameters }) => !parameters?.some(({ name }) => name === "Idempotency-Key"))
      .map(({ operationId }) => operationId);
    expect(keyless.sort()).toEqual([
      "deleteLink",
      "deleteSession",
      "deleteSessions",
      "postItemTypeRetire",
      "postLink",
      "postQuote",
      "postRarityRetire",
      "postSession",
      "postUserErasure",
      "putItemType",
      "putRarity",
      "putRecipe",
      "putWallet",
    ]);
  });

  it("has no scope that no call needs", () => {
    const { text } = document;
    const unused = Object.keys(SCOPES).filter((scope) => !text.includes(`\`${scope}\``));
    expect(unused).toEqual([]);
  });
});
