/** The worst legal request of links between identities, and its budget. */
import { signAssertion } from "../../support/assertions.ts";
import { POST, READ, V1 } from "./v1-budgets.ts";
import { logInByAssertion, type Asks, type WorstWorld } from "./worst-world.ts";

/** As many as open one wallet (`LINKS_PER_USER_MAX`). */
const LINKS = Array.from({ length: 20 }, (_, n) => `linked-${n}-${"l".repeat(110)}`);
const LAST = LINKS.at(-1) ?? "";
/** With the session that links them, as many as one user may have. */
const SESSIONS = 49;

/** Of the links and the unlinking; each session that ends is a row. */
const CHANGE = { ...POST, rows: 80 };

async function logInOften(world: WorstWorld, sub: string): Promise<void> {
  for (let n = 0; n < SESSIONS; n += 1) await logInByAssertion(world, sub);
}

export const linkAsks: Asks = {
  [`POST ${V1}/links`]: async (world) => {
    for (const sub of LINKS.slice(0, -1))
      await world.prepare(
        "/links",
        { assertion: await signAssertion("moon", sub) },
        world.as.linker,
      );
    await logInOften(world, LAST);
    const body = { assertion: await signAssertion("moon", LAST) };
    return { url: `${V1}/links`, body, as: "linker", budget: CHANGE };
  },
  [`GET ${V1}/links`]: () => ({ url: `${V1}/links`, as: "linker", budget: READ }),
  [`DELETE ${V1}/links/{userId}`]: async (world) => {
    await logInOften(world, LAST);
    return { url: `${V1}/links/${LAST}`, as: "linker", budget: CHANGE };
  },
};
