/** Changes of platforms by operators: what is refused by name, and what a change shows. */
import { exportJWK, generateKeyPair, type JWK } from "jose";
import { expect, it } from "vitest";
import {
  addPlatform,
  setPlatform,
  type PlatformValues,
} from "../../src/identity/platforms/platform-changes.ts";
import { requirePublicKeys } from "../../src/identity/platforms/jwks.ts";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";
import { BY_TEST, TEST_KEY_SOURCE } from "../support/platforms.ts";
import { share } from "../support/test-end.ts";

const database = share(async (): Promise<TestDatabase> => {
  const made = await createTestDatabase({ template: "adopted" });
  await addPlatform(made.db, BY_TEST, TEST_KEY_SOURCE, { name: "venus" });
  return made;
});

function set(values: PlatformValues, networks: readonly string[] = []) {
  const wanted = { ...values, name: "venus", keepOldForMs: 0, jwksNetworks: networks };
  return setPlatform(database().db, BY_TEST, TEST_KEY_SOURCE, wanted);
}

const field = (name: string) => ({ code: "invalid_field", details: { field: name } });

async function publicKey(alg: string, kid?: string): Promise<JWK> {
  const { publicKey: key } = await generateKeyPair(alg);
  return { ...(await exportJWK(key)), alg, ...(kid !== undefined && { kid }) };
}

it("shows the thumbprints of keys, so that a new key under an old kid is a change", async () => {
  const [old, replaced] = [await publicKey("ES256", "e"), await publicKey("ES256", "e")];
  await set({ loginPolicy: "jwks", jwks: { keys: [old] } });
  const { before, after } = await set({ jwks: { keys: [replaced] } });
  expect(before?.["jwks"]).toEqual([expect.stringMatching(/^e ES256 [\w-]{43}$/)]);
  expect(after?.["jwks"]).not.toEqual(before?.["jwks"]);
  await expect(set({ jwks: { keys: [replaced] } })).rejects.toMatchObject(field("venus"));
});

it("pays no starter grant without a budget, unless an operator says so", async () => {
  await expect(set({ starterGrant: 100_000n })).rejects.toMatchObject(field("starter-budget"));
  const pluto = { name: "pluto", starterGrant: 1n };
  const add = (values: PlatformValues) =>
    addPlatform(database().db, BY_TEST, TEST_KEY_SOURCE, { ...pluto, ...values });
  await expect(add({})).rejects.toMatchObject(field("starter-budget"));
  expect((await add({ starterBudgetPerDay: null })).after).toMatchObject({
    starterGrant: "1",
    starterBudgetPerDay: "unlimited",
  });
  await set({ starterGrant: 5n, starterBudgetPerDay: 100n });
  await set({ starterGrant: 6n });
  await set({ starterBudgetPerDay: null });
  await set({ origins: ["https://venus.example"] });
  await expect(set({ starterGrant: 7n })).rejects.toMatchObject(field("starter-budget"));
});

it("refuses keys that no login could use", async () => {
  const keys = [await publicKey("ES256", "k"), await publicKey("ES256", "k")];
  const nameless = [await publicKey("EdDSA"), await publicKey("EdDSA")];
  const weak = {
    kty: "RSA",
    kid: "weak",
    e: "AQAB",
    n: Buffer.alloc(128, 0xc1).toString("base64url"),
  };
  const malformed = { kty: "EC", crv: "P-256", kid: "bad", x: "AA", y: "AA" };
  for (const [wrong, reason] of [
    [keys, /two keys k/],
    [nameless, /two keys without kid, EdDSA/],
    [[weak], /weak of 1024 bits/],
    [[malformed], /malformed key bad/],
  ] as const)
    await expect(set({ jwks: { keys: [...wrong] } })).rejects.toMatchObject({
      ...field("jwks"),
      details: { rule: { en: expect.stringMatching(reason) } },
    });
});

const point = (first: number, last = 0) => {
  const bytes = Buffer.alloc(32);
  [bytes[0], bytes[31]] = [first, last];
  return { kty: "OKP", crv: "Ed25519", x: bytes.toString("base64url") };
};
const evenModulus = Buffer.concat([Buffer.of(0x80), Buffer.alloc(255)]).toString("base64url");

it.each([
  ["an exponent of 1", "RS256", { e: "AQ" }],
  ["an exponent of 3", "RS256", { e: "Aw" }],
  ["an even exponent", "RS256", { e: "AQAA" }],
  ["an even modulus", "RS256", { n: evenModulus }],
  ["the neutral point", "EdDSA", point(1)],
  ["the neutral point with a sign", "EdDSA", point(1, 0x80)],
  ["the point of zeros", "EdDSA", point(0)],
  ["a signer's key_ops", "ES256", { key_ops: ["sign"] }],
  ["a number as kid", "ES256", { kid: 7 }],
])("refuses a key with %s, inline or at an address", async (_words, alg, change) => {
  const key = { ...(await publicKey(alg, "k")), ...change };
  expect(() => requirePublicKeys({ keys: [key] })).toThrow(
    expect.objectContaining({
      code: "invalid_field",
      details: expect.objectContaining({ field: "jwks" }),
    }),
  );
});

it.each([
  "http://127.0.0.1:1/x",
  "https://169.254.169.254/latest/meta-data",
  "https://localhost:1/keys.json",
  "https://[::1]/keys.json",
  "https://[::ffff:10.0.0.1]/keys.json",
  "http://venus.example/keys.json",
])("refuses the address %s of keys, unless its network is allowed", async (jwksUrl) => {
  await expect(set({ jwksUrl })).rejects.toMatchObject(field("jwks-url"));
  expect((await set({ jwksUrl }, ["0.0.0.0/0", "::/0"])).after).toMatchObject({ jwksUrl });
});

it("refuses names that callers of New Day begin with, and origins without TLS elsewhere", async () => {
  for (const name of ["user", "unverified", "operator", "operator-key", "platform", "system"])
    await expect(
      addPlatform(database().db, BY_TEST, TEST_KEY_SOURCE, { name }),
    ).rejects.toMatchObject(field("name"));
  await expect(set({ origins: ["http://evil"] })).rejects.toMatchObject(field("origins"));
  const origins = ["http://localhost:5173", "http://127.0.0.1:8080", "http://[::1]:1"];
  expect((await set({ origins })).after).toMatchObject({ origins });
});
