/** The form of a kind of operation, and what the kinds of both surfaces share. */
import type { Random } from "./random.ts";

// oxlint-disable-next-line typescript/no-explicit-any -- a client reads whatever came
export type Body = any;

export interface Asked {
  readonly method?: "PUT";
  /** Below `/api/v1`, or whole from `/api/` on. */
  readonly path: string;
  readonly body: object;
  /** Called with a positive answer, once. */
  readonly learn?: (body: Body) => void;
}

/** A change of one sum: `balance`, `held` or `items`, of a user and a currency or state. */
export type Effect = readonly [sum: string, change: bigint];

export interface OperationKind {
  readonly weight: number;
  /** Whose credential it is sent with; the platform's key by default. */
  readonly sentBy?: "operator" | "user" | "service";
  /** Undefined while the caller has nothing that it needs. */
  readonly ask: (caller: CallerState) => Asked | undefined;
  /** What its answer adds to the sums; nothing by default. */
  readonly effects?: (body: Body, asked: Asked) => Effect[];
  /** The clients of the older surfaces may send none; every operation but a PUT has a key by default. */
  readonly hasKey?: false;
  /** Its replayed answer has no header that says so; `stable` holds the id of the first one. */
  readonly replaysSilently?: true;
  /** A refusal that says that it was posted before. */
  readonly postedBefore?: string;
  /** The fields of an answer that repeat; all but `replayed` by default. */
  readonly stable?: (body: Body) => unknown;
}

/** What one caller knows; things that an open request concerns are left out until it is answered. */
export interface CallerState {
  readonly userId: string;
  readonly random: Random;
  readonly others: readonly string[];
  readonly holds: Hold[];
  readonly items: Item[];
  readonly exported: Item[];
  /** Its gifts that may wait for their receivers' answer. */
  readonly given: Gift[];
  readonly listed: string[];
  readonly refundable: string[];
  readonly market: Offer[];
  frozen: boolean;
  closed: boolean;
  definitionId: string | undefined;
  opened: number;
  imported: number;
  /** Of its last request. */
  serial: number;
}

export interface Hold {
  readonly id: string;
  readonly from: string;
  remaining: bigint;
}

interface Item {
  readonly id: string;
  readonly quantity: number;
}

interface Gift extends Item {
  readonly to: string;
}

interface Offer {
  readonly listingId: string;
  readonly sellerId: string;
}

export const COINS = "game_coins";
export const MATERIAL = { name: "星尘", type: "material", rarity: "rare" };

export const amountOf = ({ random }: CallerState, limit = 20) => `${1 + random.below(limit)}`;
export const other = ({ random, others }: CallerState) => random.pick(others);

export const balance = (userId: string, currency: string, change: string | bigint): Effect => [
  `balance ${userId} ${currency}`,
  BigInt(change),
];
export const items = (userId: string, state: string, change: number): Effect => [
  `items ${userId} ${state}`,
  BigInt(change),
];

/** Takes one out, so that no other request concerns it meanwhile. */
export function take<Value>(values: Value[], random: Random): Value | undefined {
  return values.length === 0 ? undefined : values.splice(random.below(values.length), 1)[0];
}

/** Keeps a list short: the oldest are left alone from then on. */
export function keep<Value>(values: Value[], value: Value): void {
  values.push(value);
  if (values.length > 50) values.shift();
}
