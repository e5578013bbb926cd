/** Places in the entries of a user's accounts, as a text of a cursor: `1:55,2:7`, each account by currency number. */

/** Stands for no account. */
const NO_MONEY = "-";

export function moneyAsText(money: ReadonlyMap<number, bigint>): string {
  return [...money].map(([number, version]) => `${number}:${version}`).join(",") || NO_MONEY;
}

export function moneyOfText(text: string): Map<number, bigint> {
  const accounts = text.matchAll(/(\d{1,5}):(\d{1,18})/g);
  return new Map(
    [...accounts].map(([, number, version]) => [Number(number), BigInt(version ?? "0")]),
  );
}
