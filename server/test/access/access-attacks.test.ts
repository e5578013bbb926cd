/**
 * Random attacks: a caller, a route and ids of which at least one belongs to another user, in many spellings. None
 * is served, none changes a row, and no answer holds another's ids. `SEED=N` repeats a run.
 */
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { openForFile } from "../support/test-end.ts";
import { THINGS, linesOf, type AccessLine, type Ids, type Thing } from "./access-line.ts";
import { namesOf, requestOf, routeOf } from "./access-request.ts";
import { useAccessWorld, type AccessWorld, type Answer } from "./access-world.ts";
import { OLDER_LINES } from "./older-lines.ts";
import { V1_LINES } from "./v1-lines.ts";

const FUZZ_MS = 10_000;
/** Sent together, before the rows are compared. */
const ATTEMPTS_MAX = 20;

let world: AccessWorld;

beforeAll(() => openForFile(async () => (world = await useAccessWorld())), 120_000);

type Who = "alice" | "bob" | "cleo";

interface Attack {
  readonly name: string;
  readonly line: AccessLine;
  /** For each guarded thing of the line, whose it is; the attacker's own ones are left out. */
  readonly victims: Readonly<Partial<Record<Thing, Who>>>;
  readonly spelling: keyof typeof SPELLINGS;
  readonly by: "user" | "key";
}

/** Ways to say an id that a careless comparison takes for the same or for another one. */
const SPELLINGS = {
  plain: (id: string) => id,
  upper: (id: string) => id.toUpperCase(),
  "with its platform": (id: string) => (id.includes(":") ? id : `allinone:${id}`),
  "without its platform": (id: string) => id.replace(/^[a-z]+:/, ""),
  "with the prefix of another surface": (id: string) => `adv-${id}`,
  "without the prefix of its surface": (id: string) => id.replace(/^(inv|adv)-/, ""),
  "behind a blank": (id: string) => ` ${id}`,
  "percent-encoded": (id: string) =>
    id.replace(/[0-9a-z]$/, (last) => `%${last.charCodeAt(0).toString(16)}`),
  "behind a path": (id: string) => `x/../${id}`,
  "with a second id": (id: string) => `${id}&userId=${id}`,
  fullwidth: (id: string) => id.replaceAll("-", "－"),
} as const;

/** The attacker of a victim: a user or key who could do it to things of its own. */
function attackerOf(victim: Who, by: Attack["by"]): { readonly own: Ids; readonly as: string } {
  const { alice, cleo, keys } = world;
  if (by === "key")
    return victim === "cleo" ? { own: alice, as: keys.allinone } : { own: cleo, as: keys.moon };
  return victim === "alice" ? { own: cleo, as: cleo.token } : { own: alice, as: alice.token };
}

/** Opens a user of the caller's own platform, whatever the id: another's id is an own new one there. */
const OPENS_OWN = "PUT /api/v1/wallets/{userId}";

interface Guarded {
  readonly name: string;
  readonly line: AccessLine;
  readonly things: readonly Thing[];
}

const guarded: readonly Guarded[] = Object.entries({ ...V1_LINES, ...OLDER_LINES }).flatMap(
  ([name, entry]) =>
    linesOf<AccessLine>(entry).flatMap((line) => {
      const isForOthers = "audience" in line && line.audience !== "session";
      const things = namesOf(line).flatMap(([thing, another]) =>
        another === "open" ? [] : [thing],
      );
      if (isForOthers || name === OPENS_OWN || things.length === 0) return [];
      return [{ name, line, things }];
    }),
);

const attacks: fc.Arbitrary<Attack> = fc.constantFrom(...guarded).chain(({ name, line, things }) =>
  fc.record({
    name: fc.constant(name),
    line: fc.constant(line),
    victims: victimsOf(things),
    spelling: fc.constantFrom(...(Object.keys(SPELLINGS) as (keyof typeof SPELLINGS)[])),
    by: fc.constantFrom("user" as const, "key" as const),
  }),
);

/** One victim for some of the things, at least for one. */
function victimsOf(things: readonly Thing[]): fc.Arbitrary<Attack["victims"]> {
  return fc
    .tuple(
      fc.constantFrom("alice" as const, "bob" as const, "cleo" as const),
      fc.subarray([...things], { minLength: 1 }),
    )
    .map(([victim, taken]) => Object.fromEntries(taken.map((thing) => [thing, victim])));
}

