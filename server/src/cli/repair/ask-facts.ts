/** Facts that an operator states before any change; a terminal prompts for missing ones. */
import { createInterface } from "node:readline/promises";
import type { Message } from "../../lib/messages.ts";
import { inLanguage, type RepairSession } from "./session.ts";

export interface Fact {
  /** From the option; undefined prompts for it. */
  readonly given: string | undefined;
  readonly question: Message;
}

export function databaseFact(given: string | undefined): Fact {
  return { given, question: { en: "Type the database's name", zh: "请输入数据库名" } };
}

export function environmentFact(given: string | undefined): Fact {
  return { given, question: { en: "Type the environment", zh: "请输入环境名" } };
}

/** The stated facts, by name. Outside a terminal only the options count. */
export async function askFacts<Name extends string>(
  session: Pick<RepairSession, "language" | "json">,
  facts: Readonly<Record<Name, Fact>>,
): Promise<Record<Name, string | undefined>> {
  const entries = Object.entries<Fact>(facts);
  const stated = new Map(entries.map(([name, { given }]) => [name, given]));
  if (process.stdin.isTTY && process.stdout.isTTY && !session.json) {
    const ask = createInterface({ input: process.stdin, output: process.stdout });
    try {
      for (const [name, { given, question }] of entries)
        if (given === undefined)
          stated.set(name, (await ask.question(`${inLanguage(session, question)}: `)).trim());
    } finally {
      ask.close();
    }
  }
  return Object.fromEntries(stated) as Record<Name, string | undefined>;
}
