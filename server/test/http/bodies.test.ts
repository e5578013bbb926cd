/** Bodies and request targets: what is read is what was sent, or it is refused. */
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import type { FastifyInstance } from "fastify";
import { beforeAll, describe, expect, it } from "vitest";
import { findLoss } from "../../src/http/plugins/lossless-json.ts";
import { useTestApp } from "../support/app.ts";
import { openForFile } from "../support/test-end.ts";

const LOGIN = "/api/allinone/auth/login";
const V1 = "/api/v1/transfers";
const JSON_TYPE = "application/json";

/** One server for all: nearly every request is refused, and none needs the books of another. */
let app: FastifyInstance;
let port: number;
beforeAll(() =>
  openForFile(async () => {
    ({ app } = await useTestApp());
    port = Number(new URL(await app.listen({ host: "127.0.0.1", port: 0 })).port);
  }),
);

/** `{"userId":"u1","username":"…"}` with these bytes as the name. */
function named(...bytes: number[]): Buffer {
  return Buffer.concat([
    Buffer.from('{"userId":"u1","username":"'),
    Buffer.from(bytes),
    Buffer.from('"}'),
  ]);
}

async function post(payload: Buffer | string, headers: Record<string, string> = {}) {
  return app.inject({
    method: "POST",
    url: LOGIN,
    payload,
    headers: { "content-type": JSON_TYPE, ...headers },
  });
}

describe("C1: a body that is not UTF-8 is 400 and says UTF-8", () => {
  it.each([
    ["GBK", named(0xc4, 0xe3, 0xba, 0xc3)],
    ["a lone continuation byte", named(0x80)],
    ["an overlong slash", named(0xc0, 0xaf)],
    ["an encoded surrogate", named(0xed, 0xa0, 0x80)],
    ["a letter that is cut off", named(0xe4, 0xbd)],
    ["UTF-16 with its mark", Buffer.from('\uFEFF{"userId":"u1"}', "utf16le")],
    ["UTF-16 without one", Buffer.from('{"userId":"u1"}', "utf16le")],
    ["UTF-16 of the other order", Buffer.from('{"userId":"u1"}', "utf16le").swap16()],
    ["UTF-32", Buffer.from(Array.from('{"a":1}', (letter) => `${letter}\0\0\0`).join(""))],
  ])("%s", async (_, body) => {
    for (const type of [JSON_TYPE, "text/plain", "application/x-www-form-urlencoded"]) {
      const reply = await post(body, { "content-type": type });
      expect([reply.statusCode, reply.json().errorCode]).toEqual([400, "INVALID_JSON"]);
      expect(reply.json().details.rule).toContain("UTF-8");
    }
  });

  it("believes a charset that names other letters for the same bytes", async () => {
    const body = named(0xc4, 0xa3); // 模 in GBK, ģ in UTF-8
    const gbk = await post(body, { "content-type": `${JSON_TYPE}; charset=GBK` });
    expect([gbk.statusCode, gbk.json().details.rule]).toEqual([400, "must be encoded in UTF-8"]);
    const utf8 = await post(body, { "content-type": `${JSON_TYPE}; charset="utf-8"` });
    expect([utf8.statusCode, utf8.json().username]).toEqual([200, "ģ"]);
    const ascii = await post('{"userId":"u1"}', { "content-type": `${JSON_TYPE}; charset=gbk` });
    expect(ascii.statusCode).toBe(200);
  });

  it("takes letters of every length, and a byte order mark", async () => {
    const reply = await post('\uFEFF{"userId":"u2","username":"aé你🐉"}');
    expect([reply.statusCode, reply.json().username]).toEqual([200, "aé你🐉"]);
  });

  it("stores nothing of two broken bodies under one key", async () => {
    const login = await app.inject({ method: "POST", url: LOGIN, payload: { userId: "u1" } });
    const headers = {
      authorization: `Bearer ${login.json().token}`,
      "content-type": JSON_TYPE,
      "idempotency-key": "k1",
    };
    for (const byte of [0x80, 0xff]) {
      const reply = await app.inject({
        method: "POST",
        url: V1,
        headers,
        payload: named(byte),
      });
      expect([reply.statusCode, reply.json().code]).toEqual([400, "invalid_json"]);
      expect(reply.json().detail).toContain("UTF-8");
    }
  });
});

