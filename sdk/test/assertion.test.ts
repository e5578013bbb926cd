/** Assertions of the SDK against the server that verifies them. */
import { expect, it } from "vitest";
import { createClient, sessionTokens, signAssertion, type AssertionSigner } from "../src/index.ts";
import { useClient } from "../../server/test/support/client.ts";
import { addTestPlatform } from "../../server/test/support/platforms.ts";
import { useAdoptedDatabase } from "../../server/test/support/app.ts";

const SECRET = "a secret of moon that is long enough";
const ALGORITHMS = {
  ES256: { name: "ECDSA", namedCurve: "P-256" },
  RS256: {
    name: "RSASSA-PKCS1-v1_5",
    hash: "SHA-256",
    modulusLength: 2048,
    publicExponent: new Uint8Array([1, 0, 1]),
  },
  EdDSA: { name: "Ed25519" },
} as const;

/** A server of two platforms: moon by its secret, sun by its public keys. */
async function useLogin() {
  const database = await useAdoptedDatabase();
  await addTestPlatform(database.db, "moon");
  const signers: [string, AssertionSigner][] = [["moon", { secret: SECRET }]];
  const keys: object[] = [];
  for (const [kid, algorithm] of Object.entries(ALGORITHMS)) {
    const pair = await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
    if (!("privateKey" in pair)) throw new Error(`${kid} makes no pair`);
    keys.push({ ...(await crypto.subtle.exportKey("jwk", pair.publicKey)), kid, alg: kid });
    signers.push(["sun", { key: pair.privateKey, kid }]);
  }
  await addTestPlatform(database.db, "sun", { loginPolicy: "jwks", jwks: { keys } });
  const server = await useClient({}, { database });
  const login = async (platform: string, assertion: string) => {
    const body = { platform, allinoneUserId: "ada", assertion };
    const reply = await server.call("/api/allinone/auth/login", { method: "POST", body });
    return reply.status;
  };
  return { base: server.base, signers, login };
}

it("are accepted for every algorithm that a platform may have, once", async () => {
  const { signers, login } = await useLogin();
  for (const [platform, signer] of signers) {
    const assertion = await signAssertion({ platform, userId: "ada", ...signer });
    expect([platform, await login(platform, assertion)]).toEqual([platform, 200]);
    expect([platform, await login(platform, assertion)]).toEqual([platform, 401]);
  }
  const wrong = { platform: "moon", userId: "ada", secret: `${SECRET}!` };
  expect(await login("moon", await signAssertion(wrong))).toBe(401);
});

it("open the sessions of a client, one for calls at once, and another after its end", async () => {
  const { base: baseUrl } = await useLogin();
  let logins = 0;
  const getAssertion = () => {
    logins += 1;
    return signAssertion({ platform: "moon", userId: "ada", secret: SECRET });
  };
  const ada = createClient({ baseUrl, token: sessionTokens({ baseUrl, getAssertion }) });
  await Promise.all([ada.wallets.get("ada"), ada.wallets.get("ada")]);
  expect(logins).toBe(1);
  expect(await ada.sessions.endAll()).toEqual({ ended: 1 });
  expect((await ada.wallets.get("ada")).userId).toBe("moon:ada");
  expect(logins).toBe(2);
});

it("of ids beyond ASCII stay readable", async () => {
  const assertion = await signAssertion({ platform: "moon", userId: "艾达", secret: SECRET });
  const claims = Buffer.from(assertion.split(".")[1] ?? "", "base64url").toString();
  expect(JSON.parse(claims)).toMatchObject({ sub: "艾达", aud: "newday" });
});

it("says at the call which setting is empty", async () => {
  const facts = { platform: "moon", userId: "ada", secret: SECRET };
  for (const name of ["platform", "userId", "secret"] as const)
    for (const value of ["", "  ", undefined]) {
      const given = { ...facts, [name]: value } as typeof facts;
      await expect(signAssertion(given)).rejects.toThrow(`${name} of signAssertion is empty`);
    }
  const baseUrl = "http://localhost:9";
  for (const token of ["", () => ""])
    await expect(createClient({ baseUrl, token }).wallets.get("ada")).rejects.toThrow(
      "token of createClient is empty",
    );
  const client = createClient({ baseUrl, token: "nd_key_x" });
  for (const id of ["", undefined as unknown as string])
    await expect(client.wallets.get(id)).rejects.toThrow(`"${id}" is not an id`);
});
