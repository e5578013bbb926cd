/** Requests of calls, and how a caller ends them. */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, expectTypeOf, it, onTestFinished } from "vitest";
import { createClient, etagOf, type NewDayClient } from "../src/index.ts";

/** A client that records the URLs and headers of its requests and answers all of them alike. */
function useRecorder(baseUrl: string, answer: object = {}, headers: Record<string, string> = {}) {
  const asked: { url: string; headers: Headers }[] = [];
  const record: typeof fetch = (url, init) => {
    asked.push({ url: new Request(url).url, headers: new Headers(init?.headers) });
    return Promise.resolve(new Response(JSON.stringify(answer), { headers }));
  };
  return { asked, record, client: createClient({ baseUrl, fetch: record }) };
}

/** A server that takes requests and never answers. */
async function useSilentServer(onRequest = () => {}) {
  let requests = 0;
  const server = createServer(() => {
    requests += 1;
    onRequest();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { baseUrl: `http://127.0.0.1:${port}`, requests: () => requests };
}

describe("the address", () => {
  it.each([
    ["http://game.invalid", "http://game.invalid/api/v1/wallets/a"],
    ["http://game.invalid/", "http://game.invalid/api/v1/wallets/a"],
    ["https://game.invalid:8443/economy", "https://game.invalid:8443/economy/api/v1/wallets/a"],
    ["https://game.invalid/a/b//", "https://game.invalid/a/b/api/v1/wallets/a"],
  ])("%s keeps its path", async (baseUrl, expected) => {
    const { asked, client } = useRecorder(baseUrl);
    await client.wallets.get("a");
    expect(asked.map(({ url }) => url)).toEqual([expected]);
  });

  it.each(["", "game.invalid", "/economy", "http://u:p@game.invalid", "http://g.invalid/?a=1"])(
    "%j is refused when the client is made",
    (baseUrl) => {
      expect(() => createClient({ baseUrl })).toThrow(TypeError);
    },
  );

  it("escapes ids, and refuses those that would name another resource", async () => {
    const { asked, client } = useRecorder("http://game.invalid");
    await client.wallets.get("moon:ada/..?x=1");
    expect(asked[0]?.url).toBe("http://game.invalid/api/v1/wallets/moon%3Aada%2F..%3Fx%3D1");
    for (const id of ["", ".", ".."])
      await expect(client.wallets.get(id)).rejects.toThrow(TypeError);
    await expect(client.items.list("..")).rejects.toThrow(TypeError);
    expect(asked).toHaveLength(1);
  });
});

describe("a token from a function", () => {
  /** Answers 401 to every token but this one. */
  const accepting = (accepted: string, sent: (string | null)[]): typeof fetch => {
    return (_url, init) => {
      const token = new Headers(init?.headers).get("authorization");
      sent.push(token);
      const status = token === `Bearer ${accepted}` ? 200 : 401;
      return Promise.resolve(new Response("{}", { status }));
    };
  };
  const money = { from: "a", to: "b", currency: "cash", amount: "1" };

  it("is asked for again when the server refuses it, and the write is sent again", async () => {
    const sent: (string | null)[] = [];
    const refusals: (string | undefined)[] = [];
    const token = (refused?: string) => {
      refusals.push(refused);
      return refused === undefined ? "old" : "new";
    };
    const fetch = accepting("new", sent);
    await createClient({ baseUrl: "http://game.invalid", token, fetch }).transfers.post(money);
    expect(sent).toEqual(["Bearer old", "Bearer new"]);
    expect(refusals).toEqual([undefined, "old"]);
  });

  it.each([
    ["the same again", () => "old", 1],
    ["another that is refused too", (refused?: string) => refused ?? "old", 1],
    ["a third that is refused too", (refused?: string) => (refused ? `${refused}er` : "old"), 2],
  ])("ends with 401 when it gives %s", async (_name, token, requests) => {
    const sent: (string | null)[] = [];
    const fetch = accepting("new", sent);
    const { transfers } = createClient({ baseUrl: "http://game.invalid", token, fetch });
    await expect(transfers.post(money)).rejects.toMatchObject({ status: 401 });
    expect(sent).toHaveLength(requests);
  });
});

describe("an ETag", () => {
  const money = { from: "a", to: "b", currency: "cash", amount: "1" };

  it("of what was read is the condition of a write", async () => {
    const { asked, client } = useRecorder("http://game.invalid", {}, { etag: '"7.0"' });
    const account = await client.wallets.getAccount("a", "cash");
    await client.transfers.post(money, { ifMatch: etagOf(account) });
    expect(asked[1]?.headers.get("if-match")).toBe('"7.0"');
  });

  it("is missing from a copy, which says so before anything is written", async () => {
    const { client } = useRecorder("http://game.invalid", {}, { etag: '"7.0"' });
    const account = await client.wallets.getAccount("a", "cash");
    expect(() => etagOf({ ...account })).toThrow(TypeError);
  });
});

describe("a signal", () => {
  it("ends a request that waits for its answer, with the signal's reason", async () => {
    const aborting = new AbortController();
    const reason = new Error("the player left");
    const { baseUrl, requests } = await useSilentServer(() => aborting.abort(reason));
    const call = createClient({ baseUrl }).wallets.get("a", { signal: aborting.signal });
    await expect(call).rejects.toBe(reason);
    expect(requests()).toBe(1);
  });

  it("ends the wait before the next attempt", async () => {
    const aborting = new AbortController();
    const busy: typeof fetch = () => {
      setTimeout(() => aborting.abort(), 20);
      return Promise.resolve(new Response("", { status: 503, headers: { "retry-after": "25" } }));
    };
    const { wallets } = createClient({ baseUrl: "http://game.invalid", fetch: busy });
    const call = wallets.get("a", { signal: aborting.signal });
    await expect(call).rejects.toMatchObject({ name: "AbortError" });
  });

  it("that was aborted before sends nothing", async () => {
    const { asked, client } = useRecorder("http://game.invalid");
    const signal = AbortSignal.abort();
    await expect(client.wallets.get("a", { signal })).rejects.toMatchObject({ name: "AbortError" });
    expect(asked).toHaveLength(0);
  });
});

it("a call has a timeout of its own", async () => {
  const { baseUrl, requests } = await useSilentServer();
  const post = createClient({ baseUrl }).items.return("i", {}, { timeoutMs: 300 });
  await expect(post).rejects.toMatchObject({ code: "no_answer", cause: { name: "TimeoutError" } });
  expect(requests()).toBe(4);
});

describe("a list", () => {
  it("gives one page, or every entry of all pages", async () => {
    const asked: (string | null)[] = [];
    const pages = [
      { data: [1, 2], nextCursor: "b" },
      { data: [], nextCursor: "c" },
      { data: [3], nextCursor: null },
    ];
    const paged: typeof fetch = (url) => {
      const { searchParams } = new URL(new Request(url).url);
      asked.push(`${searchParams.get("limit")} ${searchParams.get("cursor")}`);
      const page = pages[["b", "c"].indexOf(searchParams.get("cursor") ?? "") + 1];
      return Promise.resolve(new Response(JSON.stringify(page)));
    };
    const { items } = createClient({ baseUrl: "http://game.invalid", fetch: paged });
    expect((await items.list("a", { limit: 2 })).nextCursor).toBe("b");
    expect(asked).toEqual(["2 null"]);
    const entries = [];
    for await (const item of items.list("a", { limit: 2 })) entries.push(item);
    expect(entries).toEqual([1, 2, 3]);
    expect(asked.slice(1)).toEqual(["2 null", "2 b", "2 c"]);
  });
});

describe("the compiler", () => {
  type OptionsOf<F extends (...args: never[]) => unknown> = keyof NonNullable<Parameters<F>[1]>;

  it("takes a dry run and a condition where the server takes them, and nowhere else", () => {
    type Names = "idempotencyKey" | "signal" | "timeoutMs";
    type Transfers = NewDayClient["transfers"];
    expectTypeOf<OptionsOf<Transfers["post"]>>().toEqualTypeOf<Names | "dryRun" | "ifMatch">();
    expectTypeOf<OptionsOf<Transfers["mint"]>>().toEqualTypeOf<Names | "dryRun">();
    expectTypeOf<OptionsOf<NewDayClient["holds"]["post"]>>().toEqualTypeOf<Names>();
    expectTypeOf<OptionsOf<Transfers["get"]>>().toEqualTypeOf<"signal" | "timeoutMs">();
  });
});