describe("C1: a request target that is not percent-encoded UTF-8 is 400 and says so", () => {
  it.each([
    ["query", "/api/shared/marketplace?gameSource=%c4%e3"],
    ["query", "/api/allinone/market/items?platform=%ff"],
    ["query", "/api/v1/listings?q=%e4%bd"],
    ["query", "/api/v1/listings?%ff=1"],
    ["query", "/api/v1/listings?q=100%"],
    ["query", "/healthz?x=%zz"],
    ["query", "/nowhere?x=%80"],
    ["path", "/api/shared/wallet/%c4%e3"],
    ["path", "/api/v1/wallets/%zz"],
  ])("%s of %s", async (field, url) => {
    const reply = await app.inject(url);
    expect(reply.statusCode).toBe(400);
    const { details, field: named = details?.field, detail = details?.rule } = reply.json();
    expect([named, detail]).toEqual([field, expect.stringContaining("percent-encoded UTF-8")]);
  });

  it("refuses raw bytes, which Node would read as Latin-1", async () => {
    for (const target of ["/api/shared/marketplace?gameSource=你", "/api/shared/wallet/你?x=1"]) {
      const socket = connect({ host: "127.0.0.1", port });
      socket.end(`GET ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
      expect(await text(socket)).toMatch(/^HTTP\/1\.1 400 [^]*UTF-8/);
    }
  });

  it("reads an encoded query as it was meant", async () => {
    const url = "/api/shared/marketplace?gameSource=%E4%BD%A0+100%25";
    expect((await app.inject(url)).statusCode).toBeLessThan(500);
    expect((await app.inject("/api/shared/marketplace?gameSource=New%20Day")).statusCode).toBe(200);
    expect((await app.inject("/api/shared/marketplace?gameSource=New+Day")).statusCode).toBe(200);
  });
});

describe("C9: what a header leaves open is refused by its name", () => {
  it.each(["garbage", "a b", "/", "application/", "text/html text/plain", "=", ";"])(
    "Content-Type: %s",
    async (type) => {
      const headers = { "content-type": type };
      const reply = await app.inject({ method: "POST", url: LOGIN, payload: "{}", headers });
      expect([reply.statusCode, reply.json().details.field]).toEqual([415, "Content-Type"]);
      const login = await app.inject({ method: "POST", url: LOGIN, payload: { userId: "u1" } });
      const asUser = { ...headers, authorization: `Bearer ${login.json().token}` };
      const v1 = await app.inject({ method: "POST", url: V1, payload: "{}", headers: asUser });
      expect([v1.statusCode, v1.json().field]).toEqual([415, "Content-Type"]);
    },
  );

  it("two credentials, types, hosts or keys", async () => {
    for (const name of ["Authorization", "Content-Type", "Host", "Idempotency-Key"]) {
      const socket = connect({ host: "127.0.0.1", port });
      const first = name === "Host" ? "" : "Host: x\r\n";
      const twice = `${name}: a/b\r\n${name.toLowerCase()}: a/b\r\n`;
      socket.end(`GET /api/v1/listings HTTP/1.1\r\n${first}${twice}Connection: close\r\n\r\n`);
      const reply = await text(socket);
      expect(reply).toMatch(/^HTTP\/1\.1 400 /);
      if (name !== "Host") expect(reply).toContain(`"field":"${name}"`);
    }
  });
});

describe("C9: a compressed body is 415 and names Content-Encoding", () => {
  it.each(["gzip", "GZIP", "deflate", "br", "zstd", "identity, gzip"])("%s", async (encoding) => {
    const reply = await post(gzipSync('{"userId":"u1"}'), { "content-encoding": encoding });
    expect([reply.statusCode, reply.json().errorCode]).toEqual([415, "UNSUPPORTED_MEDIA_TYPE"]);
    expect(reply.json().details.field).toBe("Content-Encoding");
    expect(reply.json().details.remedy).toContain("without Content-Encoding");
  });

  it("takes identity, which is none", async () => {
    const reply = await post('{"userId":"u1"}', { "content-encoding": "identity" });
    expect(reply.statusCode).toBe(200);
  });

  it("says what is wrong with a body that is no JSON, or tampers with prototypes", async () => {
    const broken = (await post("{")).json();
    expect([broken.errorCode, broken.details.rule]).toEqual(["INVALID_JSON", "must be valid JSON"]);
    for (const body of ['{"__proto__":{}}', '{"constructor":{"prototype":{}}}'])
      expect((await post(body)).json().details.rule).toContain("__proto__");
  });
});

/** A replacer of JSON.stringify: digits that share their double with a neighbour. */
function markUnsafe(_name: string, value: unknown): unknown {
  const isDigits = Number.isInteger(value) && !String(value).includes("e");
  return isDigits && !Number.isSafeInteger(value) ? ["inexact"] : value;
}

describe("B1: a number that JSON.parse changes is 400 and named by its path", () => {
  it.each([
    ['{"x":1e400}', "x"],
    ['{"x":-1e400}', "x"],
    ['{"x":1e-400}', "x"],
    ['{"metadata":{"discordId":1546130668394913822}}', "metadata.discordId"],
    ['{"x":9007199254740992}', "x"],
    ['{"metadata":{"n":-0}}', "metadata.n"],
    ['{"x":[0,-0.0]}', "x.1"],
    ['{"x":-0e5}', "x"],
    ['{"x":-9007199254740993}', "x"],
    ['{"x":0.1000000000000000055511151231257827}', "x"],
    ['{"x":10000000000000000}', "x"],
    ['{"x":123456789012345678901234567890}', "x"],
    ['{"a":[1,{"b":[ true , 12345678901234567890 ]}]}', "a.1.b.1"],
    ['{"a":{"b":1},"c":"1e400 \\" 1e400","d":1e999}', "d"],
  ])("%s", async (body, path) => {
    const reply = await post(body);
    expect([reply.statusCode, reply.json().errorCode]).toEqual([400, "INVALID_PARAMS"]);
    expect(reply.json().details).toMatchObject({
      field: path,
      rule: expect.stringMatching(/number/),
    });
  });

  it.each([
    "0",
    "-1",
    "1.50",
    "0.1",
    "1e2",
    "1E+2",
    "100e-2",
    "9007199254740991",
    "-9007199254740991.0",
    "0.30000000000000004",
    "5e-324",
    "1.7976931348623157",
    "1e16",
    "1e308",
    "123456.789e3",
  ])("takes %s, which keeps its value", (number) => {
    const text = `{"x":[${number}],"y":"1e400"}`;
    expect(findLoss(text, JSON.parse(text))).toBeUndefined();
  });
});

describe("C12: a member that stands twice is refused by name", () => {
  it.each([
    ['{"userId":"u1","userId":"u2"}', "userId"],
    ['{"userId":"u1","\\u0075serId":"u2"}', "userId"],
    ['{"a":{"amount":1, "amount" :1}}', "amount"],
    ['{"a":[{"b":1},{"b":1,"c":{},"b":2}]}', "b"],
    ['{"":1,"":2}', ""],
    ['{"a\\"":1,"a\\"":2}', 'a"'],
  ])("%s", async (body, name) => {
    const reply = await post(body);
    expect([reply.statusCode, reply.json().errorCode]).toEqual([400, "INVALID_JSON"]);
    expect(reply.json().details).toMatchObject({
      field: name,
      rule: expect.stringMatching(/twice/),
    });
  });

  it("finds none where JSON.stringify wrote the text, whatever it holds", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.nat(4), (value, space) => {
        const text = JSON.stringify(value, undefined, space);
        const isUnsafe = /"inexact"/.test(JSON.stringify(value, markUnsafe));
        expect(findLoss(text, JSON.parse(text))?.kind).toBe(isUnsafe ? "inexact" : undefined);
      }),
    );
  });

  it("finds the one that was written in, wherever it stands", () => {
    const member = fc.string({ unit: "binary" }).filter((name) => name.isWellFormed());
    fc.assert(
      fc.property(
        fc.dictionary(member, fc.jsonValue()),
        member,
        fc.jsonValue(),
        (facts, name, other) => {
          const inner = JSON.stringify({ ...facts, [name]: 1 }).slice(1, -1);
          const text = `[1,{"x":{${inner},${JSON.stringify(name)} : ${JSON.stringify(other)}}}]`;
          const { kind, field } = findLoss(text, JSON.parse(text)) ?? {};
          if (kind === "inexact") return; // a number that came before it
          expect([kind, field]).toEqual(["doubled", name]);
        },
      ),
    );
  });

  it("takes one name in many objects, and as a value", async () => {
    const body = '{"userId":"u1","username":"userId","x":[{"userId":":"},{"userId":"\\\\"}]}';
    expect((await post(body)).statusCode).toBe(200);
  });

  it("does not break on brackets alone", async () => {
    const reply = await post(`{"x":${"[".repeat(30_000)}${"]".repeat(30_000)}}`);
    expect(reply.statusCode).toBe(400);
  });
});