async function tryAttack({ name, line, victims, spelling, by }: Attack): Promise<void> {
  const [victim = "bob"] = Object.values(victims);
  const { own, as } = attackerOf(victim, by);
  const isPlatformOnly = Object.keys(victims).every(
    (thing) => THINGS[thing as Thing] === "platform",
  );
  if (isPlatformOnly && victim !== "cleo" && own === world.alice) return; // of the attacker's platform
  const taken = Object.fromEntries(
    Object.keys(victims).map((thing) => [
      thing,
      SPELLINGS[spelling](world[victim][thing as Thing]),
    ]),
  );
  const ids = { ...own, friend: own.wallet, ...taken };
  const answer = await world.ask(requestOf(routeOf(world, name), line, ids, as));
  expectRefusedOrNothing(answer, { line, victims });
  const named = Object.keys(victims).map((thing) => world[victim][thing as Thing]);
  expectNoIdsOf(victim, answer, [...named, ...Object.values(taken)]);
}

function expectRefusedOrNothing(
  answer: Answer,
  { line, victims }: Pick<Attack, "line" | "victims">,
): void {
  const mayAnswer = Object.keys(victims).some((thing) => line.names[thing as Thing] === "nothing");
  if (mayAnswer && answer.status === 200) return;
  expect([answer.status >= 400 && answer.status < 500, answer.text]).toEqual([true, answer.text]);
}

/** The ids that were sent may be repeated, decoded or as they were spelled; no other one may be told. */
function expectNoIdsOf(victim: Who, { text }: Answer, sent: readonly string[]): void {
  const hidden = (Object.keys(THINGS) as Thing[])
    .filter((thing) => thing !== "wallet" && thing !== "listing")
    .map((thing) => world[victim][thing])
    .filter((id) => !sent.some((one) => one.includes(id)));
  expect(hidden.filter((id) => text.includes(id))).toEqual([]);
}

describe("random attacks", () => {
  it("serve and change nothing", async () => {
    let rows = await world.digest();
    const seed = Number(process.env["SEED"] ?? Math.floor(Math.random() * 2 ** 31));
    let tried = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(attacks, { minLength: 1, maxLength: ATTEMPTS_MAX }),
        async (some) => {
          const tries = await Promise.allSettled(some.map(tryAttack));
          const before = rows;
          rows = await world.digest(); // of all that was sent, also where one try failed
          for (const one of tries) if (one.status === "rejected") throw one.reason;
          expect(rows).toEqual(before);
          tried += some.length;
        },
      ),
      { seed, numRuns: 100_000, interruptAfterTimeLimit: FUZZ_MS, markInterruptAsFailure: false },
    );
    expect(tried, `seed ${seed}`).toBeGreaterThan(100);
  });
});

describe("headers", () => {
  const PATHS = ["", "/accounts/game_coins"];

  it("tell no caller of another's ETag", async () => {
    const { alice, bob, cleo, keys } = world;
    for (const path of PATHS) {
      const url = `/api/v1/wallets/${bob.wallet}${path}`;
      const own = await world.ask({ method: "GET", url, as: bob.token });
      const etag = String(own.headers["etag"]);
      for (const [as, said] of [
        [alice.token, bob.wallet],
        [cleo.token, `allinone:${bob.wallet}`],
        [keys.moon, `allinone:${bob.wallet}`],
      ] as const)
        for (const headers of [{ "if-none-match": etag }, { "if-none-match": "*" }]) {
          const target = `/api/v1/wallets/${said}${path}`;
          const { status, headers: told } = await world.ask({
            method: "GET",
            url: target,
            as,
            headers,
          });
          expect([status, told["etag"]]).toEqual([404, undefined]);
        }
    }
  });

  it("keep the idempotency keys of callers apart", async () => {
    const { alice, bob, cleo, keys } = world;
    const headers = { "idempotency-key": "one key for all" };
    const pay = (as: string, { wallet: from, friend: to }: Ids) => {
      const body = { from, to, currency: "game_coins", amount: "1" };
      return world.ask({ method: "POST", url: "/api/v1/transfers", as, body, headers });
    };
    const paid = [
      await pay(alice.token, alice),
      await pay(bob.token, bob),
      await pay(cleo.token, cleo),
      await pay(keys.allinone, bob),
      await pay(keys.moon, cleo),
    ];
    expect(paid.map(({ status }) => status)).toEqual([201, 201, 201, 201, 201]);
    expect(new Set(paid.map(({ body }) => body.id)).size).toBe(paid.length);
    expect(paid.flatMap(({ headers: told }) => told["idempotency-replayed"] ?? [])).toEqual([]);
  });

  it("count the requests of a caller alone, and name no origin but the caller's", async () => {
    const { alice, cleo } = world;
    const origin = "https://partner.example";
    const remaining = async (as: string) => {
      const asked = { method: "GET", url: "/api/v1/sessions", as, headers: { origin } };
      const { headers } = await world.ask(asked);
      expect(["*", origin]).toContain(headers["access-control-allow-origin"]);
      return Number(headers["x-ratelimit-remaining"]);
    };
    const first = await remaining(alice.token);
    for (let n = 0; n < 5; n += 1) await remaining(cleo.token);
    expect(await remaining(alice.token)).toBe(first - 1);
  });
});
