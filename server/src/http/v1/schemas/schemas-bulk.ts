/** Answers of bulk requests. */
import { Type } from "typebox";
import { Transfer } from "./schemas-money.ts";
import { Id, ref } from "./schemas.ts";

export const BulkItemResult = Type.Object(
  {
    index: Type.Integer({ description: "position of the item in the request, from 0" }),
    status: Type.Union([Type.Literal("posted"), Type.Literal("refused")]),
    transfer: Type.Optional(ref(Transfer)),
    error: Type.Optional(
      Type.Object({
        type: Type.String(),
        code: Type.String(),
        title: Type.String(),
        titleZh: Type.String(),
        field: Type.Optional(Type.String()),
        transferId: Type.Optional(ref(Id)),
        details: Type.Record(Type.String(), Type.Unknown()),
      }),
    ),
  },
  { $id: "BulkItemResult" },
);

export const BulkResult = Type.Object(
  {
    mode: Type.Union([Type.Literal("atomic"), Type.Literal("independent")]),
    posted: Type.Integer(),
    refused: Type.Integer(),
    replayed: Type.Boolean({
      description:
        "true when this request posted nothing anew; `replayed` of each transfer says which are of an earlier request",
    }),
    dryRun: Type.Boolean(),
    results: Type.Array(ref(BulkItemResult)),
  },
  { $id: "BulkResult" },
);
