/** The table of access (docs/access.md) against a server: every route, every kind of caller, every scope. */
import { beforeAll, describe, expect, it } from "vitest";
import { ERRORS, type ErrorCode } from "../../src/errors/error-table.ts";
import type { TableRoute } from "../../src/http/plugins/route-table.ts";
import type { Access } from "../../src/http/v1/app/caller.ts";
import type { Scope } from "../../src/identity/scopes.ts";
import { openForFile } from "../support/test-end.ts";
import {
  THINGS,
  linesOf,
  type AccessLine,
  type Ids,
  type OlderLine,
  type Thing,
} from "./access-line.ts";
import { differencesOf } from "./access-lines.ts";
import { namesOf, requestOf, routeOf } from "./access-request.ts";
import { useAccessWorld, type AccessWorld, type Answer } from "./access-world.ts";
import { OLDER_LINES } from "./older-lines.ts";
import { ghostOf } from "./things.ts";
import { V1_LINES } from "./v1-lines.ts";

let world: AccessWorld;

beforeAll(() => openForFile(async () => (world = await useAccessWorld())), 120_000);

/** What a reply tells apart: all but the id that the request named, and the number of the reply. */
function shapeOf({ status, headers, text }: Answer, named: string) {
  const volatile = /^(date|content-length|x-request-id|x-ratelimit-.*)$/;
  const names = Object.keys(headers).filter((name) => !volatile.test(name));
  const told = text
    .replaceAll(named, "{id}")
    .replaceAll(encodeURIComponent(named), "{id}")
    .replaceAll(/"(requestId|instance|timestamp)":"[^"]*"/g, '"$1":""')
    .replaceAll(/sync_[0-9a-f-]+/g, "sync_");
  return { status, headers: names.toSorted((a, b) => a.localeCompare(b)), told };
}

function expectRefused(answer: Answer, code: ErrorCode, who: string): void {
  const { problemStatus, status, contractCode } = ERRORS[code];
  const isProblem = String(answer.headers["content-type"]).includes("problem");
  const expected = isProblem ? [problemStatus, code] : [status, contractCode];
  const seen = [answer.status, isProblem ? answer.body.code : answer.body.errorCode];
  expect([who, ...seen], answer.text).toEqual([who, ...expected]);
}

interface Attacker {
  readonly name: string;
  readonly as: string | null;
  readonly own: Ids;
  readonly victim: Ids;
  readonly isOtherPlatform: boolean;
}

/** The callers of a route, of whom each may use it for things of its own. */
interface Callers {
  readonly anyone: boolean;
  readonly users: boolean;
  readonly keys: boolean;
}

function attackersOf(thing: Thing, callers: Callers): Attacker[] {
  const { alice, bob, cleo, keys } = world;
  const near = { own: alice, victim: bob, isOtherPlatform: false };
  const far = { own: cleo, victim: bob, isOtherPlatform: true };
  const away = { own: alice, victim: cleo, isOtherPlatform: true };
  const attackers: Attacker[] = [];
  if (callers.anyone) attackers.push({ name: "no caller", as: null, ...near });
  if (callers.users && THINGS[thing] === "user")
    attackers.push({ name: "a user of the same platform", as: alice.token, ...near });
  if (callers.users) attackers.push({ name: "a user of another platform", as: cleo.token, ...far });
  if (callers.keys)
    attackers.push(
      { name: "a key of another platform", as: keys.moon, ...far },
      { name: "a key that names a user of another platform", as: keys.allinone, ...away },
    );
  return attackers;
}

/** As the attacker says it: a bare id is the attacker's own platform's. */
function saidBy({ victim, isOtherPlatform }: Attacker, thing: Thing): string {
  const isBare = thing === "wallet" && isOtherPlatform && !victim.wallet.includes(":");
  return isBare ? `allinone:${victim.wallet}` : victim[thing];
}

/** Another's id, and one that names nothing: both answer alike, as the line says. */
async function attack(route: TableRoute, line: AccessLine, callers: Callers) {
  for (const [thing, another] of namesOf(line)) {
    if (another === "open") continue;
    for (const attacker of attackersOf(thing, callers)) {
      const { as, own, name } = attacker;
      const friend = thing === "wallet" ? own.wallet : own.friend; // the attacker would be paid
      const target = saidBy(attacker, thing);
      const none = ghostOf(target);
      const askFor = (id: string) =>
        world.ask(requestOf(route, line, { ...own, friend, [thing]: id }, as));
      const [real, ghost] = [await askFor(target), await askFor(none)];
      const who = `${name}, another's ${thing}`;
      expect([who, shapeOf(real, target)]).toEqual([who, shapeOf(ghost, none)]);
      if (another === "nothing") expect([who, real.status], real.text).toEqual([who, 200]);
      else expectRefused(real, another, who);
    }
  }
}

/** Everybody sees who sells what. */
const SHOWN: ReadonlySet<Thing> = new Set(["wallet", "listing"]);

/** No reply holds ids of another platform, nor, to a user, of another user. */
function expectNoLeak(answer: Answer, who: string): void {
  const things = (Object.keys(THINGS) as Thing[]).filter((thing) => !SHOWN.has(thing));
  const ofUsers = things.filter((thing) => THINGS[thing] === "user");
  const hidden = things.map((thing) => world.cleo[thing]);
  if (who !== "key") hidden.push(...ofUsers.map((thing) => world.bob[thing]));
  expect([who, hidden.filter((id) => answer.text.includes(id))]).toEqual([who, []]);
}

