/** Which ids are refused, and which are different people: alike on every surface (docs/login.md). */
import { expect, it } from "vitest";
import { signAssertion } from "../support/assertions.ts";
import { useLinks } from "../support/links.ts";

const REFUSED = {
  "a Cyrillic letter": "\u0430lice",
  "full-width letters": "\uff41lice",
  "a composed accent": "al\u00edce",
  "a decomposed accent": "ali\u0301ce",
  "an invisible character": "ali\u200bce",
  "a blank in front": " alice",
  "a blank behind": "alice ",
  "a no-break space": "alice\u00a0",
  "a dot in front": ".alice",
};
const DIFFERENT = ["alice", "Alice", "ALICE", "alice.", "alice-", "alic.e"];

it("refuses ids that look like others, and tells case and punctuation apart", async () => {
  const { app, call, keyOf, logIn } = await useLinks();
  const proveAs = async (id: string) => {
    const payload = { assertion: await signAssertion("moon", id) };
    return (await app.inject({ method: "POST", url: "/api/v1/sessions", payload })).json();
  };
  const as = await keyOf("moon");
  const surfaces = {
    "POST /sessions": proveAs,
    "PUT /wallets": async (id: string) =>
      (await call("PUT", `/wallets/${encodeURIComponent(id)}`, { as, body: {} })).body,
    "GET /wallets": async (id: string) =>
      (await call("GET", `/wallets/${encodeURIComponent(id)}`, { as })).body,
    "POST /transfers": async (id: string) => {
      const body = { from: id, to: "bob", currency: "game_coins", amount: "1" };
      return (await call("POST", "/transfers", { as, body })).body;
    },
    "POST /api/allinone/auth/login": async (id: string) => {
      const payload = { userId: id, platform: "moon", assertion: await signAssertion("moon", id) };
      const reply = await app.inject({ method: "POST", url: "/api/allinone/auth/login", payload });
      return { ...reply.json(), code: reply.json().errorCode };
    },
    "GET /api/shared/wallet": async (id: string) =>
      (await app.inject(`/api/shared/wallet/${encodeURIComponent(id)}`)).json(),
  };
  for (const [why, id] of Object.entries(REFUSED))
    for (const [surface, ask] of Object.entries(surfaces)) {
      const { code, field } = await ask(id);
      expect([why, surface, String(code).toLowerCase()]).toEqual([why, surface, "invalid_user_id"]);
      // Of an assertion, the claim that names the user.
      if (surface === "POST /sessions") expect([why, field]).toEqual([why, "sub"]);
    }
  const opened = [];
  for (const id of DIFFERENT) opened.push(await surfaces["PUT /wallets"](id));
  expect(opened.map(({ userId }) => userId)).toEqual(DIFFERENT.map((id) => `moon:${id}`));
  expect(new Set(opened.map(({ id }) => id)).size).toBe(DIFFERENT.length);
  const sessions = [];
  for (const id of DIFFERENT) sessions.push((await logIn("moon", id)).body.userId);
  expect(sessions).toEqual(DIFFERENT.map((id) => `moon:${id}`));
});
