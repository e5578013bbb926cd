// A game's server: two players put an amount into a match, the winner gets both.
import { createClient, isNewDayApiError } from "@newday/sdk";

const newDay = createClient({ baseUrl: process.env.NEWDAY_URL, token: process.env.MOON_KEY });
const currency = "moon_gems";

/** The match's id makes every key, so that a server that restarts in the middle repeats nothing. */
async function play(match, players, winner) {
  const holds = [];
  for (const from of players)
    holds.push(
      await newDay.holds.post(
        { from, currency, amount: "10", reference: match },
        { idempotencyKey: `${match}-stake-${from}` },
      ),
    );
  for (const { id, from } of holds)
    if (from.endsWith(`:${winner}`))
      await newDay.holds.void(id, {}, { idempotencyKey: `${match}-void` });
    else await newDay.holds.capture(id, { to: winner }, { idempotencyKey: `${match}-win` });
}

const players = ["eve", "finn"];
for (const userId of players) {
  await newDay.wallets.open(userId);
  await newDay.transfers.mint(
    { userId, currency, amount: "10" },
    { idempotencyKey: `start-${userId}` },
  );
}
await play("match-1", players, "finn");
const { balance } = await newDay.wallets.getAccount("finn", currency);
console.log(`finn has ${balance} gems`);

try {
  await play("match-2", players, "finn");
} catch (error) {
  if (!isNewDayApiError(error) || error.code !== "insufficient_funds") throw error;
  console.log("eve cannot pay another match");
}