function expectServed(answer: Answer, line: AccessLine, who: string): void {
  const answers = line.answers ?? (who === "user" ? line.answersUsers : undefined);
  if (answers) expectRefused(answer, answers, who);
  else expect([who, answer.status], answer.text).toEqual([who, Math.min(answer.status, 299)]);
  expectNoLeak(answer, who);
}

async function expectOwn(route: TableRoute, line: AccessLine, who: "user" | "key") {
  const { ids, token } = await world.newIds(line);
  const { scope } = route.access ?? {};
  const key = scope === "adjust" ? world.only.adjust : world.only[scope as Scope];
  const answer = await world.ask(requestOf(route, line, ids, who === "user" ? token : key));
  expectServed(answer, line, who);
}

/** Credentials that reach nothing, and those that lack the scope. */
async function refuseCredentials(route: TableRoute, line: AccessLine, { users, scope }: Access) {
  const { alice, only, allBut, suspended } = world;
  const askAs = (as: string | null) => world.ask(requestOf(route, line, alice, as));
  for (const { name, as } of world.dead) expectRefused(await askAs(as), "invalid_token", name);
  for (const [name, as] of Object.entries(suspended))
    expectRefused(await askAs(as), "platform_suspended", `a suspended platform's ${name}`);
  const refusal = scope === null ? "forbidden" : "scope_missing";
  for (const [one, as] of Object.entries(only))
    if (one !== scope) expectRefused(await askAs(as), refusal, `a key with ${one} only`);
  if (scope !== null)
    expectRefused(await askAs(allBut[scope]), refusal, `a key with all but ${scope}`);
  if (!users) expectRefused(await askAs(alice.token), "forbidden", "the owner");
}

/** On routes without a scope: who is refused, by the form of the credential. */
async function refuseOlder(route: TableRoute, { audience, ...line }: OlderLine) {
  if (audience === "anyone") return;
  const { alice, dead, keys, operator, suspended } = world;
  const live = [
    alice.token,
    keys.allinone,
    operator,
    suspended.key,
    suspended.session,
    world.service,
  ];
  for (const as of [...dead.map((one) => one.as), ...live, world.metrics]) {
    const isSession = as?.startsWith("nd_token_") === true;
    if (isOf(audience, as)) continue;
    const answer = await world.ask(requestOf(route, line, alice, as));
    const isSuspended = audience === "session" && as === suspended.session;
    const isUser = audience === "service key" && isSession;
    const code = isSuspended ? "platform_suspended" : isUser ? "forbidden" : "invalid_token";
    expectRefused(answer, code, `${as}`);
  }
}

function isOf(audience: OlderLine["audience"], as: string | null): boolean {
  const served = {
    session: world.alice.token,
    "service key": world.service,
    "metrics key": world.metrics,
  };
  return audience !== "anyone" && served[audience] === as;
}

async function expectAudience(route: TableRoute, line: OlderLine) {
  const { ids, token } = await world.newIds(line);
  const { service, metrics } = world;
  const credentials = {
    anyone: null,
    session: token,
    "service key": service,
    "metrics key": metrics,
  };
  const as = credentials[line.audience];
  expectServed(await world.ask(requestOf(route, line, ids, as)), line, line.audience);
}

describe("the table of access", () => {
  it("has a line for every route of the application", () => {
    expect(differencesOf(world.app.routeTable)).toEqual([]);
  });

  it("says what to add for a route without a line, and what to remove", () => {
    const access = { scope: "wallets:read", users: true } as const;
    const routes = world.app.routeTable.filter(({ path }) => path !== "/healthz");
    const added = { method: "GET", path: "/api/v1/things/{id}", access, role: undefined };
    expect(differencesOf([...routes, added])).toEqual([
      expect.stringMatching(
        /^GET \/api\/v1\/things\/\{id\} has no line .* Add one to .*v1-lines\.ts/,
      ),
      expect.stringMatching(/^GET \/healthz is no such route .* Remove its line/),
    ]);
  });
});

describe.each(Object.entries(V1_LINES))("%s", (name, entry) => {
  it("refuses everybody else alike, and changes nothing for them", async () => {
    const route = routeOf(world, name);
    const access = route.access as Access;
    const before = await world.digest();
    for (const line of linesOf(entry)) {
      await refuseCredentials(route, line, access);
      // Operators reach the users of every platform; sessions alone reach what has no scope.
      const keys = access.scope !== "adjust" && access.scope !== null;
      await attack(route, line, { anyone: false, users: access.users, keys });
    }
    expect(await world.digest()).toEqual(before);
  });

  it("serves its owner, and a key with its scope only", async () => {
    const route = routeOf(world, name);
    for (const line of linesOf(entry)) {
      if (route.access?.scope !== null) await expectOwn(route, line, "key");
      if (route.access?.users) await expectOwn(route, line, "user");
    }
  });
});

describe.each(Object.entries(OLDER_LINES))("%s", (name, entry) => {
  it("refuses everybody else alike, changes nothing for them, and serves whom it is for", async () => {
    const route = routeOf(world, name);
    for (const line of linesOf(entry)) {
      const before = await world.digest();
      await refuseOlder(route, line);
      const { audience } = line;
      const users = audience === "session";
      await attack(route, line, { anyone: audience === "anyone", users, keys: false });
      expect(await world.digest()).toEqual(before);
      await expectAudience(route, line);
    }
  });
});
