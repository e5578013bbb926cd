/** The audit's rules about the hash chains of the logs of changes: every row is read, in pages, and hashed again. */
import type { Queryable } from "../db/database.ts";
import {
  findChainFault,
  startOfChain,
  type ChainedText,
  type ChainFault,
  type LinkedRow,
} from "../lib/hash-chain.ts";
import type { Breach } from "./audit-queries.ts";
import type { Message } from "../lib/messages.ts";

interface Chain {
  readonly name: string;
  readonly rule: Message;
  /** SQL of the facts and texts in the order of migration 0080, as arrays of text. */
  readonly facts: string;
  readonly texts: string;
}

const MICROSECONDS = "((extract(epoch from changed_at) * 1000000)::bigint)::text";

const CHAINS: readonly Chain[] = [
  {
    name: "policy_changes",
    rule: {
      en: "the log of policy changes is a whole hash chain",
      zh: "规则变更日志构成完整的哈希链",
    },
    facts: `array[id::text, ${MICROSECONDS}, what]`,
    texts: "array[caller, subject, reason, before::text, after::text]",
  },
  {
    name: "operator_changes",
    rule: {
      en: "the log of operators' changes is a whole hash chain",
      zh: "运维变更日志构成完整的哈希链",
    },
    facts: `array[id::text, ${MICROSECONDS}, what, database_role]`,
    texts: "array[operator, subject, reason, before::text, after::text]",
  },
];

export const CHAIN_RULES: readonly Message[] = CHAINS.map(({ rule }) => rule);

/** One breach for a broken chain: it names the first broken row. Every row behind it is unverified. */
export async function listChainBreaches(db: Queryable): Promise<Breach[]> {
  const breaches: Breach[] = [];
  for (const chain of CHAINS) {
    const broken = await findBrokenRow(db, chain);
    if (broken !== undefined) breaches.push({ rule: chain.rule, count: 1n, examples: [broken] });
  }
  return breaches;
}

const FAULTS: Readonly<Record<ChainFault, string>> = {
  gap: "follows a missing row, or was inserted",
  text: "has a text that differs from its commitment",
  link: "differs from its link",
};

async function findBrokenRow(db: Queryable, chain: Chain): Promise<string | undefined> {
  let head = startOfChain(chain.name);
  for (;;) {
    const rows = await readPage(db, chain, head.sequence);
    for (const row of rows) {
      const fault = findChainFault(head, row);
      if (fault) return `row ${row.facts[0]} at sequence ${row.sequence} ${FAULTS[fault]}`;
      head = row;
    }
    if (rows.length === 0) break;
  }
  const [end] = await db.query<{ sequence: bigint; link: string }>(
    "select sequence, encode(link, 'hex') as link from newday.change_chains where name = $1",
    [chain.name],
  );
  if (end?.sequence === head.sequence && end.link === head.link.toString("hex")) return undefined;
  return `the chain ends after sequence ${head.sequence}, its head says ${end?.sequence}`;
}

const PAGE = 1_000;

interface StoredRow {
  readonly sequence: bigint;
  readonly facts: readonly string[];
  readonly texts: readonly (string | null)[];
  /** Hexadecimal, after `\x`. */
  readonly salts: readonly (string | null)[];
  readonly commitments: readonly (string | null)[];
  readonly link: string;
}

/** The rows behind this sequence, in order. */
async function readPage(db: Queryable, chain: Chain, after: bigint): Promise<LinkedRow[]> {
  const rows = await db.query<StoredRow>(
    `select sequence, ${chain.facts} as facts, ${chain.texts} as texts, to_jsonb(salts) as salts,
        to_jsonb(commitments) as commitments, encode(link, 'hex') as link
      from newday.${chain.name} c where c.sequence > $1 order by c.sequence limit ${PAGE}`,
    [after],
  );
  return rows.map(({ sequence, facts, texts, salts, commitments, link }) => ({
    sequence,
    facts,
    texts: commitments.map((commitment, place): ChainedText => ({
      text: texts[place] ?? null,
      salt: bytesOf(salts[place]),
      commitment: bytesOf(commitment),
    })),
    link: Buffer.from(link, "hex"),
  }));
}

function bytesOf(hex: string | null = null): Buffer | null {
  return hex === null ? null : Buffer.from(hex.slice(2), "hex");
}
