/** Components of the economy's figures. Sums and ratios are decimal texts: both outgrow a double. */
import { Type } from "typebox";
import { ref, Timestamp } from "../../v1/schemas/schemas.ts";

/** More digits than one amount: a sum of many. */
const Sum = () => Type.String({ pattern: "^-?[0-9]+$", examples: ["120000"] });
const Ratio = (description: string) =>
  Type.String({ pattern: "^-?[0-9]+(\\.[0-9]+)?$", description, examples: ["0.125"] });

export const DaySchema = Type.String({
  $id: "Day",
  pattern: "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$",
  description: "a UTC day, such as 2026-11-30",
  examples: ["2026-11-30"],
});

const flows = {
  issued: Sum(),
  sunk: Sum(),
  fees: Sum(),
  paid: Type.String({ description: "what users paid; refunds are none of it" }),
  payments: Sum(),
  held: Type.String({ description: "at the end" }),
};

export const FlowsSchema = Type.Object(flows, { $id: "Flows" });

const sums = {
  issued: Sum(),
  sunk: Type.String({ description: "what came back to its issuer; issued = held + sunk" }),
  held: Sum(),
  fees: Sum(),
  period: ref(FlowsSchema),
  velocity: Ratio("paid in the period for each unit that is held at its end"),
  inflation: Ratio("issued less sunk in the period, for each unit that was held before it"),
};

export const ConcentrationSchema = Type.Object(
  {
    holders: Type.String({ description: "users with a balance above zero" }),
    held: Sum(),
    gini: Ratio("0: all hold the same; towards 1: one holds everything"),
    giniError: Ratio("the exact coefficient lies between gini and gini + giniError"),
  },
  { $id: "Concentration" },
);

export const CurrencyEconomySchema = Type.Object(
  {
    currency: Type.String(),
    ...sums,
    concentration: ref(ConcentrationSchema),
    platforms: Type.Array(
      Type.Object({
        platform: Type.String(),
        fromOthers: Type.String({
          description: "received from users of other platforms, less what was paid to them",
        }),
        ...sums,
      }),
    ),
    days: Type.Array(Type.Object({ day: ref(DaySchema), ...flows }), {
      description: "days with a movement, oldest first",
    }),
  },
  { $id: "CurrencyEconomy" },
);

export const EconomySchema = Type.Object(
  {
    asOf: ref(Timestamp),
    behind: Type.String({ description: "rows of the journal that are not counted yet, about" }),
    complete: Type.Boolean({
      description: "false while rows from before the numbered journal are being counted",
    }),
    period: Type.Object({ from: ref(DaySchema), until: ref(DaySchema) }),
    currencies: Type.Array(ref(CurrencyEconomySchema)),
  },
  { $id: "Economy" },
);

export const PriceSchema = Type.Object(
  {
    itemType: Type.String(),
    currency: Type.String(),
    day: ref(DaySchema),
    sales: Sum(),
    pieces: Sum(),
    total: Type.String({ description: "without fees" }),
    average: Ratio("of a piece"),
    low: Sum(),
    high: Sum(),
  },
  { $id: "Price" },
);

export const HolderSchema = Type.Object(
  {
    userId: Type.String(),
    platform: Type.String(),
    balance: Sum(),
    share: Ratio("of all that users hold"),
    asOf: ref(Timestamp),
  },
  { $id: "Holder" },
);

export const TrafficMinuteSchema = Type.Object(
  {
    minute: ref(Timestamp),
    requests: Type.Integer(),
    refusals: Type.Integer({ description: "answers of 400 to 499" }),
    failures: Type.Integer({ description: "answers of 500 and above" }),
    p50Ms: Type.Integer(),
    p99Ms: Type.Integer(),
    queueDepth: Type.Integer({ description: "the greatest that was seen in the minute" }),
    operations: Type.Integer({ description: "answered by the posting engine" }),
  },
  { $id: "TrafficMinute" },
);

export const OverviewSchema = Type.Object(
  {
    at: ref(Timestamp),
    build: Type.Object({ version: Type.String(), id: Type.String() }),
    health: Type.Object({
      database: Type.String(),
      schemaVersion: Type.Integer(),
      adoption: Type.String(),
      sessions: Type.String(),
      walletForeignKeys: Type.Array(Type.String()),
      unsafeSettings: Type.Array(Type.String()),
    }),
    queue: Type.Object({
      depth: Type.Integer(),
      operations: Type.String(),
      batches: Type.String(),
      repeats: Type.String(),
    }),
    series: Type.Array(ref(TrafficMinuteSchema), {
      description: "the last hour of the process that answers, minute by minute, oldest first",
    }),
    economy: ref(EconomySchema),
  },
  { $id: "Overview" },
);

export const ECONOMY_COMPONENTS = [
  DaySchema,
  FlowsSchema,
  ConcentrationSchema,
  CurrencyEconomySchema,
  EconomySchema,
  PriceSchema,
  HolderSchema,
  TrafficMinuteSchema,
  OverviewSchema,
];
