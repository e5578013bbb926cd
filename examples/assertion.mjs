// Prints an assertion for a user of moon: `node examples/assertion.mjs ada`.
import { signAssertion } from "@newday/sdk";

const userId = process.argv[2] ?? "ada";
const secret = process.env.MOON_SECRET;
if (!secret) throw new Error("MOON_SECRET is missing: see docs/bring-your-own-game.md");
console.log(await signAssertion({ platform: "moon", userId, secret }));
