/** Currencies, their bounds and minters, and the pairs in which they are exchanged. */
import {
  addCurrency,
  closePair,
  offerPair,
  setBounds,
  setMinter,
} from "../../ledger/currencies/define-currencies.ts";
import { never, type SettingKind } from "./setting.ts";

/** Minor units as decimal strings. */
export type WantedCurrency = {
  readonly code: string;
  readonly scale: number;
  readonly minimum: string;
  readonly maximum: string;
  readonly exposure: string;
  readonly minters: readonly string[];
  readonly reason: string;
};

export const addCurrencySetting: SettingKind<WantedCurrency> = {
  what: "currency add",
  role: "economist",
  subjectOf: ({ code }) => code,
  needsApproval: never,
  perform: ({ db }, context, { code, scale, minters, ...bounds }) => {
    const [minimum, maximum] = [BigInt(bounds.minimum), BigInt(bounds.maximum)];
    const exposure = BigInt(bounds.exposure);
    return addCurrency(db, context, { code, scale, minters, minimum, maximum, exposure });
  },
};

export type WantedBounds = {
  readonly code: string;
  readonly minimum?: string;
  readonly maximum?: string;
  readonly exposure?: string;
  readonly reason: string;
};

export const setBoundsSetting: SettingKind<WantedBounds> = {
  what: "currency bounds",
  role: "economist",
  subjectOf: ({ code }) => code,
  needsApproval: never,
  perform: ({ db }, context, { code, ...bounds }) =>
    setBounds(db, context, { code, ...unitsOf(bounds) }),
};

export type WantedMinter = {
  readonly code: string;
  readonly platform: string;
  readonly allowed: boolean;
  readonly reason: string;
};

export const setMinterSetting: SettingKind<WantedMinter> = {
  what: "currency minter",
  role: "economist",
  subjectOf: ({ code }) => code,
  needsApproval: never,
  perform: ({ db }, context, { code, platform, allowed }) =>
    setMinter(db, context, { code, platform, allowed }),
};

export type WantedPair = {
  readonly from: string;
  readonly to: string;
  readonly numerator: string;
  readonly denominator: string;
  readonly reason: string;
};

export const offerPairSetting: SettingKind<WantedPair> = {
  what: "exchange-pair add",
  role: "economist",
  subjectOf: ({ from, to }) => `${from} -> ${to}`,
  needsApproval: never,
  perform: ({ db }, context, { from, to, numerator, denominator }) => {
    const rate = { numerator: BigInt(numerator), denominator: BigInt(denominator) };
    return offerPair(db, context, { from, to, ...rate });
  },
};

export type ClosedPair = { readonly from: string; readonly to: string; readonly reason: string };

export const closePairSetting: SettingKind<ClosedPair> = {
  what: "exchange-pair close",
  role: "economist",
  subjectOf: ({ from, to }) => `${from} -> ${to}`,
  needsApproval: never,
  perform: ({ db }, context, { from, to }) => closePair(db, context, { from, to }),
};

type Units = { minimum?: bigint; maximum?: bigint; exposure?: bigint };

function unitsOf({
  minimum,
  maximum,
  exposure,
}: Pick<WantedBounds, "minimum" | "maximum" | "exposure">): Units {
  return {
    ...(minimum === undefined ? {} : { minimum: BigInt(minimum) }),
    ...(maximum === undefined ? {} : { maximum: BigInt(maximum) }),
    ...(exposure === undefined ? {} : { exposure: BigInt(exposure) }),
  };
}
